"""Single cases of the replication, each in simulated time on the real journal and replica."""

from dataclasses import replace
from pathlib import Path

import pytest

from comptoir.bus import topics
from comptoir.commands import Desk, OpenCheck, RetireTerminal
from comptoir.commands.offline import SetOffline
from comptoir.commands.steered_clock import newest_ms
from comptoir.domain.envelope import Sealed, decode, encode
from comptoir.domain.house import Card
from comptoir.journal import Journal, OwnLog, folding, reading
from tests.faults.cloud import Cloud
from tests.faults.conftest import House, MakeHouse
from tests.faults.controls import CONTROLS
from tests.faults.network import FakeLink
from tests.faults.terminal import BOSS, RESTAURANT, Terminal

T1 = ("t1", 1)


def sell(terminal: Terminal, count: int, mark: str = "") -> None:
    for n in range(count):
        name = f"{terminal.name}{mark}-{n}-{terminal.world.now_s}"
        assert terminal.run(OpenCheck(f"k{name}", name))


def twin_sells(terminal: Terminal, copy: Path, count: int) -> list[Sealed]:
    """Let a copy of a disk write on by itself; returns its log of epoch 1."""
    journal = Journal(copy)
    log = OwnLog(
        journal, terminal.signer, terminal.watch, restaurant=RESTAURANT, terminal=terminal.name
    )
    log.open(peers_answered=True)
    desk = Desk(log, terminal.watch, letter="T")
    for n in range(count):
        desk.run(OpenCheck(f"twin{n}", f"twin{n}"), BOSS)
    batch = journal.range(T1, 1, 1000, 1 << 20)
    journal.close()
    return batch


def give(terminal: Terminal, batch: list[Sealed], trust: dict[str, Card] | None = None) -> None:
    assert terminal._stored is not None
    terminal._stored.admit(batch, restaurant=RESTAURANT, trust=trust or terminal.trust)


def held(terminal: Terminal, log: tuple[str, int] = T1) -> int:
    assert terminal._stored is not None
    return terminal._stored.head(log).seq


def frozen(terminal: Terminal) -> int | None:
    assert terminal._stored is not None
    fork = reading.forks(terminal._stored).get(T1)
    return fork.seq if fork else None


def digests(house: House) -> set[str]:
    return {one._stored.digest() for one in house.terminals if one._stored is not None}


def branched(make_house: MakeHouse, tmp_path: Path) -> House:
    """Return a house in which t2 alone has heard of a branch that parts far back."""
    house = make_house(4)
    for terminal in house.terminals:
        terminal.pace = replace(terminal.pace, events_max=5)
    one, two, *_ = house.open()
    sell(one, 3)
    house.wait(2)
    one.back_up(tmp_path / "twin.db")
    two.power_off()
    sell(one, 20)
    house.wait(2)
    batch = twin_sells(one, tmp_path / "twin.db", 30)
    two.power_on()
    give(two, batch)
    return house


