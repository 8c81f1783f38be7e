"""X6, B10, D4, D21: the day closes per terminal; a Z is the sum of its events."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.commands import (
    Actor,
    AddLine,
    Command,
    Desk,
    Fire,
    FoundRestaurant,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    TakePayment,
    queries,
)
from comptoir.commands.cash import KickDrawer, MoveCash, OpenDrawer
from comptoir.commands.day import CloseDay
from comptoir.commands.payments import AnswerPayment, SetTip
from comptoir.commands.refunds import RefundPayment, ReturnGoods
from comptoir.commands.reports import restaurant_z, terminal_x, terminal_zs
from comptoir.domain.cash import Denomination
from comptoir.domain.errors import ApprovalNeeded, DayRefused, DomainError
from comptoir.domain.figures import Close, Figures, next_day
from comptoir.domain.house import WAITER, Card
from comptoir.domain.menu import Item, Menu
from comptoir.domain.payment import ReturnedLine
from comptoir.domain.tax import TaxRate
from comptoir.journal import Journal, OwnLog, Signer
from tests.fakes.box import BOSS, Box, BoxMaker, StandingClock

ANNA = Actor("anna", WAITER)
VAT = TaxRate("v10", "10 %", 100_000)
SOUP = Item("soup", "starters", {"en": "Hot soup"}, 333, {"eat_in": ("v10",)})
HOUR_MS = 3_600_000
TODAY, TOMORROW = "2026-11-22", "2026-11-23"


def furnish(box: Box) -> Box:
    found = FoundRestaurant("f", "Chez", "EUR", "Europe/Paris", ("en",), box.card)
    box.desk.run(found, Actor("system", "system"))
    box.desk.run(PublishMenu("menu-1", Menu("", (VAT,), (), (), (SOUP,))), BOSS)
    return box


@pytest.fixture
def here(box: Box) -> Box:
    return furnish(box)


def share(giver: Box, *takers: Box) -> None:
    for taker in takers:
        taker.journal.admit(giver.sealed(), restaurant="r1", trust={giver.name: giver.card})


def sell(box: Box, name: str, soups: int = 1, tender: str = "cash", *, pay: bool = True) -> None:
    box.desk.run(OpenCheck(f"o-{name}", name, "eat_in", "7"), ANNA)
    box.desk.run(AddLine(f"l-{name}", name, f"{name}-1", "soup", soups * 1000), ANNA)
    if pay:
        amount = 333 * soups
        box.desk.run(IntendPayment(f"i-{name}", name, f"p-{name}", tender, amount), ANNA)
        box.desk.run(TakePayment(f"t-{name}", name, f"p-{name}", amount, reference="A-1"), ANNA)


def close(box: Box, name: str = "z", terminal: str = "") -> Close:
    box.desk.run(CloseDay(name, terminal), BOSS)
    return terminal_zs(box.journal, terminal or box.name)[-1]


def test_x_at_any_time_and_z_at_the_end_say_the_same(here: Box) -> None:
    sell(here, "a")
    sell(here, "b", 2, "card")
    x = terminal_x(here.journal, "t1", TODAY)
    z = close(here)
    assert z.figures == x.figures
    assert (z.date, z.number, z.figures.sales, z.figures.receipts) == (TODAY, 1, 999, 2)
    assert [(one.tender, one.amount) for one in z.figures.tenders] == [("card", 666), ("cash", 333)]
    (tax,) = z.figures.taxes
    assert (tax.base + tax.amount, tax.amount) == (999, 30 + 61)


def test_open_checks_are_named_at_close(here: Box) -> None:
    sell(here, "a")
    sell(here, "b", pay=False)
    (note,) = close(here).open_checks
    assert (note.check, note.number, note.table, note.due) == ("b", "A1-2", "7", 333)


def test_a_close_clears_the_kitchen_of_what_was_paid_long_ago(here: Box) -> None:
    """A kitchen of paper tickets alone never says that a dish is done."""
    for name in ("long-ago", "unpaid"):
        sell(here, name, pay=name != "unpaid")
        here.desk.run(Fire(f"f-{name}", name), ANNA)
    here.clock.ms += 3 * HOUR_MS
    sell(here, "just-now")
    here.desk.run(Fire("f-just-now", "just-now"), ANNA)
    close(here)
    assert {check.id for check in queries.open_checks(here.journal)} == {"unpaid", "just-now"}


def test_what_follows_a_close_is_the_next_days_even_on_the_same_evening(here: Box) -> None:
    sell(here, "a")
    first = close(here)
    assert here.desk.business_date() == TOMORROW
    sell(here, "b")
    second = close(here, "z2")
    assert (first.date, second.date, second.number) == (TODAY, TOMORROW, 2)
    assert second.figures.sales == 333
    assert terminal_zs(here.journal, "t1")[0] == first, "a Z never changes"


def test_yesterday_is_closed_before_today(here: Box) -> None:
    sell(here, "a")
    here.clock.ms += 24 * HOUR_MS
    sell(here, "b", 2)
    assert [close(here).figures.sales, close(here, "z2").figures.sales] == [333, 666]


def test_trade_after_midnight_belongs_to_the_evening(here: Box) -> None:
    here.clock.ms += 14 * HOUR_MS
    sell(here, "late")
    here.clock.ms += 2 * HOUR_MS
    sell(here, "early", 2)
    z = close(here)
    assert (z.date, z.figures.sales) == (TODAY, 333)
    assert close(here, "z2").date == TOMORROW


def test_nothing_to_close_is_said(box: Box) -> None:
    with pytest.raises(DayRefused):
        box.desk.run(CloseDay("z"), BOSS)


def test_a_peer_closes_for_a_dead_terminal_and_what_turns_up_later_is_late(
    here: Box, make_box: BoxMaker
) -> None:
    other = make_box("t2", letter="B")
    share(here, other)
    sell(other, "a")
    share(other, here)
    sell(other, "unheard", 3)
    with pytest.raises(ApprovalNeeded):
        here.desk.run(CloseDay("z1", "t2"), Actor("cleo", "cashier"))
    z = close(here, "z1", "t2")
    assert (z.figures.sales, z.by_terminal) == (333, "t1")
    close(here, "z2")
    share(here, other)
    share(other, here)
    assert restaurant_z(here.journal, TODAY).figures.sales == 333
    tomorrow = restaurant_z(here.journal, TOMORROW)
    assert (tomorrow.figures.sales, tomorrow.waiting) == (999, ("t2",))
    assert (tomorrow.late > 0, tomorrow.late_amount) == (True, 999)
    own = close(other, "z3")
    assert (own.date, own.figures.sales, own.late_amount) == (TOMORROW, 999, 999)
    share(other, here)
    after = restaurant_z(here.journal, TOMORROW)
    assert (after.figures, after.waiting) == (tomorrow.figures, ())
    assert after.revision == tomorrow.revision + 1


def test_two_closes_of_one_terminal_count_nothing_twice(here: Box, make_box: BoxMaker) -> None:
    """A peer believes T2 dead and closes for it; T2, cut off, closes for itself."""
    other = make_box("t2", letter="B")
    share(here, other)
    sell(other, "a")
    share(other, here)
    sell(other, "b", 2)
    close(other, "own")
    close(here, "for-t2", "t2")
    share(here, other)
    share(other, here)
    for box in (here, other):
        z = restaurant_z(box.journal, TODAY)
        assert (z.figures.sales, z.waiting) == (999, ())
    assert {one.figures.sales for one in terminal_zs(here.journal, "t2")} == {999, 333}


def test_the_same_vector_is_the_same_z(here: Box, make_box: BoxMaker) -> None:
    other = make_box("t2", letter="B")
    share(here, other)
    sell(other, "a")
    sell(here, "b", 2)
    share(here, other)
    share(other, here)
    assert restaurant_z(here.journal, TODAY) == restaurant_z(other.journal, TODAY)


# The evening of two terminals, cut off from each other, as hypothesis plays it


def evening(boxes: list[Box], steps: list[tuple[int, str, int]]) -> None:
    for number, (who, what, size) in enumerate(steps):
        box = boxes[who % len(boxes)]
        play(box, boxes[1 - who % len(boxes)], what, number, size)


def play(box: Box, peer: Box, what: str, number: int, size: int) -> None:
    name = f"{box.name}-{number}"
    if what == "share":
        share(box, peer)
    elif what in {"cash", "card", "voucher"}:
        sell(box, name, size, what)
    elif what == "intend":
        sell(box, name, size, pay=False)
        attempt(box, IntendPayment(f"i-{name}", name, f"p-{name}", "cash", 333))
    elif what in LATER and (last := newest_payment(box)):
        attempt(box, later(what, name, last, size))
    elif what in AT_TILL:
        attempt(box, AT_TILL[what](name, box, peer, size))


AT_TILL: dict[str, Callable[[str, Box, Box, int], Command]] = {
    "close": lambda name, *_: CloseDay(name),
    "close peer": lambda name, _, peer, __: CloseDay(name, peer.name),
    "move": lambda name, box, _, size: MoveCash(
        name, f"d-{box.name}", ("pay_in", "pay_out", "drop")[size % 3], size, "x"
    ),
    "kick": lambda name, box, *_: KickDrawer(name, f"d-{box.name}", "change"),
}


def later(what: str, name: str, last: tuple[str, str], size: int) -> Command:
    check, payment = last
    if what == "tip":
        return SetTip(name, check, payment, size * 100)
    if what == "refund":
        return RefundPayment(name, check, name, payment, size, "x")
    if what == "return":
        lines = (ReturnedLine(f"{check}-1", size * 500),)
        return ReturnGoods(name, check, name, payment, lines, "x")
    return AnswerPayment(name, check, payment, what)


def newest_payment(box: Box) -> tuple[str, str] | None:
    found = [
        (check.changed_ms, check.id, payment.id)
        for check in box.journal.states("check")
        for payment in check.payments
    ]
    return max(found)[1:] if found else None


def attempt(box: Box, command: Command) -> None:
    box.clock.ms += 1000
    try:
        box.desk.run(command, BOSS)
    except DomainError:
        box.clock.ms += 1


def raw(box: Box) -> Iterator[dict[str, Any]]:
    """Yield every event's bytes as plain JSON, all logs, in folding order."""
    found: list[dict[str, Any]] = []
    for terminal, epoch in box.journal.vector():
        for sealed in box.journal.range((terminal, epoch), 1, 100_000, 1 << 30):
            found += [json.loads(sealed.payload)]
    yield from sorted(found, key=lambda e: (e["hlc"], e["terminal"], e["epoch"], e["seq"]))


