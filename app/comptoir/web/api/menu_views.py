"""What callers get of the menu: its records, what each item costs now, and what is left of it."""

from collections.abc import Mapping

from comptoir.commands import queries
from comptoir.commands.availability import Left, availability
from comptoir.commands.menu_draft import DraftNow
from comptoir.domain import menu
from comptoir.domain.price_lists import Moment, PriceList, moment
from comptoir.domain.tax import TaxRate
from comptoir.journal import Journal
from comptoir.web.api.answers import Answer


class LeftView(Answer, frozen=True):
    """An item (or ``item/variant``) that is counted or taken off.

    ``left_milli`` is null when nobody counted it, and below zero when more was sold than there was.
    """

    item: str
    to_be_had: bool
    stopped: bool
    reason: str
    left_milli: int | None
    oversold_milli: int
    by: str
    since_ms: int


class Availability(Answer, frozen=True):
    """What is counted or taken off; everything else is to be had."""

    items: tuple[LeftView, ...]


class ItemView(Answer, frozen=True):
    """An item with its modifier groups; prices in minor units.

    ``price`` is the menu's own, ``prices`` what it costs now, by order type.
    """

    id: str
    category: str
    names: Mapping[str, str]
    price: int
    prices: Mapping[str, int]
    number: str
    station: str
    course: int
    barcode: str
    taxes: Mapping[str, tuple[str, ...]]
    groups: tuple[menu.ModifierGroup, ...]
    variants: tuple[menu.Variant, ...]
    allergens: tuple[str, ...]
    screen: Mapping[str, str]
    kitchen: Mapping[str, str]
    receipt: Mapping[str, str]
    sold_by: str
    sku: str
    cost: int
    to_be_had: bool
    left_milli: int | None


class MenuView(Answer, frozen=True):
    """The menu in force: a published version with the edits made since."""

    version: str
    edits: int
    currency: str
    taxes: tuple[TaxRate, ...]
    categories: tuple[menu.Category, ...]
    groups: tuple[menu.ModifierGroup, ...]
    price_lists: tuple[PriceList, ...]
    items: tuple[ItemView, ...]


class DraftedView(Answer, frozen=True):
    """An edit that waits: the event that it becomes, by whom and since when."""

    id: str
    becomes: str
    by: str
    at_ms: int


class ChangedView(Answer, frozen=True):
    """A record that the draft adds, removes or changes; ``fields`` are those that differ."""

    kind: str
    id: str
    what: str
    fields: tuple[str, ...]


class DraftView(Answer, frozen=True):
    """What waits to be published; by itself at ``at_ms`` unless that is 0."""

    edits: tuple[DraftedView, ...]
    changes: tuple[ChangedView, ...]
    flaws: tuple[str, ...]
    at_ms: int


def draft(now: DraftNow) -> DraftView:
    """Return the view of the draft."""
    return DraftView(
        tuple(
            DraftedView(one.edit.edit, one.edit.becomes, one.by, one.at_ms)
            for one in now.draft.edits
        ),
        tuple(
            ChangedView(one.kind, one.id, one.what, tuple(change.field for change in one.changes))
            for one in now.differences
        ),
        tuple(f"{one.kind} {one.id}, {one.column}: {one.reason}" for one in now.flaws),
        now.draft.at_ms,
    )


class Found(Answer, frozen=True):
    """Items that a search found, best first."""

    items: tuple[ItemView, ...]


class Showing:
    """The menu as it is now on this terminal, for views of its items."""

    def __init__(self, journal: Journal, now_ms: int) -> None:
        self.menu = queries.menu(journal)
        self.restaurant = queries.restaurant(journal)
        self._at: Moment = moment(now_ms, self.restaurant.timezone)
        self._left = {one.availability.item: one for one in availability(journal)}

    def item(self, one: menu.Item) -> ItemView:
        """Return an item's view, its groups spelled out."""
        left = self._left.get(one.id)
        prices = {
            order_type: self.menu.price_of(one, None, order_type, self._at).price
            for order_type in menu.ORDER_TYPES
        }
        return ItemView(
            one.id, one.category, one.names, one.price, prices, one.number, one.station,
            one.course, one.barcode, one.taxes, self.menu.groups_of(one), one.variants,
            one.allergens, one.screen, one.kitchen, one.receipt, one.sold_by, one.sku,
            one.cost,
            left.to_be_had if left else True, left.left_milli if left else None,
        )  # fmt: skip

    def whole(self) -> MenuView:
        """Return the whole menu's view."""
        shown = self.menu
        return MenuView(
            shown.version, shown.edits, self.restaurant.currency, shown.taxes, shown.categories,
            shown.groups, shown.price_lists, tuple(self.item(one) for one in shown.items),
        )  # fmt: skip


def left(one: Left) -> LeftView:
    """Return the view of what is left of an item."""
    state = one.availability
    return LeftView(
        state.item, one.to_be_had, state.stopped, state.reason, one.left_milli,
        one.oversold_milli, state.by, state.since_ms,
    )  # fmt: skip
