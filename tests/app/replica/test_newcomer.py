"""A terminal that joins a long log sells at once; the history follows, and peers may die."""

import random
import threading
from dataclasses import replace

import pytest

from comptoir.bus.wire import MessageRefused, Newest, Present
from comptoir.commands import SetStaff
from comptoir.domain.envelope import LogId, Sealed
from comptoir.journal import Stamp, joining, verify
from comptoir.replica.exchange import Exchange
from comptoir.replica.newcomer import Newcomer
from tests.app.replica.conftest import Staff
from tests.fakes.past import check_of
from tests.fakes.restaurant import BOSS, PACE, Terminal, until

JOINING = replace(PACE, join_events=100, events_max=20)
WAIT_S = 60.0


def long_log(terminal: Terminal, checks: int = 40) -> int:
    """Write checks that are done, a waiter, and a check that is open; returns the newest seq."""
    terminal.desk.run(SetStaff("ben", "ben", "Ben", "waiter", "4711"), BOSS)
    with terminal.desk.log.writing(Stamp("ana", "2026-11-22")) as writing:
        for number in range(checks):
            for body in check_of(f"d{number}", random.Random(number)):
                writing.append(body)
        for body in check_of("open", random.Random(1))[:-1]:
            writing.append(body)
    return terminal.seq(terminal.name)


def begin(terminal: Terminal) -> None:
    terminal.pace = JOINING
    terminal.start()
    terminal.open_log()


def whole(newcomer: Terminal, other: Terminal) -> bool:
    same = newcomer.journal.vector() == other.journal.vector()
    return same and joining.settled(newcomer.journal)


def assert_equals(newcomer: Terminal, other: Terminal) -> None:
    until(lambda: whole(newcomer, other), WAIT_S, "the whole history, folded")
    assert newcomer.journal.digest() == other.journal.digest()
    assert verify(newcomer.journal, newcomer.trust).faults == []


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let peers tell no history of t1 before this is set, only what it writes from now on."""
    told, read = threading.Event(), Exchange._read

    def late(self: Exchange, at: LogId, first: int, *bounds: int) -> list[Sealed]:
        old = at[0] == "t1" and first < 400
        return [] if old and not told.is_set() else read(self, at, first, *bounds)

    monkeypatch.setattr(Exchange, "_read", late)
    return told


def knows_now(newcomer: Terminal, other: Terminal) -> bool:
    names = ("check:open", "staff:ben")
    return all(newcomer.journal.state(name) == other.journal.state(name) for name in names)


def test_a_newcomer_sells_on_what_is_open_before_the_history_is_here(
    terminals: Staff, history: threading.Event
) -> None:
    one, two = terminals(2, start=False)
    begin(one)
    newest = long_log(one)
    begin(two)
    until(lambda: knows_now(two, one), WAIT_S, "the present at the newcomer")
    assert two.seq("t1") == 0
    two.sell()
    until(lambda: one.seq("t2") == 1, WAIT_S, "the newcomer's sale at its peer")
    until(lambda: two.safety().own == {"1": 1}, WAIT_S, "SAFE")
    assert one.safety().safe.get("t1/1", 0) == 0, "what came ahead is no copy"
    history.set()
    assert_equals(two, one)
    until(lambda: one.safety().own == {"1": newest}, WAIT_S, "and now a copy")


def test_while_it_joins_what_peers_write_comes_at_once_and_is_answered(
    terminals: Staff, history: threading.Event
) -> None:
    one, two = terminals(2, start=False)
    begin(one)
    long_log(one)
    begin(two)
    until(lambda: knows_now(two, one), WAIT_S, "the present at the newcomer")
    one.sell()
    newest = one.seq("t1")
    one.tell_grown()
    name = one.journal.states("check", active=True)[-1].id
    until(lambda: two.journal.state(f"check:{name}").number, WAIT_S, "a new check at the newcomer")
    until(lambda: one.safety().answered == {"t2": Newest(1, newest)}, WAIT_S, "its answer")
    two.sell()
    two.tell_grown()
    until(lambda: two.safety().answered == {"t1": Newest(1, 1)}, WAIT_S, "its peer's answer")
    assert (two.seq("t1"), history.is_set()) == (0, False)


def test_a_peer_that_dies_in_the_middle_is_gone_on_without(terminals: Staff) -> None:
    one, two, three = terminals(3, start=False)
    for terminal in (one, two):
        begin(terminal)
    newest = long_log(one, 100)
    until(lambda: two.seq("t1") == newest, WAIT_S, "a second holder")
    begin(three)
    until(lambda: three.seq("t1") > 100, WAIT_S, "a part of the history")
    one.stop_replica()
    one.broker.kill()
    assert_equals(three, two)


def test_a_newcomer_that_dies_in_the_middle_goes_on_where_it_was(
    terminals: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPTOIR_JOIN_EVENTS", "100")
    monkeypatch.setenv("COMPTOIR_PULL_EVENTS_MAX", "20")
    one, two = terminals(2, start=False)
    begin(one)
    newest = long_log(one, 100)
    two.trust |= {"t1": one.card}
    two.pace = JOINING
    two.broker.start()
    seen = []
    for part in (100, 900):
        two.start_process()
        until(lambda: two.seq("t1") > part, WAIT_S, "a part of the history")  # noqa: B023 - waited for here
        two.kill_process()
        seen.append(two.seq("t1"))
    assert seen == sorted(seen)
    two.start_process()
    assert_equals(two, one)
    assert two.seq("t1") == newest


def test_a_full_disk_loses_nothing_and_is_tried_again(
    terminals: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    one, two = terminals(2, start=False)
    begin(one)
    long_log(one, 100)
    db = two.journal._write_connection()
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + 100}")
    begin(two)
    until(lambda: two.seq("t1") > 0, WAIT_S, "a part of the history")
    until(lambda: "database or disk is full" in caplog.text, WAIT_S, "a full disk")
    db.execute("PRAGMA max_page_count = 1000000")
    assert_equals(two, one)


def test_a_peer_of_an_older_version_gives_its_history_all_the_same(
    terminals: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise MessageRefused("invalid value 'ask-present' - at `$.type`")

    monkeypatch.setattr(Exchange, "_tell_present", unknown)
    one, two = terminals(2, start=False)
    begin(one)
    long_log(one)
    begin(two)
    assert_equals(two, one)


def test_the_present_is_asked_of_a_second_peer_too(
    terminals: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one leaves out, by fault or on purpose, the other tells."""
    one, two, three = terminals(3, start=False)
    for terminal in (one, two):
        begin(terminal)
    newest = long_log(one)
    until(lambda: two.seq("t1") == newest, WAIT_S, "a second holder")
    told, heard = set(), Newcomer.heard

    def noted(self: Newcomer, peer: str, page: Present) -> int:
        told.add(peer)
        return heard(self, peer, page)

    monkeypatch.setattr(Newcomer, "heard", noted)
    begin(three)
    assert_equals(three, one)
    assert told == {"t1", "t2"}
