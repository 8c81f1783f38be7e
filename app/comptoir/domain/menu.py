"""The menu: what can be ordered, in which forms, at which price, in which languages."""

from collections.abc import Iterable, KeysView, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from comptoir.domain.errors import ItemNotFound, VariantRefused
from comptoir.domain.menu_index import MenuIndex
from comptoir.domain.money import half_up
from comptoir.domain.price_lists import Moment, Priced, PriceList, lowest_rank
from comptoir.domain.tax import TaxRate

Names = Mapping[str, str]
EAT_IN = "eat_in"
TAKE_AWAY = "take_away"
ORDER_TYPES = (EAT_IN, TAKE_AWAY)
EACH, WEIGHT, OPEN_PRICE = "each", "weight", "open"
SOLD_BY = (EACH, WEIGHT, OPEN_PRICE)
PREFIXES = ("no", "extra", "side", "half")
ALLERGENS = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk", "nuts", "celery",
    "mustard", "sesame", "sulphites", "lupin", "molluscs",
)  # fmt: skip


def named(names: Names, language: str) -> str:
    """Return the name in a language, else in English, else in whatever there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "?")


@dataclass(frozen=True, slots=True)
class Category:
    """A page of the order pad."""

    id: str
    names: Names
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Modifier:
    """One choice of a group; ``price`` in minor units is added to the item's.

    ``groups`` are asked for once it is chosen. In a set meal the choice stands for the dish
    ``item``, which is cooked and taxed as itself, and ``price`` is its supplement. As chosen on a
    line it also has its ``prefix`` (no, extra, side, half) and the choices it is ``within``.
    """

    id: str
    names: Names
    price: int = 0
    groups: tuple[str, ...] = ()
    item: str = ""
    allergens: tuple[str, ...] = ()
    kitchen: Names = field(default_factory=dict)
    prefix: str = ""
    within: str = ""

    @property
    def choice(self) -> str:
        """Return how a command asks for it: ``noodles/extra:egg``."""
        name = f"{self.prefix}:{self.id}" if self.prefix else self.id
        return f"{self.within}/{name}" if self.within else name


@dataclass(frozen=True, slots=True)
class ModifierGroup:
    """Choices that go together: between ``min`` and ``max`` of them must be made.

    The ``free`` cheapest cost nothing. ``prefixes`` says which of no, extra, side and half may be
    put before a choice, and what share of its price each costs (parts per million).
    """

    id: str
    names: Names
    modifiers: tuple[Modifier, ...]
    min: int = 0
    max: int = 1
    free: int = 0
    prefixes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """A form of an item with a price of its own: a half portion, or a size and colour.

    ``options`` are its values on the axes (``{"size": "L"}``); one without options is a portion,
    beside the item itself. It takes ``portion_milli`` thousandths of what is left of the item, and
    costs the house that share of it where it has no ``cost`` of its own.
    """

    id: str
    names: Names
    price: int
    barcode: str = ""
    sku: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    portion_milli: int = 1000
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """Something to order; ``price`` in minor units, ``taxes`` are tax ids per order type.

    ``names`` stand on receipts and wherever nothing shorter is given; ``screen``, ``kitchen`` and
    ``receipt`` are the names for these. Sold by weight, the price is for one kilogram and a
    quantity is in grams. ``pinyin`` is what Chinese names are also searched by. ``cost`` is what
    one costs the house, without taxes; 0 is not known.
    """

    id: str
    category: str
    names: Names
    price: int
    taxes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    number: str = ""
    groups: tuple[str, ...] = ()
    station: str = "kitchen"
    course: int = 1
    barcode: str = ""
    variants: tuple[Variant, ...] = ()
    allergens: tuple[str, ...] = ()
    screen: Names = field(default_factory=dict)
    kitchen: Names = field(default_factory=dict)
    receipt: Names = field(default_factory=dict)
    sold_by: str = EACH
    sku: str = ""
    pinyin: tuple[str, ...] = ()
    cost: int = 0

    def for_screen(self) -> Names:
        """Return the names that keys show."""
        return {**self.names, **self.screen}

    def for_kitchen(self) -> Names:
        """Return the names that cooks read."""
        return {**self.names, **self.kitchen}

    def for_receipt(self) -> Names:
        """Return the names that guests read."""
        return {**self.names, **self.receipt}

    def cost_of(self, variant: Variant | None) -> int:
        """Return what a form of it costs the house: its own cost, else its share of the item's."""
        if variant is None:
            return self.cost
        return variant.cost or half_up(self.cost * variant.portion_milli, 1000)

    def variant(self, name: str) -> Variant | None:
        """Return a form of this item; raises VariantRefused when there is none or one is needed."""
        for variant in self.variants:
            if variant.id == name:
                return variant
        if name or any(variant.options for variant in self.variants):
            known = ", ".join(variant.id for variant in self.variants) or "none"
            raise VariantRefused(
                f"{named(self.names, 'en')} has no form {name!r}; its forms are {known}."
            )
        return None


