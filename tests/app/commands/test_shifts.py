"""T7: clock in, breaks, clock out, on any terminal; two terminals cut off lose nothing."""

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.commands.declared_tips import by_person, shifts_of
from comptoir.commands.sales import Period
from comptoir.commands.shifts import DeclareTips, StampClock
from comptoir.domain.errors import AmountRefused, ApprovalNeeded, ShiftRefused
from comptoir.domain.house import KITCHEN, WAITER
from comptoir.domain.shift import Timesheet
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA, COOK = Actor("anna", WAITER), Actor("cook", KITCHEN)
MINUTE_MS = 60_000


@pytest.fixture
def house(box: Box) -> Box:
    box.desk.run(SetStaff("s1", "anna", "Anna", WAITER), BOSS)
    box.desk.run(SetStaff("s2", "cook", "Chen", KITCHEN), BOSS)
    return box


def stamp(box: Box, what: str, minute: int, who: Actor = ANNA, staff: str = "") -> None:
    begin = 1_795_348_800_000
    box.clock.ms = begin + minute * MINUTE_MS
    box.desk.run(StampClock(f"{box.name}-{what}-{minute}", what, staff), who)


def sheet(box: Box) -> Timesheet:
    found: Timesheet = box.journal.state("shift:anna")
    return found


def test_breaks_come_off_the_time_worked(house: Box) -> None:
    for what, minute in (("in", 0), ("break", 120), ("back", 150), ("out", 480)):
        stamp(house, what, minute)
    (shift,) = sheet(house).shifts
    assert shift.worked_ms(0) == 450 * MINUTE_MS
    assert (sheet(house).open_shift, shift.business_date) == (None, "2026-11-22")


def test_a_break_ends_with_the_shift(house: Box) -> None:
    for what, minute in (("in", 0), ("break", 120), ("out", 180)):
        stamp(house, what, minute)
    (shift,) = sheet(house).shifts
    assert (shift.on_break, shift.worked_ms(0)) == (False, 120 * MINUTE_MS)


@pytest.mark.parametrize(
    ("before", "what"),
    [([], "out"), ([], "break"), (["in"], "in"), (["in"], "back"), (["in", "break"], "break")],
)
def test_a_stamp_that_does_not_follow_is_refused(house: Box, before: list[str], what: str) -> None:
    for minute, one in enumerate(before):
        stamp(house, one, minute)
    with pytest.raises(ShiftRefused, match="Anna is"):
        stamp(house, what, 10)


def test_each_stamps_for_themselves_and_a_manager_for_anybody(house: Box) -> None:
    with pytest.raises(ApprovalNeeded):
        stamp(house, "in", 0, COOK, "anna")
    stamp(house, "in", 0, BOSS, "anna")
    assert sheet(house).open_shift is not None
    with pytest.raises(ShiftRefused, match="does not work here"):
        stamp(house, "in", 1, BOSS, "nobody")


def test_stamps_on_two_sides_of_a_cut_are_all_kept(house: Box, make_box: BoxMaker) -> None:
    other = make_box("t2", letter="B")
    other.journal.admit(house.sealed(), restaurant="r1", trust={"t1": house.card})
    stamp(house, "in", 0)
    stamp(other, "in", 1)
    other.journal.admit(house.sealed(), restaurant="r1", trust={"t1": house.card})
    house.journal.admit(other.sealed(), restaurant="r1", trust={"t2": other.card})
    assert sheet(house) == sheet(other)
    assert [one.terminal for one in sheet(house).shifts] == ["t1", "t2"]


def declare(box: Box, amount: int, who: Actor = ANNA, staff: str = "", shift: str = "") -> None:
    name = f"{who.id}-{staff}-{shift}-{amount}"
    box.desk.run(DeclareTips(name, amount, staff, shift), who)


def test_x5_cash_tips_are_declared_of_a_shift_and_said_again_take_the_place(house: Box) -> None:
    for what, minute in (("in", 0), ("out", 60), ("in", 90), ("out", 120)):
        stamp(house, what, minute)
    declare(house, 1250)
    declare(house, 900)
    assert [one.tips for one in sheet(house).shifts] == [None, 900]
    declare(house, 300, shift=sheet(house).shifts[0].id)
    found = shifts_of(house.journal, Period("2026-11-22", "2026-11-22"))
    assert [one.shift.tips for one in found] == [900, 300], "the newest shift first"
    assert by_person(found) == {"anna": 1200}
    assert shifts_of(house.journal, Period("2026-11-23", "2026-11-23")) == []


def test_x5_each_declares_their_own_and_a_manager_anybodys(house: Box) -> None:
    with pytest.raises(ShiftRefused, match="no such shift"):
        declare(house, 100)
    stamp(house, "in", 0)
    with pytest.raises(ApprovalNeeded, match="somebody else's tips"):
        declare(house, 100, COOK, "anna")
    declare(house, 100, BOSS, "anna")
    assert sheet(house).tips_of("2026-11-22") == 100
    for amount in (-1, 10**9):
        with pytest.raises(AmountRefused):
            declare(house, amount)
    with pytest.raises(ShiftRefused, match="no such shift"):
        declare(house, 100, shift="another")
