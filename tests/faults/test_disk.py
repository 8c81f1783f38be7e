"""What a disk changed is fetched again: the real journal and replica in simulated time."""

from comptoir.replica.mender import Mender
from tests.faults.conftest import House, MakeHouse
from tests.faults.controls import put
from tests.faults.terminal import Terminal
from tests.faults.test_cases import T1, digests, held, sell

SOLD = 5


def a_disk_changes_events(house: House) -> Terminal:
    """Return a terminal on whose disk two events became others, one of them unreadable."""
    one, two, _ = house.open()
    a_disk_changed(house, one, two)
    return two


def a_disk_changed(house: House, one: Terminal, two: Terminal) -> None:
    sell(one, SOLD)
    house.wait(3)
    assert two._stored is not None
    with two._stored.transaction() as db:
        db.execute("UPDATE event SET payload = x'00' WHERE seq = 2")
        db.execute("UPDATE event SET signature = zeroblob(64) WHERE seq = 4")


def as_sold(house: House, at: Terminal) -> bool:
    stored, author = at._stored, house.terminals[0]._stored
    assert stored is not None
    assert author is not None
    return stored.range(T1, 1, 100, 1 << 20) == author.range(T1, 1, 100, 1 << 20)


def test_what_a_disk_changed_is_fetched_again_from_a_peer(make_house: MakeHouse) -> None:
    house = make_house(3)
    two = a_disk_changes_events(house)
    assert not as_sold(house, two)
    house.until(lambda: as_sold(house, two))
    assert two.replica is not None
    assert two.replica._exchange.mender.mended == 2
    house.wait(5)
    assert len(digests(house)) == 1


def test_an_unreadable_event_is_looked_for_at_once_and_stops_nobody(make_house: MakeHouse) -> None:
    house = make_house(3)
    two = a_disk_changes_events(house)
    assert two.replica is not None
    mender = two.replica._exchange.mender
    mender._look_s = house.world.now_s + 1e9
    two.replica._position = 0
    house.until(lambda: as_sold(house, two))
    sell(house.terminals[0], 1, "later")
    house.until(lambda: held(two) == 6)


def test_control_nobody_looks_and_it_stays_changed(make_house: MakeHouse) -> None:
    with put(Mender, "work", lambda *_: None):
        house = make_house(3)
        two = a_disk_changes_events(house)
        house.wait(60)
        assert not as_sold(house, two)


def one_holder_only(house: House) -> Terminal:
    """Return a terminal that was away, and can ask that one only whose disk changed events."""
    one, two, three = house.open()
    three.power_off()
    a_disk_changed(house, one, two)
    assert two.replica is not None
    two.replica._exchange.mender._look_s = house.world.now_s + 1e9
    house.network.shut([("t1", "t3"), ("t3", "t1")])
    three.power_on()
    return three


def test_what_a_peer_does_not_believe_is_looked_at_and_fetched_again(
    make_house: MakeHouse,
) -> None:
    house = make_house(3)
    three = one_holder_only(house)
    house.until(lambda: held(three) == SOLD)


def test_control_who_does_not_doubt_itself_serves_it_for_ever(make_house: MakeHouse) -> None:
    with put(Mender, "serves", lambda *_: None):
        house = make_house(3)
        three = one_holder_only(house)
        house.wait(60)
        assert held(three) < SOLD
