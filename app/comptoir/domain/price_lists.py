"""Price lists: what costs something else at certain hours, days and kinds of order.

Happy hours, lunch prices and promotions are one thing: a window of wall-clock time and a price.
Wall time is what the guests' watches show, so a list begins and ends at its minute on the days when
clocks change too. The time is passed in; nothing here asks for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.domain.money import PPM, half_up

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Moment:
    """Wall-clock time of a restaurant: ISO date and minutes since midnight."""

    date: str
    minute: int


def moment(now_ms: int, timezone: str) -> Moment:
    """Return the wall-clock time of an instant; UTC when the zone is unknown."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = datetime.fromtimestamp(now_ms // 1000, UTC).astimezone(zone)
    return Moment(local.date().isoformat(), local.hour * 60 + local.minute)


def instant(at: Moment, timezone: str) -> int:
    """Return when a restaurant's watches show this, milliseconds since 1970: ``moment`` reversed.

    The earlier one where clocks are put back; raises ValueError for no date.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    midnight = datetime.fromisoformat(at.date).replace(tzinfo=zone)
    local = midnight.replace(hour=at.minute // 60, minute=at.minute % 60)
    return int(local.timestamp()) * 1000


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices for a while: from ``start_minute`` up to, not including, ``end_minute`` of a day.

    Equal minutes are the whole day; an end before the start is after midnight, and that night still
    belongs to the day it began on. ``days`` are 1 (Monday) to 7, none is every day; ``first_date``
    and ``last_date`` are ISO dates, both included. ``prices`` (minor units) go by item id or
    ``item/variant``; ``off_ppm`` takes a share off what ``items`` and ``categories`` name, or off
    everything when they name nothing. Of several lists in force the highest ``priority`` wins, then
    the one that comes first.
    """

    id: str
    names: Mapping[str, str]
    prices: Mapping[str, int] = field(default_factory=dict)
    off_ppm: int = 0
    items: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    order_types: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    start_minute: int = 0
    end_minute: int = 0
    first_date: str = ""
    last_date: str = ""
    priority: int = 0

    def in_force(self, at: Moment, order_type: str) -> bool:
        """Tell whether the list counts for an order of this type at this moment."""
        if self.order_types and order_type not in self.order_types:
            return False
        today, start, end = date.fromisoformat(at.date), self.start_minute, self.end_minute
        if start == end:
            return self._on(today)
        if start < end:
            return start <= at.minute < end and self._on(today)
        return (at.minute >= start and self._on(today)) or (
            at.minute < end and self._on(today - timedelta(days=1))
        )

    def _on(self, day: date) -> bool:
        if self.days and day.isoweekday() not in self.days:
            return False
        return (self.first_date or "0") <= day.isoformat() <= (self.last_date or "9")

    def price(self, names: Iterable[str], category: str, price: int) -> int | None:
        """Return what it makes of a price; ``names`` are the item's, the most exact first.

        None when the list does not speak of the item.
        """
        names = tuple(names)
        for name in names:
            if name in self.prices:
                return self.prices[name]
        everything = not self.items and not self.categories
        meant = everything or category in self.categories or any(n in self.items for n in names)
        if self.off_ppm and meant:
            return price - half_up(price * self.off_ppm, PPM)
        return None


@dataclass(frozen=True, slots=True)
class Priced:
    """A price in minor units, and the list it comes from; empty for the menu's own."""

    price: int
    price_list: str = ""


def lowest_rank(lists: Iterable[PriceList]) -> list[PriceList]:
    """Return lists in the order in which they are asked."""
    return sorted(lists, key=lambda one: -one.priority)
