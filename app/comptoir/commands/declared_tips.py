"""Cash tips as those who got them declared them: the shifts of a period, and what each person said.

They are beside the tips of the checks, never among them: the pool and the drawers know nothing of
such money.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comptoir.commands.sales import Period
from comptoir.domain.house import NO_GUESTS, Staff
from comptoir.domain.shift import Shift, Timesheet
from comptoir.journal import Journal


@dataclass(frozen=True, slots=True)
class Worked:
    """A shift, and whose it was."""

    staff: str
    shift: Shift


def shifts_of(journal: Journal, period: Period) -> list[Worked]:
    """Return the shifts of a period, newest first; the kitchen's only where tips were declared."""
    cooks = {one.id for one in journal.states("staff") if _cooks(one)}
    sheets: list[Timesheet] = journal.states("shift")
    found = [
        Worked(sheet.staff, shift)
        for sheet in sheets
        for shift in sheet.shifts
        if period.first <= shift.business_date <= period.last
        and (sheet.staff not in cooks or shift.tips is not None)
    ]
    return sorted(found, key=lambda one: (-one.shift.in_ms, one.staff))


def _cooks(one: Staff) -> bool:
    return one.role in NO_GUESTS


def by_person(found: Sequence[Worked]) -> Mapping[str, int]:
    """Return what each who declared anything declared."""
    sums: dict[str, int] = {}
    for one in found:
        if one.shift.tips is not None:
            sums[one.staff] = sums.get(one.staff, 0) + one.shift.tips
    return sums
