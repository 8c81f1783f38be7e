"""Closed days move into files once everybody holds them: journal and replica in simulated time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.commands.day import CloseDay
from comptoir.journal import day_files, filing
from comptoir.replica import archivist
from comptoir.replica.archivist import Archivist
from tests.faults.cloud import Cloud
from tests.faults.conftest import House, MakeHouse
from tests.faults.controls import put
from tests.faults.terminal import Terminal
from tests.faults.test_cases import T1, digests, sell

DAY_MS = 86_400_000
SOLD = 12


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "STEP_EVENTS", 5)
    monkeypatch.setattr(archivist, "LOOK_S", 5.0)


def live_a_day(house: House, name: str) -> None:
    for one in house.terminals:
        sell(one, SOLD, name)
    house.wait(5)
    for one in house.terminals:
        assert one.run(CloseDay(f"z-{name}-{one.name}"))
        one.watch.off_ms += DAY_MS
    house.wait(3)


def files(terminal: Terminal) -> list[Path]:
    return sorted(day_files.folder_of(terminal.file).glob("*.db"))


def filed(terminal: Terminal) -> int:
    assert terminal._stored is not None
    query = "SELECT count(*) FROM event WHERE file IS NOT NULL"
    return int(terminal._stored.reader().execute(query).fetchone()[0])


def all_filed(house: House) -> bool:
    return all(filed(one) == SOLD * len(house.terminals) for one in house.terminals)


MakeServed = Callable[[int], tuple[House, Cloud]]


@pytest.fixture
def served(make_house: MakeHouse, tmp_path: Path) -> Iterator[MakeServed]:
    """Make a house that has a cloud, open."""
    clouds: list[Cloud] = []

    def make(count: int) -> tuple[House, Cloud]:
        house = make_house(count)
        cloud = Cloud(house.world, tmp_path / "cloud", [one.card for one in house.terminals])
        clouds.append(cloud)
        for terminal in house.terminals:
            cloud.serve(terminal)
        house.open()
        return house, cloud

    yield make
    for cloud in clouds:
        cloud.close()


def two_days(served: MakeServed) -> House:
    house, _ = served(3)
    live_a_day(house, "one")
    live_a_day(house, "two")
    return house


def test_every_terminal_files_what_everybody_holds(served: MakeServed) -> None:
    house = two_days(served)
    before = digests(house)
    house.until(lambda: all_filed(house))
    assert [len(files(one)) for one in house.terminals] == [1, 1, 1]
    assert digests(house) == before
    assert len(before) == 1


def one_away(served: MakeServed) -> House:
    """Return a house in which one is off since before the last sales."""
    house, _ = served(3)
    house.terminals.pop().power_off()
    live_a_day(house, "one")
    live_a_day(house, "two")
    house.wait(60)
    return house


def cloud_away(served: MakeServed) -> House:
    """Return a house whose internet is cut since before the last sales."""
    house, cloud = served(2)
    cloud.cut = True
    live_a_day(house, "one")
    live_a_day(house, "two")
    house.wait(60)
    return house


@pytest.mark.parametrize("lacking", [one_away, cloud_away])
def test_nothing_is_filed_that_somebody_lacks(
    served: MakeServed, lacking: Callable[[MakeServed], House]
) -> None:
    assert [filed(one) for one in lacking(served).terminals] == [0, 0]


@pytest.mark.parametrize("lacking", [one_away, cloud_away])
def test_control_who_asks_nobody_files_what_another_lacks(
    served: MakeServed, lacking: Callable[[MakeServed], House]
) -> None:
    with put(Archivist, "_held", lambda self, at, _: self._journal.head(at).seq):
        assert [filed(one) for one in lacking(served).terminals] == [24, 24]


def test_without_power_in_the_middle_the_filing_goes_on_afterwards(served: MakeServed) -> None:
    house = two_days(served)
    two = house.terminals[1]
    for pause_s in (1.5, 4.5, 9.5, 12.5):
        two.power_off()
        house.wait(5)
        two.power_on()
        house.wait(pause_s)
    house.until(lambda: all_filed(house))
    assert len(digests(house)) == 1


def as_author_has_it(house: House, at: Terminal) -> bool:
    stored, author = at._stored, house.terminals[0]._stored
    assert stored is not None
    assert author is not None
    return stored.range(T1, 1, 100, 1 << 20) == author.range(T1, 1, 100, 1 << 20)


def lost_file(served: MakeServed) -> tuple[House, Terminal]:
    """Return a house in which the second one's day file is gone."""
    house = two_days(served)
    house.until(lambda: all_filed(house))
    two = house.terminals[1]
    two.stop_till()
    two.stop_replica()
    files(two)[0].unlink()
    two.start_replica()
    two.start_till()
    house.wait(3)
    return house, two


def test_a_lost_day_file_comes_back_from_the_peers(served: MakeServed) -> None:
    house, two = lost_file(served)
    assert not as_author_has_it(house, two)
    house.until(lambda: as_author_has_it(house, two), 120)
    house.wait(40)
    assert filed(two) == 0
    assert len(digests(house)) == 1
