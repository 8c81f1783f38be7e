"""What was sold, when, by whom, and what was let go: figures of any period, down to their checks.

X and Z are in ``reports``: they are sums of events between two closes. Here a check belongs, with
all that ever happens to it, to the business day it was opened on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comptoir.domain import sales
from comptoir.domain.check import Check
from comptoir.domain.events import Event
from comptoir.domain.house import Restaurant
from comptoir.domain.menu import Menu, Names
from comptoir.domain.price_lists import moment
from comptoir.domain.sales import Facts, Sum
from comptoir.journal import Journal
from comptoir.journal.tallies import Row, Tallies

STEPS_AT_ONCE = 5
CHECKS_SHOWN_MAX = 200
SCORES = 5
FAR_BACK_DAYS = 366


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both included, as ISO dates."""

    first: str
    last: str

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    @property
    def dates(self) -> tuple[str, ...]:
        """Return its days, in order."""
        begin = date.fromisoformat(self.first)
        return tuple((begin + timedelta(days=i)).isoformat() for i in range(self.days))

    def before(self, days: int) -> "Period":
        """Return the same stretch of days so much earlier."""
        back = timedelta(days=days)
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        return Period((first - back).isoformat(), (last - back).isoformat())


def last_days(today: str, count: int) -> Period:
    """Return the days up to today, today included."""
    first = date.fromisoformat(today) - timedelta(days=count - 1)
    return Period(first.isoformat(), today)


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a figure: a dish, a server, an hour, a reason."""

    key: str
    names: Names
    sum: Sum
    category: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """What one server did: sales, guests, tips, and what they voided and gave away."""

    id: str
    sold: Sum
    tips: int
    voids: Sum
    comps: Sum

    @property
    def average(self) -> int:
        """Return what a check of theirs comes to."""
        return self.sold.amount // self.sold.count if self.sold.count else 0


@dataclass(frozen=True, slots=True)
class Regular:
    """A house account by how lately, how often and for how much it buys; 5 is best of each."""

    account: str
    last: str
    count: int
    amount: int
    recency: int
    frequency: int
    money: int

    @property
    def score(self) -> int:
        """Return the three together."""
        return self.recency + self.frequency + self.money


class Sales:
    """The figures of one journal; ``follow`` keeps them near its end."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tallies = Tallies(journal, self._facts)

    def _facts(self, check: Check, events: Sequence[Event]) -> Facts:
        house: Restaurant = self._journal.state("restaurant:it")
        return sales.facts_of(check, events, lambda ms: moment(ms, house.timezone).minute)

    def follow(self) -> bool:
        """Take one step towards the journal's end; tells whether it is reached."""
        return self._tallies.follow()

    def refresh(self, steps: int = STEPS_AT_ONCE) -> int:
        """Take a few steps; returns how many events the figures still do not know."""
        for _ in range(steps):
            if self._tallies.follow():
                return 0
        return self._tallies.behind()

    def close(self) -> None:
        """Close the file of the sums."""
        self._tallies.close()

    def total(self, cut: str, period: Period) -> Sum:
        """Return a cut's sum over a period."""
        return self._tallies.total(cut, period.first, period.last)

    def slices(self, cut: str, period: Period) -> list[Slice]:
        """Return a cut's slices, the largest amount first; hours and so on by their key."""
        menu: Menu = self._journal.state("menu:it")
        found = [
            _slice(row, cut, menu) for row in self._tallies.rows(cut, period.first, period.last)
        ]
        if cut in {sales.HOUR, *(sales.loss(kind, sales.AT) for kind in sales.LOSSES)}:
            return found
        return sorted(found, key=lambda one: (-one.sum.amount, -one.sum.count, one.key))

    def categories(self, dishes: Sequence[Slice]) -> list[Slice]:
        """Return what each category of today's menu sold; dishes that left it come last."""
        menu: Menu = self._journal.state("menu:it")
        names = {category.id: category.names for category in menu.categories}
        sums: dict[str, Sum] = {}
        for one in dishes:
            sums[one.category] = sums.get(one.category, Sum()).plus(one.sum)
        found = [Slice(key, names.get(key, {}), total, key) for key, total in sums.items()]
        return sorted(found, key=lambda one: (not one.names, -one.sum.amount))

    def days(self, cut: str, period: Period) -> dict[str, Sum]:
        """Return a cut's sum for every day of a period."""
        found = self._tallies.by_day(cut, period.first, period.last)
        return {day: found.get(day, Sum()) for day in period.dates}

    def servers(self, period: Period) -> list[Server]:
        """Return what each server did, the best seller first."""
        cuts = (
            sales.SERVER,
            sales.TIP,
            sales.loss(sales.VOID, sales.BY),
            sales.loss(sales.COMP, sales.BY),
        )
        sold, tips, voids, comps = (
            {one.key: one.sum for one in self.slices(cut, period)} for cut in cuts
        )
        none = Sum()
        found = [
            Server(
                name,
                sold.get(name, none),
                tips.get(name, none).amount,
                voids.get(name, none),
                comps.get(name, none),
            )
            for name in {*sold, *tips, *voids, *comps}
        ]
        return sorted(found, key=lambda one: (-one.sold.amount, one.id))

    def regulars(self, today: str) -> list[Regular]:
        """Return the house accounts of a year, those that drive the sales first (S2)."""
        year = last_days(today, FAR_BACK_DAYS)
        newest = self._tallies.newest(sales.ACCOUNT, year.first, year.last)
        found = [one for one in self.slices(sales.ACCOUNT, year) if one.key in newest]
        ranks = [
            _scores([newest[one.key] for one in found]),
            _scores([one.sum.count for one in found]),
            _scores([one.sum.amount for one in found]),
        ]
        regulars = [
            Regular(one.key, newest[one.key], one.sum.count, one.sum.amount, *scores)
            for one, *scores in zip(found, *ranks, strict=True)
        ]
        return sorted(regulars, key=lambda one: (-one.score, -one.amount, one.account))

    def segments(self, cut: str, period: Period) -> tuple[list[Slice], dict[str, Sum]]:
        """Return the slices of a way to put sales in segments, and the margin of each by key."""
        margins = self._tallies.rows(sales.margin_of(cut), period.first, period.last)
        return self.slices(cut, period), {row.key: row.sum for row in margins}

    def checks(self, cut: str, key: str, period: Period) -> list[tuple[Check, Sum]]:
        """Return the checks behind a slice, newest first, each with its part of the figure."""
        found = self._tallies.subjects(cut, key, period.first, period.last, CHECKS_SHOWN_MAX)
        return [(self._journal.state(f"check:{name}"), part) for name, part in found]


def _slice(row: Row, cut: str, menu: Menu) -> Slice:
    if cut not in sales.OF_ITEMS:
        return Slice(row.key, row.names, row.sum)
    item, _, variant = row.key.partition("/")
    if item not in menu.ids:
        return Slice(row.key, row.names, row.sum)
    known = menu.item(item)
    names = row.names if variant else known.names
    return Slice(row.key, names, row.sum, known.category)


def _scores(values: Sequence[str | int]) -> list[int]:
    """Return 1 to 5 for each value by the fifth of all that it falls in; equal ones alike."""
    places = {value: place for place, value in enumerate(sorted(set(values), key=_key))}
    last = len(places) - 1
    return [1 + places[one] * (SCORES - 1) // last if last else SCORES for one in values]


def _key(value: str | int) -> tuple[str, int]:
    return (value, 0) if isinstance(value, str) else ("", value)
