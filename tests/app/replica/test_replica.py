"""Replicas on real brokers: what one terminal knows, all know, and SAFE is true."""

import shutil
import statistics
import sys
import time
from dataclasses import replace
from functools import partial

from comptoir.bus.wire import Newest
from comptoir.commands import PublishFloor, PublishMenu, PublishPrinting, SetStaff
from comptoir.commands.menu_edit import SetItem
from comptoir.domain.envelope import Vector
from comptoir.domain.house import WAITER, Area, Table
from comptoir.domain.menu import Item, Menu
from comptoir.domain.printing import Printer
from comptoir.domain.tax import TaxRate
from comptoir.journal import Journal
from tests.app.replica.conftest import Staff
from tests.fakes.restaurant import BOSS, Terminal, sell, until

VAT = TaxRate("v10", "10 %", 100_000)
EDIT_S_MAX = 2


def converged(staff: list[Terminal]) -> bool:
    vectors = [terminal.journal.vector() for terminal in staff]
    return len(vectors[0]) == len(staff) and all(vector == vectors[0] for vector in vectors)


def linked(staff: list[Terminal]) -> bool:
    others = len(staff) - 1
    return all(len(t.safety().peers) == others == len(t.linked()) for t in staff)


def holds(terminal: Terminal, seq: int) -> bool:
    return terminal.seq("t1") >= seq


def is_safe(terminal: Terminal, seq: int) -> bool:
    return terminal.safety().own.get("1", 0) >= seq


def all_hold(staff: list[Terminal], vector: Vector) -> bool:
    return all(t.journal.head(log).seq >= head.seq for log, head in vector.items() for t in staff)


def test_three_terminals_converge(terminals: Staff) -> None:
    staff = terminals(3)
    for terminal in staff:
        terminal.sell(20)
    took_s = until(lambda: converged(staff), what="equal vectors")
    sys.stdout.write(f"3 terminals, 60 events: equal after {took_s * 1000:.0f} ms\n")
    assert len({terminal.journal.digest() for terminal in staff}) == 1


def test_an_event_is_pushed_and_becomes_safe_at_once(terminals: Staff) -> None:
    staff = terminals(2)
    one, two = staff
    until(lambda: linked(staff), what="both live")
    stored_ms, safe_ms = [], []
    for n in range(1, 31):
        begin = time.monotonic()
        one.sell()
        one.tell_grown()
        until(partial(holds, two, n), pause_s=0.001)
        stored_ms.append((time.monotonic() - begin) * 1000)
        until(partial(is_safe, one, n), pause_s=0.001)
        safe_ms.append((time.monotonic() - begin) * 1000)
    for name, times in (("stored on a peer", stored_ms), ("SAFE at the till", safe_ms)):
        p50, worst = statistics.median(times), max(times)
        sys.stdout.write(f"{name}: p50 {p50:.1f} ms, worst of 30 {worst:.1f} ms\n")
    assert statistics.median(safe_ms) < 300


def test_k2_what_the_house_edits_on_any_terminal_reaches_every_peer_in_two_seconds(
    terminals: Staff,
) -> None:
    staff = terminals(3)
    until(lambda: linked(staff), what="all live")
    items = tuple(Item(f"i{n}", "c", {"en": f"Dish {n}"}, 500) for n in range(600))
    edits = (
        PublishMenu("menu", Menu("", (VAT,), (), (), items)),
        SetItem("item", replace(items[7], price=650)),
        PublishFloor("floor", (Area("hall", "Hall", (Table("1", "1"),)),)),
        PublishPrinting("printing", (Printer("hot", "Hot", "192.0.2.7"),), ()),
        SetStaff("staff", "anna", "Anna", WAITER, "4711"),
    )
    times_s = []
    for number, edit in enumerate(edits):
        here = staff[number % len(staff)]
        here.desk.run(edit, BOSS)
        here.tell_grown()
        wanted = here.journal.vector()
        times_s.append(until(partial(all_hold, staff, wanted), pause_s=0.001, what="the edit"))
    told = ", ".join(f"{one * 1000:.0f}" for one in times_s)
    sys.stdout.write(f"an edit at two peers, ms: {told}\n")
    assert statistics.median(times_s) < EDIT_S_MAX
    for terminal in staff:
        assert terminal.journal.state("menu:it").item("i7").price == 650
        assert terminal.journal.state("floor:it").areas[0].tables[0].id == "1"
        assert terminal.journal.state("staff:anna").name == "Anna"
        assert terminal.journal.state("printing:it").printers[0].id == "hot"


def test_a_dead_terminals_events_come_through_a_third(terminals: Staff) -> None:
    one, two, three = terminals(3, start=False)
    for terminal in (one, two):
        terminal.start()
        terminal.open_log()
    one.sell(15)
    until(lambda: two.seq("t1") == 15)
    one.stop_replica()
    one.broker.kill()
    three.start()
    until(lambda: three.seq("t1") == 15, what="t1's events at t3")
    assert three.journal.vector() == two.journal.vector()


