"""A round of updates: one terminal after the other, each only when the last is well."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.commands import AddLine, FoundRestaurant, OpenCheck, PublishMenu
from comptoir.commands.updates import SetUpdateHour, WantUpdate, updates
from comptoir.domain.menu import Item, Menu
from comptoir.domain.updates import FAILED, WENT_BACK
from comptoir.updates import bundles
from comptoir.updates.install import ATTEMPTS_MAX, RUNS_HERE
from tests.fakes.box import BOSS, BoxMaker
from tests.fakes.neighbour import Neighbour
from tests.fakes.updating import PROGRAM, House, Updating

MakeHouse = Callable[..., House]
ROUND_S = 120
HOUR_MS = 3_600_000
NIGHT_MS = 16 * HOUR_MS  # from noon UTC to 05:00 in Paris, an hour after the day's end


@pytest.fixture
def make_house(make_box: BoxMaker, tmp_path: Path) -> Iterator[MakeHouse]:
    made: list[House] = []

    def make(count: int = 3, *, given: bool = True) -> House:
        boxes = [make_box(f"t{n + 1}", letter="ABCDE"[n]) for n in range(count)]
        house = House(boxes, tmp_path)
        made.append(house)
        about = ("Chez Test", "EUR", "Europe/Paris", ("en",), boxes[0].card)
        boxes[0].desk.run(FoundRestaurant("f1", *about), PROGRAM)
        if given:
            house.give_all()
        house.exchange()
        return house

    yield make
    for house in made:
        house.close()


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house()


def want(house: House, by: int = 0, key: str = "w1") -> None:
    house.terminals[by].box.desk.run(WantUpdate(key, house.about.bundle), BOSS)
    house.exchange()


def later(house: House, ms: int) -> None:
    for one in house.terminals:
        one.box.clock.ms += ms


def test_all_are_updated_one_at_a_time_and_all_know_it(house: House) -> None:
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    for at in range(3):
        assert house.kept(at) == ["t1", "t2", "t3"]
    assert house.most_at_once == 1
    assert sorted(house.away) == ["t1", "t2", "t3"]
    assert [one.step for one in house.terminals] == ["done"] * 3
    assert all(one.version == "1.2" for one in house.terminals)


def test_every_terminal_knows_what_each_one_runs_before_and_after(house: House) -> None:
    def versions(at: int) -> list[tuple[str, str]]:
        state = updates(house.terminals[at].box.journal)
        return sorted((one.terminal, one.version) for one in state.systems)

    house.pass_s(10)
    assert [versions(at) for at in range(3)] == [[("t1", "1.0"), ("t2", "1.0"), ("t3", "1.0")]] * 3
    at = house.terminals[0].box.journal.position()
    house.pass_s(30)
    assert house.terminals[0].box.journal.position() == at, "said once"
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    assert versions(2) == [("t1", "1.2"), ("t2", "1.2"), ("t3", "1.2")]


def test_each_then_gives_the_bundle_from_its_slot(house: House) -> None:
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    for one in house.terminals:
        one.shelf.refresh()
        held = one.shelf.find(house.about.bundle)
        assert held is not None
        assert not list((one.folder / "bundles").glob("*.raucb"))
        assert bundles.sum_of(held) == house.about.bundle


def test_by_day_nobody_begins_and_at_the_quiet_hour_all_do(house: House) -> None:
    house.offer()
    house.pass_s(30)
    assert [one.step for one in house.terminals] == ["hour"] * 3
    later(house, NIGHT_MS)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_the_house_says_when_it_is_quiet(house: House) -> None:
    house.terminals[1].box.desk.run(SetUpdateHour("h", 13 * 60), BOSS)  # it is 13:00 in Paris
    house.offer()
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_a_check_that_somebody_owes_money_on_keeps_the_night_awake(house: House) -> None:
    desk = house.terminals[2].box.desk
    desk.run(PublishMenu("m", Menu("", (), (), (), (Item("tea", "x", {"en": "Tea"}, 300),))), BOSS)
    desk.run(OpenCheck("o", "late", "eat_in", "7", 2), BOSS)
    desk.run(AddLine("a", "late", "l1", "tea"), BOSS)
    house.offer()
    later(house, NIGHT_MS)
    house.pass_s(30)
    assert [one.step for one in house.terminals] == ["checks"] * 3
    want(house)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_one_that_goes_back_stops_the_round_until_a_manager_wants_it_again(house: House) -> None:
    house.terminals[0].sells = False
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    assert house.away == ["t1"]
    stopped = updates(house.terminals[2].box.journal).stopped_by()
    assert stopped is not None
    assert (stopped.terminal, stopped.outcome) == ("t1", WENT_BACK)
    assert stopped.why == "the till does not answer"
    assert [one.step for one in house.terminals] == ["stopped"] * 3
    house.terminals[0].sells = True
    want(house, 2, "w2")
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_what_cannot_be_installed_is_tried_a_few_times_and_stops_the_round(house: House) -> None:
    house.terminals[0].installs = False
    house.offer()
    want(house)
    house.pass_s(60 * (2 + 4 + 8) + ROUND_S)
    assert house.away == []
    stopped = updates(house.terminals[1].box.journal).stopped_by()
    assert stopped is not None
    assert (stopped.terminal, stopped.outcome) == ("t1", FAILED)
    assert stopped.why == "no space left on device"
    assert ATTEMPTS_MAX == 3


def test_a_terminal_that_was_flashed_with_the_very_system_installs_nothing(house: House) -> None:
    first = house.terminals[0]
    (first.folder / first.slot).write_bytes(house.root)
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]
    assert first.restarts == 0
    assert [one.restarts for one in house.terminals[1:]] == [1, 1]
    (mine,) = [one for one in updates(first.box.journal).turns if one.terminal == "t1"]
    assert mine.why == RUNS_HERE
    first.shelf.refresh()
    held = first.shelf.find(house.about.bundle)
    assert held is not None
    assert bundles.sum_of(held) == house.about.bundle


def test_a_restart_that_would_try_nothing_ends_the_round_with_words(house: House) -> None:
    house.terminals[0].arms = False
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    stopped = updates(house.terminals[1].box.journal).stopped_by()
    assert stopped is not None
    assert (stopped.outcome, stopped.why) == (FAILED, "no trial is armed")
    assert house.away == []


def test_power_that_goes_in_the_middle_of_it_costs_an_attempt(house: House) -> None:
    first = house.terminals[0]
    first.installs = False
    house.offer()
    want(house)
    house.pass_s(20)
    assert first.step == "fetching"
    first.cut()
    first.installs = True
    house.pass_s(300)
    assert house.kept() == ["t1", "t2", "t3"]


def test_who_is_not_back_is_waited_for(house: House) -> None:
    house.offer()
    want(house)
    while not house.kept():
        house.pass_s(1)
    house.terminals[0].on = False
    house.pass_s(60)
    assert house.kept(1) == ["t1"]
    assert [one.step for one in house.terminals[1:]] == ["back"] * 2
    house.terminals[0].on = True
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_who_dies_in_its_turn_stops_the_others_until_it_is_retired(house: House) -> None:
    house.offer()
    want(house)
    while not updates(house.terminals[1].box.journal).turns:
        house.pass_s(1)
    house.terminals[0].on = False
    house.pass_s(60)
    assert [one.step for one in house.terminals[1:]] == ["other"] * 2
    assert house.terminals[1].told[-1].who == "t1"
    house.out, house.names = frozenset({"t1"}), frozenset({"t2", "t3"})
    house.pass_s(ROUND_S)
    assert house.kept(1) == ["t2", "t3"]


def test_nothing_begins_while_something_is_on_one_terminal_alone(house: House) -> None:
    house.offer()
    want(house)
    house.pass_s(60, safe=False)
    assert house.away == []
    steps = {one.step for one in house.terminals}
    assert "safe" in steps
    assert steps <= {"safe", "other"}


def test_of_two_parts_of_a_torn_network_the_smaller_one_waits(make_house: MakeHouse) -> None:
    house = make_house(4)
    house.offer()
    want(house)
    one, two, three, four = house.terminals
    house.joined = [[one, two], [three, four]]
    house.pass_s(60)
    assert house.away == []
    house.joined = [[one], [two, three, four]]
    house.pass_s(ROUND_S)
    assert one.step == "peers"
    assert house.kept(1) == ["t2", "t3", "t4"]
    house.joined = [house.terminals]
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3", "t4"]
    assert house.most_at_once == 1


def cross(house: House, seconds: int) -> None:
    """Two look before either has heard of the other's claim; what the third one holds comes on."""
    house.pass_s(1)
    house.offer()
    want(house)
    for _ in range(seconds):
        house.now_s += 1
        house.terminals[0].turn(frozenset({"t2", "t3"}))
        house.terminals[1].turn(frozenset({"t1", "t3"}))