def recomputed(box: Box) -> tuple[Counter[str], int, Counter[str]]:
    """Return (net per tender, sales, cash moved per kind) from the bytes alone."""
    last: dict[str, tuple[str, int, int]] = {}
    taken: set[str] = set()
    net: Counter[str] = Counter()
    sales, moves, refunds = 0, Counter[str](), set()
    for event in raw(box):
        kind, body = event["kind"], event["body"]
        name = body.get("payment", "")
        if kind == "payment.taken":
            last[name] = (body["tender"], body["amount"], body.get("tip", 0))
            taken.add(name)
        elif kind == "payment.answered" and body["received"] == "yes" and name not in last:
            last[name] = (body["tender"], body["amount"], body.get("tip", 0))
        elif kind == "payment.tip_set" and name in last:
            last[name] = (*last[name][:2], body["tip"])
        elif kind == "payment.refunded" and body["refund"] not in refunds:
            refunds.add(body["refund"])
            net[body["tender"]] -= body["amount"]
        elif kind == "fiscal.receipt":
            sales += body["total"]
        elif kind == "drawer.moved":
            moves[body["what"]] += body["amount"]
    for tender, amount, tip in last.values():
        net[tender] += amount + tip
    return net, sales, moves


def summed(all_figures: list[Figures]) -> tuple[Counter[str], int, Counter[str]]:
    net: Counter[str] = Counter()
    for figures in all_figures:
        for one in figures.tenders:
            net[one.tender] += one.net
    moves = Counter(
        pay_in=sum(f.pay_in for f in all_figures),
        pay_out=sum(f.pay_out for f in all_figures),
        drop=sum(f.drops for f in all_figures),
    )
    return net, sum(f.sales for f in all_figures), moves


