"""The menu: published whole, edited record by record, and what of it is left today."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body
from comptoir.domain.menu import Category, Item, ModifierGroup
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import TaxRate


@dataclass(frozen=True, slots=True)
class MenuBody(Body):
    """A body that changes the menu."""

    def aggregates(self) -> tuple[str, ...]:
        """Return the menu."""
        return ("menu:it",)


@dataclass(frozen=True, slots=True)
class MenuPublished(MenuBody):
    """One part of a menu version; the version counts when all its parts are there.

    It replaces every record, also those edited before it.
    """

    KIND: ClassVar[str] = "menu.published"
    version: str
    part: int
    parts: int
    taxes: tuple[TaxRate, ...] = ()
    categories: tuple[Category, ...] = ()
    groups: tuple[ModifierGroup, ...] = ()
    items: tuple[Item, ...] = ()
    price_lists: tuple[PriceList, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemSet(MenuBody):
    """An item is now this: changed where it stands, or new at the end of the menu."""

    KIND: ClassVar[str] = "menu.item_set"
    item: Item


@dataclass(frozen=True, slots=True)
class CategorySet(MenuBody):
    """A category is now this."""

    KIND: ClassVar[str] = "menu.category_set"
    category: Category


@dataclass(frozen=True, slots=True)
class ModifierGroupSet(MenuBody):
    """A modifier group, with its choices, is now this."""

    KIND: ClassVar[str] = "menu.group_set"
    group: ModifierGroup


@dataclass(frozen=True, slots=True)
class PriceListSet(MenuBody):
    """A price list is now this."""

    KIND: ClassVar[str] = "menu.price_list_set"
    price_list: PriceList


@dataclass(frozen=True, slots=True)
class MenuTaxSet(MenuBody):
    """A tax rate of the menu is now this; lines added before keep their copy."""

    KIND: ClassVar[str] = "menu.tax_set"
    tax: TaxRate


@dataclass(frozen=True, slots=True)
class MenuRecordRemoved(MenuBody):
    """A record left the menu; ``kind`` is item, category, group, price_list or tax."""

    KIND: ClassVar[str] = "menu.removed"
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class MenuOrdered(MenuBody):
    """Records of a kind stand in this order; those not named come after, as they stood."""

    KIND: ClassVar[str] = "menu.ordered"
    kind: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemCounted(Body):
    """So much is left of an item, in thousandths; lines added from now on take from this count."""

    KIND: ClassVar[str] = "menu.item_counted"
    item: str
    count: str
    left_milli: int

    def aggregates(self) -> tuple[str, ...]:
        """Return the item and the count."""
        return (f"item:{self.item}", f"count:{self.count}")


@dataclass(frozen=True, slots=True)
class ItemStopped(Body):
    """An item is not to be had for now: "86"."""

    KIND: ClassVar[str] = "menu.item_stopped"
    item: str
    reason: str = ""

    def aggregates(self) -> tuple[str, ...]:
        """Return the item."""
        return (f"item:{self.item}",)


@dataclass(frozen=True, slots=True)
class ItemBack(Body):
    """An item is to be had again, without a count."""

    KIND: ClassVar[str] = "menu.item_back"
    item: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the item."""
        return (f"item:{self.item}",)


BODIES = (
    MenuPublished,
    ItemSet,
    CategorySet,
    ModifierGroupSet,
    PriceListSet,
    MenuTaxSet,
    MenuRecordRemoved,
    MenuOrdered,
    ItemCounted,
    ItemStopped,
    ItemBack,
)
