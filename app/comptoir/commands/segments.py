"""Sales by segment (D17): order type, part of the day, kind of customer; each way adds up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.commands.sales import Period, Sales
from comptoir.domain import events as ev
from comptoir.domain import sales
from comptoir.domain.check import Check
from comptoir.domain.dayparts import DAY_MINUTES, NAMES, STEP_MINUTES, Daypart
from comptoir.domain.errors import AmountRefused
from comptoir.domain.sales import Sum
from comptoir.domain.segments import ASLEEP, CUSTOMERS, NO_ACCOUNT, Dayparts, customer
from comptoir.journal import Journal, Writing

ORDER_TYPE, DAYPART, CUSTOMER = "order_type", "daypart", "customer"
WAYS: Mapping[str, str] = {
    ORDER_TYPE: sales.ORDER_TYPE,
    DAYPART: sales.OPENED,
    CUSTOMER: sales.CUSTOMER,
}
CHECKS_SHOWN_MAX = 200
KEYS_READ_MAX = 400


@dataclass(frozen=True, slots=True)
class SetDayparts(Command):
    """Tell these parts of the day apart in reports, each until the next one begins."""

    parts: tuple[Daypart, ...]


@handles(SetDayparts, MANAGERS)
def set_dayparts(command: SetDayparts, writing: Writing, desk: Desk) -> None:
    """Set them."""
    del desk
    ids = [part.id for part in command.parts]
    begins = [part.begin_minute for part in command.parts]
    if not ids or len(set(ids)) < len(ids) or not set(ids) <= set(NAMES):
        raise AmountRefused(f"A day has parts, each once: {', '.join(NAMES)}.")
    if any(not 0 <= one < DAY_MINUTES or one % STEP_MINUTES for one in begins):
        raise AmountRefused(f"A part of the day begins at a whole or half hour ({STEP_MINUTES}).")
    if len(set(begins)) < len(begins):
        raise AmountRefused("Two parts of the day cannot begin at the same time.")
    writing.append(ev.DaypartsSet(command.parts))


def dayparts(journal: Journal) -> Dayparts:
    """Return the parts of the house's day."""
    found: Dayparts = journal.state("dayparts:it")
    return found


@dataclass(frozen=True, slots=True)
class Segment:
    """What a segment sold; ``margin`` is of the dishes of which it is known what they cost.

    ``keys`` are the slices of the figures that it is made of.
    """

    key: str
    sold: Sum
    margin: Sum
    keys: tuple[str, ...]

    @property
    def guests(self) -> int:
        """Return how many guests there were."""
        return self.sold.qty_milli // 1000

    @property
    def average(self) -> int:
        """Return what a check comes to."""
        return self.sold.amount // self.sold.count if self.sold.count else 0


def segments(journal: Journal, found: Sales, way: str, period: Period, today: str) -> list[Segment]:
    """Return the segments of a period, in their order; the order types by what they sold."""
    slices, margins = found.segments(WAYS[way], period)
    name = _naming(journal, found, way, today)
    sums: dict[str, tuple[Sum, Sum, tuple[str, ...]]] = {}
    for one in slices:
        sold, margin, keys = sums.get(name(one.key), (Sum(), Sum(), ()))
        more = margins.get(one.key, Sum())
        sums[name(one.key)] = (sold.plus(one.sum), margin.plus(more), (*keys, one.key))
    order = {DAYPART: [part.id for part in dayparts(journal).parts], CUSTOMER: list(CUSTOMERS)}
    ordered = [key for key in order.get(way, sums) if key in sums]
    return [Segment(key, *sums[key]) for key in ordered]


def _naming(journal: Journal, found: Sales, way: str, today: str) -> Callable[[str], str]:
    """Return what tells the segment of a slice."""
    if way == DAYPART:
        day = dayparts(journal)
        return lambda key: day.of(int(key[:2]) * 60 + int(key[3:]))
    if way == CUSTOMER:
        kinds = {
            one.account: customer(one.recency, one.frequency, one.money)
            for one in found.regulars(today)
        }
        return lambda key: kinds.get(key, ASLEEP) if key else NO_ACCOUNT
    return lambda key: key


def checks_of(found: Sales, way: str, segment: Segment, period: Period) -> list[tuple[Check, Sum]]:
    """Return the checks behind a segment, the newest first."""
    parts = [
        part
        for key in segment.keys[:KEYS_READ_MAX]
        for part in found.checks(WAYS[way], key, period)
    ]
    parts.sort(key=lambda one: (one[0].business_date, one[0].opened_ms), reverse=True)
    return parts[:CHECKS_SHOWN_MAX]
