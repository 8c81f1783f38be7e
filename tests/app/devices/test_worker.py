"""Paper on a network printer: X8, T3, X22, K10."""

import time
from collections.abc import Callable

import pytest

from comptoir.commands import (
    DismissTicket,
    IntendPayment,
    RedirectPrinter,
    ReprintTicket,
    VoidLine,
    papers,
)
from comptoir.commands.payments import AnswerPayment
from comptoir.devices.condition import State
from comptoir.devices.worker import BACK_OFF_S_MAX, WAITING_S, again_s
from comptoir.domain.tickets import VOID, Tickets
from comptoir.fonts import FontMissing
from tests.app.devices import conftest
from tests.app.devices.conftest import ANNA, Desk, order, plan
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.printer import FakePrinter

Serve = Callable[[Box], Desk]
SOON_S = 0.6


def record(box: Box, check: str = "c") -> Tickets:
    found: Tickets = box.journal.state(f"tickets:{check}")
    return found


def printed(desk: Desk, count: int = 1) -> Tickets:
    """Return what the journal says once so much is printed."""
    desk.until(lambda: len(record(desk.box).prints) >= count)
    return record(desk.box)


def share(one: Box, other: Box) -> None:
    """Let one terminal's new events reach the other, as its replica does."""

    def pass_on() -> None:
        other.journal.admit(one.sealed(), restaurant="r1", trust={one.name: one.card})

    one.journal.on_commit(pass_on)
    pass_on()


def test_one_that_is_off_is_tried_less_and_less_often_and_a_busy_one_at_once() -> None:
    off = [again_s(State.OFF, failures) for failures in range(1, 10)]
    assert off[0] == WAITING_S
    assert off[-1] == BACK_OFF_S_MAX
    assert off == sorted(off)
    assert {again_s(State.SILENT, failures) for failures in range(1, 10)} == {WAITING_S}


def test_each_station_gets_its_own_dishes_once(
    house: Box, printer: FakePrinter, bar: FakePrinter, serve: Serve
) -> None:
    desk = serve(house)
    order(house, "c", "duck", "tofu", "tea")
    printer.wait(1)
    bar.wait(1)
    done = printed(desk, 2)
    time.sleep(SOON_S)
    assert (len(printer.pieces), len(bar.pieces)) == (1, 1)
    assert printer.pieces[0].black > bar.pieces[0].black
    assert all(mark.confirmed and not mark.duplicate for mark in done.prints)
    assert printer.unknown == bar.unknown == []


def test_a_printer_that_is_off_keeps_its_tickets_until_it_is_back(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    printer.switch_off()
    desk = serve(house)
    order(house)
    desk.until(lambda: desk.workers["hot"].condition.state is State.OFF)
    assert "switched on" in desk.workers["hot"].message
    (paper,) = papers.waiting(house.journal, house.clock.now_ms())
    assert (paper.state, paper.printer) == ("waiting", "hot")
    printer.switch_on()
    printer.wait(1)
    assert [mark.duplicate for mark in printed(desk).prints] == [False]
    assert papers.waiting(house.journal, house.clock.now_ms()) == []


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        ({"paper": False}, State.PAPER_OUT),
        ({"cover_open": True}, State.COVER_OPEN),
        ({"cutter_stuck": True}, State.ERROR),
        ({"mute": True}, State.SILENT),
        ({"garbage": b"\xff" * 80}, State.GARBLED),
        ({"garbage": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, State.GARBLED),
    ],
)
def test_what_ails_a_printer_is_shown_and_nothing_is_lost(
    house: Box, printer: FakePrinter, serve: Serve, trouble: dict[str, object], state: State
) -> None:
    well = {name: getattr(printer, name) for name in trouble}
    vars(printer).update(trouble)
    desk = serve(house)
    order(house)
    desk.until(lambda: desk.workers["hot"].condition.state is state)
    assert printer.pieces == []
    vars(printer).update(well)
    printer.wait(1)
    assert [mark.duplicate for mark in printed(desk).prints] == [False]


