"""What nobody confirmed: the time after power came back, in simulated time."""

from tests.faults.conftest import House, MakeHouse
from tests.faults.test_cases import sell


def two_after_a_power_cut(make_house: MakeHouse) -> House:
    """Return a house whose second terminal comes back an hour slow, with nothing to confirm it."""
    house = make_house(2)
    one, two = house.open()
    sell(one, 1)
    two.power_off()
    two.watch.off_ms = -3_600_000
    two.clock_confirmed = False
    two.power_on()
    house.wait(6)
    return house


def test_who_knows_no_time_takes_it_of_one_who_does(make_house: MakeHouse) -> None:
    one, two = two_after_a_power_cut(make_house).terminals
    assert one.report is not None
    assert two.report is not None
    assert one.report.off_ms == 0
    assert abs(two.report.off_ms - 3_600_000) < 2000
    assert one.report.time_known
    assert two.report.time_known


def test_when_nobody_knows_the_time_all_say_so(make_house: MakeHouse) -> None:
    house = two_after_a_power_cut(make_house)
    house.terminals[0].clock_confirmed = False
    house.wait(5)
    assert [one.report and one.report.time_known for one in house.terminals] == [False, False]


def test_control_taken_for_known_a_wrong_time_is_kept(make_house: MakeHouse) -> None:
    house = two_after_a_power_cut(make_house)
    house.terminals[1].clock_confirmed = True
    house.wait(5)
    report = house.terminals[1].report
    assert report is not None
    assert report.off_ms == 0
