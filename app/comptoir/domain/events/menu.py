"""The menu: published whole, edited record by record at once or as a draft, what is left today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

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
class MenuEditDrafted(Body):
    """An edit is kept for later: it counts once the draft is published with it.

    It ``becomes`` an event of that kind with this ``body``. ``was`` is the record as its author
    saw it (empty for a new one): only what differs from it is changed, so that two people who
    edit one dish on two terminals keep each other's work.
    """

    KIND: ClassVar[str] = "menu.edit_drafted"
    edit: str
    becomes: str
    body: Mapping[str, Any]
    was: Mapping[str, Any] = field(default_factory=dict)

    def aggregates(self) -> tuple[str, ...]:
        """Return the menu, which needs it once it counts, and the draft."""
        return ("menu:it", "draft:it")


@dataclass(frozen=True, slots=True)
class MenuDraftPublished(Body):
    """These edits of the draft count from now on; published twice, an edit counts once."""

    KIND: ClassVar[str] = "menu.draft_published"
    edits: tuple[str, ...]

    def aggregates(self) -> tuple[str, ...]:
        """Return the menu and the draft."""
        return ("menu:it", "draft:it")


@dataclass(frozen=True, slots=True)
class MenuDraftDiscarded(Body):
    """These edits of the draft will never count, unless somebody published them meanwhile."""

    KIND: ClassVar[str] = "menu.draft_discarded"
    edits: tuple[str, ...]

    def aggregates(self) -> tuple[str, ...]:
        """Return the draft."""
        return ("draft:it",)


@dataclass(frozen=True, slots=True)
class MenuDraftPlanned(Body):
    """The draft is published by itself at this instant (milliseconds since 1970); 0 is never."""

    KIND: ClassVar[str] = "menu.draft_planned"
    at_ms: int

    def aggregates(self) -> tuple[str, ...]:
        """Return the draft."""
        return ("draft:it",)


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
    MenuEditDrafted,
    MenuDraftPublished,
    MenuDraftDiscarded,
    MenuDraftPlanned,
    ItemCounted,
    ItemStopped,
    ItemBack,
)