def test_a_printer_that_dies_in_the_middle_prints_again_and_says_so(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    printer.dies_after = 9000
    desk = serve(house)
    order(house)
    printer.wait(1)
    assert [mark.duplicate for mark in printed(desk).prints] == [True]


def test_one_that_tells_nothing_by_design_still_prints(
    house: Box, printer: FakePrinter, bar: FakePrinter, serve: Serve
) -> None:
    printer.mute = True
    changed = plan(printer, bar, answers=False)
    house.desk.run(type(changed)("plan-2", changed.printers, changed.stations), BOSS)
    desk = serve(house)
    order(house)
    printer.wait(1)
    assert [mark.confirmed for mark in printed(desk).prints] == [False]


def test_after_a_restart_what_was_begun_is_printed_as_a_possible_duplicate(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    first = serve(house)
    printer.stuck = True
    order(house)
    first.until(lambda: bool(first.board.for_printer("hot")))
    report = first.board.for_printer("hot")[0]
    first.counter.claim(report, "hot")
    first.workers["hot"].stop()
    printer.stuck = False
    printer.garbage = b""
    desk = serve(house)
    printer.wait(1)
    assert printed(desk).prints[-1].duplicate


def test_a_waiting_ticket_survives_a_restart_unmarked(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    order(house)
    desk = serve(house)
    printer.wait(1)
    assert [mark.duplicate for mark in printed(desk).prints] == [False]


def test_without_the_till_nothing_is_printed_and_the_reason_is_shown(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    desk = serve(house)
    desk.deaf = True
    order(house)
    desk.until(lambda: "till" in desk.workers["hot"].message)
    assert printer.pieces == []
    desk.deaf = False
    printer.wait(1)
    assert len(printed(desk).prints) == 1


def test_a_person_sends_the_paper_to_another_printer(
    house: Box, printer: FakePrinter, bar: FakePrinter, serve: Serve
) -> None:
    printer.switch_off()
    desk = serve(house)
    order(house)
    house.desk.run(RedirectPrinter("r1", "hot", "bar", "broken"), ANNA)
    bar.wait(1)
    assert printed(desk).prints[0].printer == "bar"
    house.desk.run(RedirectPrinter("r2", "hot"), ANNA)
    printer.switch_on()
    order(house, "d", key="k2")
    printer.wait(1)


def test_a_reprint_comes_once_more_and_a_dismissed_ticket_never(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    desk = serve(house)
    order(house)
    first = printed(desk).prints[0].ticket
    house.desk.run(ReprintTicket("again-1", "c", first), ANNA)
    pieces = printer.wait(2)
    assert pieces[1].black > pieces[0].black, "the word REPRINT is on it"
    printed(desk, 2)
    printer.paper = False
    order(house, "d", key="k2")
    (waits,) = papers.waiting(house.journal, house.clock.now_ms())
    house.desk.run(DismissTicket("no-1", "d", waits.ticket.id, "told by voice"), ANNA)
    printer.paper = True
    time.sleep(SOON_S * 3)
    assert len(printer.pieces) == 2


def test_a_void_after_fire_is_told_to_the_kitchen(
    house: Box, printer: FakePrinter, serve: Serve
) -> None:
    desk = serve(house)
    order(house)
    printer.wait(1)
    house.desk.run(VoidLine("v1", "c", "c-l2", "guest changed their mind"), BOSS)
    printer.wait(2)
    printed(desk, 2)
    kinds = [paper.ticket.kind for paper in papers.of_check(house.journal, "c")]
    assert kinds[-1] == VOID


def test_two_terminals_print_a_ticket_once(
    house: Box, printer: FakePrinter, serve: Serve, make_box: BoxMaker
) -> None:
    other = make_box("t2", letter="B")
    share(house, other)
    share(other, house)
    first, second = serve(house), serve(other)
    first.board.hear_live(["t2"])
    second.board.hear_live(["t1"])
    for number in range(5):
        order(house, f"c{number}", key=f"k{number}")
    printer.wait(5)
    time.sleep(SOON_S)
    assert len(printer.pieces) == 5
    marks = [record(other, f"c{number}").prints for number in range(5)]
    assert [[mark.terminal for mark in its] for its in marks] == [["t1"]] * 5


@pytest.mark.parametrize("live", [[], ["t1"]])
def test_another_terminal_takes_over_and_marks_the_paper(
    house: Box, printer: FakePrinter, serve: Serve, make_box: BoxMaker, live: list[str]
) -> None:
    other = make_box("t2", letter="B")
    share(house, other)
    second = serve(other)
    second.board.hear_live(live)
    order(house)
    printer.wait(1)
    (mark,) = printed(second).prints
    assert (mark.terminal, mark.duplicate) == ("t2", True)


def test_without_a_font_the_printer_says_so_and_the_ticket_waits(
    house: Box, printer: FakePrinter, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def no_font() -> None:
        tries.append(time.monotonic())
        raise FontMissing("fontconfig knows none that has Chinese")

    monkeypatch.setattr(conftest, "find", no_font)
    desk = serve(house)
    order(house)
    desk.until(lambda: "No font" in desk.workers["hot"].message)
    time.sleep(SOON_S * 3)
    assert len(tries) < 5, "it does not ask without end"
    monkeypatch.undo()
    printer.wait(1)
    desk.until(lambda: desk.workers["hot"].message == "Ready.")


def test_a_box_that_died_with_an_intent_comes_back_and_prints_nothing_late(
    house: Box, printer: FakePrinter, bar: FakePrinter, serve: Serve, make_box: BoxMaker
) -> None:
    dead = make_box("t2", letter="B")
    meet(house, dead)
    order(dead)
    dead.desk.run(IntendPayment("i1", "c", "p1", "cash", 100), ANNA)
    meet(dead, house)
    here = serve(house)
    printer.wait(1)
    before = printed(here)
    house.desk.run(AnswerPayment("a1", "c", "p1", "yes"), BOSS)
    meet(house, dead)
    serve(dead)
    time.sleep(SOON_S)
    assert (len(printer.pieces), bar.pieces) == (1, [])
    assert papers.waiting(dead.journal, dead.clock.ms) == []
    assert record(dead) == before, "no claim, no print, no wish for paper of its own"


def meet(one: Box, other: Box) -> None:
    """Let one terminal's events reach the other this once."""
    other.journal.admit(one.sealed(), restaurant="r1", trust={one.name: one.card})