@dataclass(frozen=True)
class Menu:
    """The menu in force: a published version with the edits made since."""

    version: str = ""
    taxes: tuple[TaxRate, ...] = ()
    categories: tuple[Category, ...] = ()
    groups: tuple[ModifierGroup, ...] = ()
    items: tuple[Item, ...] = ()
    price_lists: tuple[PriceList, ...] = ()
    edits: int = 0

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _groups(self) -> dict[str, ModifierGroup]:
        return {group.id: group for group in self.groups}

    @cached_property
    def _barcodes(self) -> dict[str, tuple[Item, str]]:
        found: dict[str, tuple[Item, str]] = {}
        for item in reversed(self.items):
            for variant in reversed(item.variants):
                found[variant.barcode] = item, variant.id
            found[item.barcode] = item, ""
        found.pop("", None)
        return found

    @cached_property
    def _pages(self) -> dict[str, tuple[Item, ...]]:
        pages: dict[str, list[Item]] = {}
        for item in self.items:
            pages.setdefault(item.category, []).append(item)
        return {category: tuple(items) for category, items in pages.items()}

    @cached_property
    def _lists(self) -> list[PriceList]:
        return lowest_rank(self.price_lists)

    @cached_property
    def _index(self) -> MenuIndex:
        return MenuIndex(self.items)

    def search(self, text: str, limit: int) -> list[Item]:
        """Return items by barcode, dish number, pinyin, or the beginning of words, best first."""
        return [self.items[place] for place in self._index.search(text, limit)]

    @property
    def ids(self) -> KeysView[str]:
        """Return the ids of the items."""
        return self._items.keys()

    def item(self, item_id: str) -> Item:
        """Return an item; raises ItemNotFound."""
        try:
            return self._items[item_id]
        except KeyError:
            raise ItemNotFound(item_id) from None

    def page(self, category: str) -> tuple[Item, ...]:
        """Return the items of a category."""
        return self._pages.get(category, ())

    def scanned(self, barcode: str) -> tuple[Item, str]:
        """Return the item and the variant (or empty) of a barcode; raises ItemNotFound."""
        try:
            return self._barcodes[barcode]
        except KeyError:
            raise ItemNotFound(barcode) from None

    def by_barcode(self, barcode: str) -> Item:
        """Return the item with this barcode; raises ItemNotFound."""
        return self.scanned(barcode)[0]

    def group(self, name: str) -> ModifierGroup | None:
        """Return a modifier group, or None."""
        return self._groups.get(name)

    def groups_named(self, names: Iterable[str]) -> tuple[ModifierGroup, ...]:
        """Return groups by their ids, in that order, without those that are gone."""
        return tuple(self._groups[name] for name in names if name in self._groups)

    def groups_of(self, item: Item) -> tuple[ModifierGroup, ...]:
        """Return the modifier groups of an item, in the order it names them."""
        return self.groups_named(item.groups)

    def rates(self, item: Item, order_type: str) -> tuple[TaxRate, ...]:
        """Return the rates that apply to an item eaten in or taken away."""
        wanted = item.taxes.get(order_type, ())
        return tuple(rate for rate in self.taxes if rate.id in wanted)

    def price_of(self, item: Item, variant: Variant | None, order_type: str, at: Moment) -> Priced:
        """Return the price at a moment, by the first price list in force that speaks of it."""
        price = variant.price if variant else item.price
        names = (f"{item.id}/{variant.id}",) if variant else (item.id,)
        for one in self._lists:
            if one.in_force(at, order_type):
                whole = one.price(names, item.category, price)
                if whole is not None:
                    return Priced(whole, one.id)
        return Priced(price)