ACTS = ("cash", "card", "voucher", "share", "close", "close peer", "intend", "move", "kick")
LATER = ("tip", "refund", "return", "yes", "no", "ask", "share")
steps = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(ACTS + LATER + LATER), st.integers(1, 9)),
    min_size=5,
    max_size=40,
)


@given(steps)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_zs_of_all_days_are_the_sum_of_the_events_bytes(
    steps: list[tuple[int, str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        boxes = pair(Path(folder))
        try:
            evening(boxes, steps)
            first, second = boxes
            share(first, second)
            share(second, first)
            for box in boxes:
                reports = [restaurant_z(box.journal, day) for day in days(boxes)]
                money, sales, moves = summed([report.figures for report in reports])
                expected = recomputed(box)
                assert {k: v for k, v in money.items() if v} == {
                    k: v for k, v in expected[0].items() if v
                }
                assert (sales, +moves) == (expected[1], +expected[2])
            assert first.journal.digest() == second.journal.digest()
        finally:
            for box in boxes:
                box.journal.close()


def days(boxes: list[Box]) -> list[str]:
    """Return every day that could hold something: today, and one more for each close."""
    closes = sum(len(terminal_zs(box.journal, t)) for box in boxes[:1] for t in ("t1", "t2"))
    found = [TODAY]
    for _ in range(closes + 1):
        found.append(next_day(found[-1]))
    return found


def pair(folder: Path) -> list[Box]:
    boxes = [make(folder, name, letter) for name, letter in (("t1", "A"), ("t2", "B"))]
    furnish(boxes[0])
    share(boxes[0], boxes[1])
    for box in boxes:
        box.desk.run(
            OpenDrawer(f"o-{box.name}", f"d-{box.name}", box.name, (Denomination(100, 5),)), BOSS
        )
    return boxes


def make(folder: Path, name: str, letter: str) -> Box:
    journal = Journal(folder / f"{name}.db")
    journal.migrate()
    signer, clock = Signer.generate(), StandingClock()
    log = OwnLog(journal, signer, clock, restaurant="r1", terminal=name)
    log.open(peers_answered=False)
    card = Card(name, letter, name, signer.public, "")
    return Box(name, journal, log, Desk(log, clock, letter=letter), clock, card, signer)