def join(house: House, neighbours: list[Neighbour], *, spoke_before: bool) -> Updating:
    """Update two terminals by night, and let the third one in by day; each gives what it keeps."""
    *others, spare = house.terminals
    if spoke_before:
        house.pass_s(10)
    spare.on, house.names = False, frozenset({"t1", "t2"})
    house.offer()
    later(house, NIGHT_MS)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2"]
    for one, neighbour in zip(others, neighbours, strict=False):
        one.shelf.refresh()
        held = one.shelf.find(house.about.bundle)
        assert held is not None
        neighbour.held[house.about.bundle] = held
    house.sources = {one.name: one.seen_by(neighbours[-1]) for one in neighbours}
    later(house, 8 * HOUR_MS)
    spare.on, house.names = True, frozenset({"t1", "t2", "t3"})
    house.pass_s(30)
    return spare


def test_a_spare_with_an_older_image_takes_it_by_day_from_a_peer_and_says_how_long(
    make_house: MakeHouse, neighbours: list[Neighbour], tmp_path: Path
) -> None:
    house = make_house(given=False)
    for one in house.terminals[:2]:
        one.take(tmp_path / "cloud.raucb")
    spare = join(house, neighbours, spoke_before=False)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]
    assert house.read["t3"] == (tmp_path / "cloud.raucb").read_bytes()
    assert neighbours[0].asked > 0
    assert ("fetching", "t1", 0) in {(one.step, one.source, one.left_s) for one in spare.told}


