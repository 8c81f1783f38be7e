"""Tips put together: what each of a day's crew gets of that day's tips, by the time they worked."""

from collections.abc import Mapping
from dataclasses import dataclass

from comptoir.commands.sales import Period, Sales
from comptoir.domain import sales
from comptoir.domain.house import MANAGER, Staff
from comptoir.domain.money import apportion
from comptoir.domain.shift import Timesheet
from comptoir.journal import Journal


@dataclass(frozen=True, slots=True)
class Share:
    """What a person worked and gets."""

    staff: str
    worked_ms: int
    amount: int


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool's shares, the largest first; ``unshared`` are tips of days when nobody clocked in."""

    shares: tuple[Share, ...] = ()
    unshared: int = 0

    @property
    def total(self) -> int:
        """Return the tips that came in."""
        return self.unshared + sum(one.amount for one in self.shares)


def tip_pool(journal: Journal, found: Sales, period: Period, now_ms: int) -> Pool:
    """Return a period's pool; managers clock in, and have no part in it."""
    tips = {day: one.amount for day, one in found.days(sales.TIP, period).items()}
    managers = {one.id for one in journal.states("staff") if _leads(one)}
    worked: dict[str, dict[str, int]] = {}
    sheets: list[Timesheet] = journal.states("shift")
    for sheet in sheets:
        for shift in sheet.shifts:
            if shift.business_date in tips and sheet.staff not in managers:
                day = worked.setdefault(shift.business_date, {})
                day[sheet.staff] = day.get(sheet.staff, 0) + shift.worked_ms(now_ms)
    return pooled(tips, worked)


def _leads(one: Staff) -> bool:
    return one.role == MANAGER


def pooled(tips: Mapping[str, int], worked: Mapping[str, Mapping[str, int]]) -> Pool:
    """Share each day's tips by the milliseconds that each worked that day, to the last cent."""
    hours: dict[str, int] = {}
    amounts: dict[str, int] = {}
    unshared = 0
    for day, amount in tips.items():
        crew = {name: ms for name, ms in sorted(worked.get(day, {}).items()) if ms > 0}
        for name, ms in crew.items():
            hours[name] = hours.get(name, 0) + ms
        if not crew:
            unshared += amount
            continue
        for name, part in zip(crew, apportion(amount, list(crew.values())), strict=True):
            amounts[name] = amounts.get(name, 0) + part
    shares = [Share(name, ms, amounts.get(name, 0)) for name, ms in hours.items()]
    return Pool(tuple(sorted(shares, key=lambda one: (-one.amount, one.staff))), unshared)