def test_a_second_branch_is_followed_back_to_where_it_parts_and_all_freeze_there(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = branched(make_house, tmp_path)
    house.until(lambda: all(frozen(one) == 4 for one in house.terminals))
    house.wait(5)
    assert len(digests(house)) == 1
    for one in house.terminals:
        assert one._stored is not None
        assert "equivocation" in {reason for *_, reason in one._stored.quarantined()}


def test_who_came_late_and_saw_one_branch_only_is_told_of_the_other(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = branched(make_house, tmp_path)
    one, two, three, four = house.terminals
    four.power_off()
    house.until(lambda: all(frozen(t) == 4 for t in (one, two, three)))
    two.power_off()
    four.replace_disk(None)
    four.power_on()
    house.until(lambda: frozen(four) == 4)


def test_a_terminal_whose_epoch_froze_sells_on_in_a_new_one(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = branched(make_house, tmp_path)
    one = house.terminals[0]
    house.until(lambda: all(frozen(t) == 4 for t in house.terminals))
    assert one.run(OpenCheck("after", "after"))
    assert one.desk is not None
    assert one.desk.log.epoch == 2
    house.until(lambda: all(held(t, ("t1", 2)) == 1 for t in house.terminals))
    assert one._stored is not None
    assert one._stored.state("check:after").number


def foreign_kind(author: Terminal, **change: object) -> Sealed:
    """Return the author's next event, of a kind or body that this version does not know."""
    assert author.journal is not None
    head = author.journal.head(T1)
    like = decode(author.journal.range(T1, head.seq, 1, 1 << 20)[0].payload)
    envelope = replace(like, seq=head.seq + 1, prev_hash=head.hash, hlc=like.hlc + 1, command="n")
    payload = encode(replace(envelope, **change))  # type: ignore[arg-type]
    return Sealed(payload, author.signer.sign(Sealed(payload, b"").digest))


def relayed(make_house: MakeHouse, **change: object) -> Terminal:
    """Return t3, which has an unknown event of t1, dead meanwhile, from t2."""
    house = make_house(3)
    one, two, three = house.open()
    three.power_off()
    assert one.run(OpenCheck("k", "c"))
    new = foreign_kind(one, **change)
    give(one, [new])
    house.until(lambda: held(two) == 2)
    one.power_off()
    three.power_on()
    house.until(lambda: held(three) == 2)
    assert three._stored is not None
    assert three._stored.range(T1, 2, 1, 1 << 20) == [new], "byte for byte"
    assert len({one._stored.digest() for one in (two, three) if one._stored}) == 1
    return three


def test_a_kind_of_a_newer_version_is_relayed_byte_for_byte_and_marks_its_check(
    make_house: MakeHouse,
) -> None:
    body = {"check": "c", "sparkle": 9}
    three = relayed(make_house, kind="check.sparkled", v=1, body=body)
    assert three._stored is not None
    assert three._stored.state("check:c").newer_version


def test_a_body_of_a_newer_version_is_relayed_and_not_folded(make_house: MakeHouse) -> None:
    three = relayed(make_house, kind="check.covers_set", v=99, body={"check": "c", "covers": 7})
    assert three._stored is not None
    assert three._stored.state("check:c").covers == 0


def test_a_body_that_does_not_fit_is_kept_and_nothing_behind_it_waits(
    make_house: MakeHouse,
) -> None:
    three = relayed(make_house, kind="check.opened", v=1, body={"check": "c", "number": 7})
    assert three._stored is not None
    assert three._stored.state("check:c").newer_version


def test_projections_that_differ_at_equal_vectors_are_named_and_folded_anew(
    make_house: MakeHouse,
) -> None:
    house = make_house(3)
    one, two, _ = house.open()
    sell(one, 5)
    house.wait(3)
    assert two._stored is not None
    (name,) = (
        two._stored.reader()
        .execute("SELECT aggregate FROM projection WHERE aggregate LIKE 'check:%' LIMIT 1")
        .fetchone()
    )
    with two._stored.transaction() as db:
        db.execute("UPDATE projection SET hash = 'wrong' WHERE aggregate = ?", (name,))
    sell(one, 1, "later")
    assert two.replica is not None
    house.until(lambda: two.replica and two.replica._exchange.comparison.mended, 90)
    assert two.replica._exchange.comparison.mended == [name]
    assert len(digests(house)) == 1


def test_other_code_folds_everything_anew_at_the_next_start(make_house: MakeHouse) -> None:
    house = make_house(1)
    (one,) = house.open()
    sell(one, 3)
    assert one.journal is not None
    right = one.journal.digest()
    folding.renew(one.journal)
    with one.journal.transaction() as db:
        db.execute("UPDATE projection SET hash = 'of an older version'")
    assert not folding.renew(one.journal), "the same code folds once"
    with one.journal.transaction() as db:
        db.execute("PRAGMA user_version = 7")
    assert folding.renew(one.journal)
    assert one.journal.digest() == right


def an_old_disk_starts_alone(house: House, backup: Path) -> set[int | None]:
    """Return where each terminal froze t1's log; nowhere, if no number was used twice."""
    one, *others = house.open()
    sell(one, 2)
    house.wait(2)
    one.back_up(backup)
    sell(one, 3)
    house.wait(2)
    one.power_off()
    one.replace_disk(backup)
    ways = [(one.name, other.name) for other in others]
    house.network.shut([*ways, *((b, a) for a, b in ways)])
    one.power_on()
    house.wait(8)
    sell(one, 2, "alone")
    house.network.heal()
    house.wait(20)
    return {frozen(terminal) for terminal in house.terminals}


def test_an_old_disk_that_starts_alone_uses_no_number_twice(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house(3)
    assert an_old_disk_starts_alone(house, tmp_path / "backup.db") == {None}
    assert len(digests(house)) == 1


def test_control_with_the_epoch_kept_it_does(make_house: MakeHouse, tmp_path: Path) -> None:
    with CONTROLS["same-epoch"]():
        assert an_old_disk_starts_alone(make_house(3), tmp_path / "backup.db") == {3}


def test_control_without_cut_offs_what_one_holds_comes_to_nobody(make_house: MakeHouse) -> None:
    with CONTROLS["no-cutoff"](), pytest.raises(AssertionError):
        stolen_with_events_that_one_holds(make_house(4))


def test_what_one_only_holds_of_a_thief_is_attested_and_comes_to_all(
    make_house: MakeHouse,
) -> None:
    stolen_with_events_that_one_holds(make_house(4))


def stolen_with_events_that_one_holds(house: House) -> None:
    one, two, three, four = house.open()
    away = [(a.name, b.name) for a in (one, two) for b in (three, four)]
    house.network.shut([*away, *((b, a) for a, b in away)])
    sell(four, 3)
    house.wait(3)
    assert (held(three, ("t4", 1)), held(one, ("t4", 1))) == (3, 0)
    four.power_off()
    four.gone = True
    assert one.run(RetireTerminal("r", "t4", "stolen"))
    house.wait(6)
    house.network.heal()
    house.until(lambda: all(held(t, ("t4", 1)) == 3 for t in (one, two, three)))


def test_a_terminal_that_disagrees_with_its_peers_median_writes_their_time(
    make_house: MakeHouse,
) -> None:
    house = make_house(3)
    one, *_ = house.open()
    one.watch.off_ms = -3 * 3_600_000
    house.wait(5)
    sell(one, 1)
    assert abs(newest_ms(one.eye(), "t1") - house.terminals[1].watch.now_ms()) < 5000


def test_of_two_clocks_neither_is_right(make_house: MakeHouse) -> None:
    house = make_house(2)
    one, two = house.open()
    one.watch.off_ms = 60_000
    house.wait(5)
    assert one.report is not None
    assert two.report is not None
    assert (one.report.off_ms, two.report.off_ms) == (0, 0)


def test_a_terminal_without_a_battery_takes_its_peers_time(make_house: MakeHouse) -> None:
    house = make_house(2)
    one, two = house.open()
    sell(one, 1)
    one.power_off()
    one.watch.dead()
    one.power_on()
    house.wait(6)
    sell(one, 1)
    assert abs(newest_ms(one.eye(), "t1") - two.watch.now_ms()) < 5000


def test_alone_without_a_battery_no_day_opens_before_the_last_event(make_house: MakeHouse) -> None:
    house = make_house(1)
    (one,) = house.open()
    sell(one, 1)
    assert one.desk is not None
    today, before_ms = one.desk.business_date(), newest_ms(one.eye(), "t1")
    one.power_off()
    one.watch.dead()
    one.power_on()
    house.wait(6)
    assert one.desk is not None
    assert one.desk.business_date() == today
    assert one.desk.clock.now_ms() > before_ms


def two_and_a_cloud(make_house: MakeHouse, folder: Path) -> tuple[House, Cloud]:
    house = make_house(2)
    cloud = Cloud(house.world, folder, [terminal.card for terminal in house.terminals])
    for terminal in house.terminals:
        cloud.serve(terminal)
    house.open()
    return house, cloud


def test_a_cloud_that_does_not_answer_is_missed_by_all_and_since_when(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house, cloud = two_and_a_cloud(make_house, tmp_path / "cloud")
    one = house.terminals[0]

    def missed() -> list[int]:
        return [t.report.away_since_ms if t.report else 0 for t in house.terminals]

    sell(one, 1)
    house.wait(10)
    assert missed() == [0, 0]
    cut_ms = one.watch.now_ms()
    cloud.cut = True
    house.until(lambda: all(missed()))
    assert all(abs(since_ms - cut_ms) < 20_000 for since_ms in missed())
    cloud.cut = False
    house.until(lambda: missed() == [0, 0])
    cloud.close()


def test_held_offline_nothing_is_uploaded_and_let_back_everything_is(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house, cloud = two_and_a_cloud(make_house, tmp_path / "cloud")
    one, two = house.terminals
    store = cloud.store.journal(RESTAURANT)
    sell(one, 1)
    house.until(lambda: store.head(T1).seq == 1)
    assert two.run(SetOffline("off", offline=True, reason="the line is down"))
    house.wait(3)
    sell(one, 5)
    house.wait(30)
    assert store.head(T1).seq == 1
    assert one.report is not None
    assert one.report.own["1"] == held(one), "peers make it SAFE all the same"
    assert one.run(SetOffline("on", offline=False))
    house.until(lambda: store.vector() == two.journal.vector() if two.journal else False)
    cloud.close()


def test_the_till_hears_later_of_what_came_while_its_own_broker_was_away(
    make_house: MakeHouse,
) -> None:
    one, two = (house := make_house(2)).open()
    assert two.replica is not None
    own = two.replica._mesh.own
    assert isinstance(own, FakeLink)
    own.hang_up()
    sell(one, 1)
    house.until(lambda: held(two) == held(one))
    heard: list[str] = []
    own.local = lambda topic, _: heard.append(topic)
    own.wanted = True
    house.until(lambda: topics.JOURNAL.template in heard)
