"""What nobody confirmed: the time after power came back, in simulated time."""

from msgspec import structs

from comptoir.domain.clock import RunsAhead
from comptoir.domain.events import SPEAKS
from tests.faults.conftest import House, MakeHouse
from tests.faults.terminal import Terminal
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


def marks(terminal: Terminal, author: str) -> list[str]:
    """Return the checks whose opening a terminal marks as written before its time."""
    assert terminal.journal is not None
    clock: RunsAhead = terminal.journal.state(f"ahead:{author}")
    found = []
    for check in terminal.journal.states("check"):
        for event in terminal.journal.events(f"check:{check.id}"):
            at = event.envelope
            if at.terminal == author and clock.mark(at.epoch, at.seq, at.hlc):
                found.append(check.id)
                break
    return found


def one_an_hour_ahead(make_house: MakeHouse) -> House:
    """Return a house of two whose second terminal's clock is an hour fast, of which it is sure."""
    house = make_house(2)
    house.open()
    house.terminals[1].watch.off_ms = 3_600_000
    for terminal in house.terminals:
        terminal.marks_clocks = True
    return house


def test_what_a_fast_clock_wrote_is_marked_by_all_and_counts(make_house: MakeHouse) -> None:
    house = one_an_hour_ahead(make_house)
    one, two = house.terminals
    sell(two, 1)
    house.until(lambda: marks(one, "t2") and marks(two, "t2"))
    assert marks(one, "t2") == marks(two, "t2")
    assert marks(one, "t1") == marks(two, "t1") == [], "nobody doubts the one that is right"


def test_while_a_terminal_is_of_the_version_before_nothing_new_is_written(
    make_house: MakeHouse,
) -> None:
    house = one_an_hour_ahead(make_house)
    one, two = house.terminals
    assert two.replica is not None
    voice = two.replica._exchange.voice
    said = voice.beat
    voice.beat = lambda beat: said(structs.replace(beat, speaks=1))  # type: ignore[method-assign]
    house.wait(5)
    assert one.report is not None
    assert one.report.speaks == 1
    sell(two, 1)
    house.wait(10)
    assert marks(one, "t2") == []
    voice.beat = said  # type: ignore[method-assign]
    house.until(lambda: one.report and one.report.speaks == SPEAKS)
    sell(two, 1)
    house.until(lambda: marks(one, "t2"))