def test_who_was_there_before_the_others_were_updated_waits_for_the_quiet_hour(
    make_house: MakeHouse, neighbours: list[Neighbour], tmp_path: Path
) -> None:
    house = make_house(given=False)
    for one in house.terminals[:2]:
        one.take(tmp_path / "cloud.raucb")
    assert join(house, neighbours, spoke_before=True).step == "hour"
    later(house, NIGHT_MS)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_claims_that_crossed_are_one_turn_after_the_other(house: House) -> None:
    cross(house, 3)
    for one in house.terminals[:2]:
        assert [turn.terminal for turn in updates(one.box.journal).turns] == [one.name]
    house.exchange()
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]
    assert house.away == ["t1", "t2", "t3"]


def test_without_the_wait_both_would_be_away_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.updates.program.SETTLE_S", 0)
    cross(house, 9)
    assert house.away == ["t1", "t2"]


def test_a_terminal_alone_goes_on_by_itself(make_house: MakeHouse) -> None:
    house = make_house(1)
    house.offer()
    want(house)
    house.pass_s(60)
    assert house.kept() == ["t1"]


def test_an_older_version_is_never_installed(house: House) -> None:
    house.terminals[1].version = "1.3"
    house.terminals[1].start()
    house.offer()
    want(house)
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t3"]
    assert house.terminals[1].step == "older"


def test_a_till_that_does_not_answer_is_told_again(house: House) -> None:
    house.terminals[0].deaf = True
    house.offer()
    want(house)
    house.pass_s(10)
    house.terminals[0].deaf = False
    house.pass_s(ROUND_S)
    assert house.kept() == ["t1", "t2", "t3"]


def test_the_till_hears_what_can_be_offered(house: House) -> None:
    house.pass_s(6)
    held = house.terminals[0].told[-1].held
    assert held is not None
    assert (held.bundle, held.version) == (house.about.bundle, "1.2")
