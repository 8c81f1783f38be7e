"""What the stock's counts found more or less than should have been there, in pieces and money.

What should have been there is what the count before it says is left: what was counted, received,
wasted and sold since. A late event changes that count, and with it the variance, on every terminal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from comptoir.commands.sales import Period
from comptoir.commands.stock import stock_limits
from comptoir.domain import events as ev
from comptoir.domain.availability import WASTED, Availability, Count
from comptoir.domain.menu import Item, Menu, Names
from comptoir.domain.money import half_up
from comptoir.domain.stock import Counting, StockLimits, countings
from comptoir.journal import Journal


@dataclass(frozen=True, slots=True)
class Variance:
    """What one count found; quantities in thousandths, ``amount`` in minor units.

    ``unit`` is what one costs the house, or its price where that is not known. Nobody counted
    before when ``before`` is empty: then nothing was expected and nothing varies.
    """

    item: str
    names: Names
    count: str
    before: str
    by: str
    at_ms: int
    business_date: str
    counted_milli: int
    expected_milli: int
    unit: int
    at_cost: bool
    wasted_milli: int = 0
    beyond: bool = False

    @property
    def variance_milli(self) -> int:
        """Return how much more was there; below zero how much less."""
        return self.counted_milli - self.expected_milli

    @property
    def amount(self) -> int:
        """Return what that is worth."""
        return half_up(self.variance_milli * self.unit, 1000)


@dataclass(frozen=True, slots=True)
class ItemVariance:
    """An item's variances of a period together; ``counts`` the newest first."""

    item: str
    names: Names
    counts: tuple[Variance, ...]

    @property
    def variance_milli(self) -> int:
        """Return how much more was there in all."""
        return sum(one.variance_milli for one in self.counts)

    @property
    def amount(self) -> int:
        """Return what that is worth."""
        return sum(one.amount for one in self.counts)

    @property
    def beyond(self) -> bool:
        """Tell whether any of its counts is beyond the limits."""
        return any(one.beyond for one in self.counts)


@dataclass(frozen=True, slots=True)
class Variances:
    """The variances of a period, what lost most first, and the limits that mark them.

    ``wasted`` is what was thrown away on these days, counted since or not, in minor units.
    """

    limits: StockLimits
    items: tuple[ItemVariance, ...]
    wasted: int = 0

    @property
    def missing(self) -> int:
        """Return what was short, in minor units, as a number above zero."""
        return -sum(min(0, one.amount) for one in self._counts())

    @property
    def found(self) -> int:
        """Return what was over, in minor units."""
        return sum(max(0, one.amount) for one in self._counts())

    def _counts(self) -> Iterator[Variance]:
        for one in self.items:
            yield from one.counts


def variances(journal: Journal, period: Period) -> Variances:
    """Return what the counts of a period found, item by item."""
    menu: Menu = journal.state("menu:it")
    limits = stock_limits(journal)
    states: list[Availability] = journal.states("item")
    found = (
        ItemVariance(state.item, item_names(menu, state.item), counts)
        for state in states
        if (counts := tuple(_of_item(journal, menu, limits, state.item, period)))
    )
    items = tuple(sorted(found, key=lambda one: (one.amount, one.item)))
    wasted = sum(
        half_up(_wasted(journal, state.item, period) * unit_value(menu, state.item)[0], 1000)
        for state in states
    )
    return Variances(limits, items, wasted)


def _wasted(journal: Journal, item: str, period: Period) -> int:
    """Return how much of an item was thrown away on these days, in thousandths."""
    events = journal.events(f"stock:{item}")
    undone = {event.body.entry for event in events if isinstance(event.body, ev.StockUndone)}
    return sum(
        event.body.qty_milli
        for event in events
        if isinstance(event.body, ev.StockWasted)
        and event.body.entry not in undone
        and period.first <= event.envelope.business_date <= period.last
    )


def item_variances(journal: Journal, item: str, limit: int) -> list[Variance]:
    """Return an item's last counts, newest first, of any day."""
    menu: Menu = journal.state("menu:it")
    found = countings(journal.events(f"item:{item}"))[: -limit - 1 : -1]
    return list(_measured(journal, menu, stock_limits(journal), found))


def variance_after(journal: Journal, count: Count) -> Variance | None:
    """Return what the count found that ended this one; None while it is in force."""
    menu: Menu = journal.state("menu:it")
    found = countings(journal.events(f"item:{count.item}"))
    after = (one for one in found if one.before == count.id)
    return next(_measured(journal, menu, stock_limits(journal), after), None)


def _of_item(
    journal: Journal, menu: Menu, limits: StockLimits, item: str, period: Period
) -> Iterator[Variance]:
    found = reversed(countings(journal.events(f"item:{item}")))
    here = (one for one in found if period.first <= one.business_date <= period.last)
    return _measured(journal, menu, limits, here)


def _measured(
    journal: Journal, menu: Menu, limits: StockLimits, found: Iterable[Counting]
) -> Iterator[Variance]:
    for one in found:
        counted: Count = journal.state(f"count:{one.count}")
        before: Count = journal.state(f"count:{one.before}") if one.before else counted
        expected = before.left_milli if one.before else counted.start_milli
        wasted = sum(e.qty_milli for e in before.entries if e.what == WASTED and not e.undone)
        unit, at_cost = unit_value(menu, one.item)
        made = Variance(
            one.item,
            item_names(menu, one.item),
            one.count,
            one.before,
            one.by,
            one.at_ms,
            one.business_date,
            counted.start_milli,
            expected,
            unit,
            at_cost,
            wasted if one.before else 0,
        )
        beyond = limits.beyond(made.amount, made.variance_milli, expected)
        yield replace(made, beyond=beyond)


def _known(menu: Menu, name: str) -> tuple[Item | None, str]:
    item, _, variant = name.partition("/")
    return (menu.item(item) if item in menu.ids else None), variant


def item_names(menu: Menu, name: str) -> Names:
    """Return what an item (or ``item/variant``) is called; nothing once it left the menu."""
    item, variant = _known(menu, name)
    if item is None:
        return {}
    forms = [form for form in item.variants if form.id == variant]
    if not forms:
        return item.names
    return {tag: f"{said}, {forms[0].names.get(tag, variant)}" for tag, said in item.names.items()}


def unit_value(menu: Menu, name: str) -> tuple[int, bool]:
    """Return what one costs the house, and True; its price, and False, where nobody said."""
    item, variant = _known(menu, name)
    if item is None:
        return 0, False
    form = next((one for one in item.variants if one.id == variant), None)
    cost = item.cost_of(form)
    return (cost, True) if cost else (form.price if form else item.price, False)
