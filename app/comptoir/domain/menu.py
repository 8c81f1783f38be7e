"""The menu: what can be ordered, at which price, in which languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from comptoir.domain.errors import ItemNotFound, ModifierRefused
from comptoir.domain.tax import TaxRate

Names = Mapping[str, str]
EAT_IN = "eat_in"
TAKE_AWAY = "take_away"
ORDER_TYPES = (EAT_IN, TAKE_AWAY)


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
    """One choice of a group; ``price`` in minor units is added to the item's."""

    id: str
    names: Names
    price: int = 0


@dataclass(frozen=True, slots=True)
class ModifierGroup:
    """Choices that go together: between ``min`` and ``max`` of them must be made."""

    id: str
    names: Names
    modifiers: tuple[Modifier, ...]
    min: int = 0
    max: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """Something to order; ``price`` in minor units, ``taxes`` are tax ids per order type."""

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


@dataclass(frozen=True)
class Menu:
    """One published version of the menu."""

    version: str = ""
    taxes: tuple[TaxRate, ...] = ()
    categories: tuple[Category, ...] = ()
    groups: tuple[ModifierGroup, ...] = ()
    items: tuple[Item, ...] = ()

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _groups(self) -> dict[str, ModifierGroup]:
        return {group.id: group for group in self.groups}

    def item(self, item_id: str) -> Item:
        """Return an item; raises ItemNotFound."""
        try:
            return self._items[item_id]
        except KeyError:
            raise ItemNotFound(item_id) from None

    def by_barcode(self, barcode: str) -> Item:
        """Return the item with this barcode; raises ItemNotFound."""
        for item in self.items:
            if item.barcode and item.barcode == barcode:
                return item
        raise ItemNotFound(barcode)

    def groups_of(self, item: Item) -> tuple[ModifierGroup, ...]:
        """Return the modifier groups of an item, in the order it names them."""
        return tuple(self._groups[group] for group in item.groups if group in self._groups)

    def rates(self, item: Item, order_type: str) -> tuple[TaxRate, ...]:
        """Return the rates that apply to an item eaten in or taken away."""
        wanted = item.taxes.get(order_type, ())
        return tuple(rate for rate in self.taxes if rate.id in wanted)

    def choose(self, item: Item, chosen: tuple[str, ...]) -> tuple[Modifier, ...]:
        """Return the chosen modifiers; raises ModifierRefused when a group's rule is broken."""
        picked: list[Modifier] = []
        for group in self.groups_of(item):
            mine = [modifier for modifier in group.modifiers if modifier.id in chosen]
            if not group.min <= len(mine) <= group.max:
                raise ModifierRefused(
                    f"{named(item.names, 'en')}: choose {_span(group)} of "
                    f"{named(group.names, 'en')}, not {len(mine)}."
                )
            picked += mine
        unknown = set(chosen) - {modifier.id for modifier in picked}
        if unknown or len(set(chosen)) != len(chosen):
            raise ModifierRefused(
                f"{named(item.names, 'en')} does not take {', '.join(sorted(unknown or chosen))}."
            )
        return tuple(picked)


def _span(group: ModifierGroup) -> str:
    return str(group.min) if group.min == group.max else f"{group.min} to {group.max}"