def test_a_terminal_that_was_away_catches_up_past_one_batch(terminals: Staff) -> None:
    one, two = terminals(2, start=False)
    one.start()
    one.open_log()
    one.sell(450)
    two.start()
    until(lambda: two.seq("t1") == 450, what="450 events at t2")


def test_own_events_are_taken_back_after_a_lost_disk(terminals: Staff) -> None:
    staff = terminals(2)
    one, two = staff
    one.sell(7)
    until(lambda: two.seq("t1") == 7)
    one.stop_replica()
    one.journal.close()
    for file in one.folder.glob("journal.db*"):
        file.unlink()
    one.journal = Journal(one.folder / "journal.db")
    one.journal.migrate()
    one.start(broker=False)
    until(lambda: one.safety().head == Newest(1, 7), what="the peers' answer")
    until(lambda: one.seq("t1") == 7, what="own events back")


def test_with_nobody_there_the_till_is_told_so(terminals: Staff) -> None:
    one, _ = terminals(2, start=False)
    one.start()
    one.open_log()
    one.sell(3)
    until(lambda: one.safety().at > 0)
    assert (one.safety().head, one.safety().peers, one.safety().safe) == (None, [], {})


def test_a_new_peer_that_knows_nothing_of_us_has_answered_too(terminals: Staff) -> None:
    one, _ = terminals(2)
    until(lambda: one.safety().head == Newest(0, 0))


def test_a_dead_peer_is_noticed_within_its_heartbeats(terminals: Staff) -> None:
    staff = terminals(2)
    one, two = staff
    until(lambda: linked(staff))
    two.broker.freeze()
    begin = time.monotonic()
    two.begin_stop()
    until(lambda: one.safety().peers == [])
    sys.stdout.write(f"dead peer noticed after {time.monotonic() - begin:.2f} s\n")
    two.broker.thaw()


def test_a_restarted_broker_costs_nothing(terminals: Staff) -> None:
    staff = terminals(2)
    one, two = staff
    until(lambda: linked(staff))
    two.broker.restart()
    one.sell(5)
    two.sell(5)
    until(lambda: converged(staff), what="equal vectors")
    until(lambda: one.safety().own == {"1": 5}, what="SAFE")


def test_one_connection_is_enough_for_both_directions(terminals: Staff) -> None:
    """A newcomer knows our address, we do not know its own yet."""
    one, two = terminals(2, start=False)
    one.know([one])
    one.trust |= {"t2": two.card}
    for terminal in (one, two):
        terminal.start()
        terminal.open_log()
    until(lambda: one.safety().peers == ["t2"], what="the newcomer heard")
    pushed_ms = []
    for n in range(1, 11):
        begin = time.monotonic()
        one.sell()
        one.tell_grown()
        until(partial(is_safe, one, n), pause_s=0.001)
        pushed_ms.append((time.monotonic() - begin) * 1000)
    two.sell(5)
    until(lambda: two.safety().own == {"1": 5}, what="and the other way")
    sys.stdout.write(
        f"SAFE over the peer's connection: p50 {statistics.median(pushed_ms):.1f} ms\n"
    )
    assert one.linked() == set()


def test_a_terminal_admitted_live_takes_part(terminals: Staff) -> None:
    one, two = terminals(2, trusted=False)
    two.trust |= {"t1": one.card}
    one.sell(4)
    time.sleep(0.5)
    assert two.seq("t1") == 0
    one.admit(two.card)
    two.stop_replica()
    two.start(broker=False)
    until(lambda: two.seq("t1") == 5, what="the newcomer has everything")
    two.sell(2)
    until(lambda: one.seq("t2") == 2, what="and is heard")


def test_a_restored_old_disk_that_writes_on_is_seen_as_a_second_branch(terminals: Staff) -> None:
    staff = terminals(2)
    one, two = staff
    one.sell(3)
    until(lambda: two.seq("t1") == 3)
    two.stop_replica()
    twin = one.folder / "twin.db"
    shutil.copy(one.folder / "journal.db", twin)
    for suffix in ("-wal", "-shm"):
        shutil.copy(one.folder / f"journal.db{suffix}", f"{twin}{suffix}")
    one.sell(2)
    branch = Terminal.twin_of(one, twin)
    sell(branch, 2)
    admitted = two.journal.admit(
        branch.log.journal.range(("t1", 1), 4, 10, 1 << 20), restaurant="r1", trust=two.trust
    )
    assert admitted.stored == 2
    two.start(broker=False)
    until(one.journal.quarantined, what="the branch seen at t1")
    until(two.journal.quarantined, what="the branch seen at t2")
    assert {reason for *_, reason in two.journal.quarantined()} == {"equivocation"}
    branch.log.journal.close()
    until(lambda: one.safety().own.get("1", 0) <= 3, what="nothing beyond the fork is SAFE")
