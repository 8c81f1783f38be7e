"""Editing the menu from any terminal, one record at a time: each edit is a fact about one record.

So two people who edit two dishes on two terminals both see their work kept. An edit may not add a
flaw to the menu; one that was there already does not stand in the way of another edit.
"""

from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.commands.pinyin import with_pinyin
from comptoir.domain import events as ev
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.fold_menu import PARTS, edited
from comptoir.domain.menu import Category, Item, Menu, ModifierGroup
from comptoir.domain.menu_rules import RECORDS_MAX, Flaw, flaws, twins
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import TaxRate
from comptoir.journal import Writing

FLAWS_SHOWN_MAX = 10


@dataclass(frozen=True, slots=True)
class SetItem(Command):
    """Add or change an item, with its variants."""

    item: Item


@dataclass(frozen=True, slots=True)
class SetCategory(Command):
    """Add or change a category."""

    category: Category


@dataclass(frozen=True, slots=True)
class SetModifierGroup(Command):
    """Add or change a modifier group, with its choices."""

    group: ModifierGroup


@dataclass(frozen=True, slots=True)
class SetPriceList(Command):
    """Add or change a price list: a happy hour, a lunch price, a promotion."""

    price_list: PriceList


@dataclass(frozen=True, slots=True)
class SetMenuTax(Command):
    """Add or change a tax rate of the menu."""

    tax: TaxRate


@dataclass(frozen=True, slots=True)
class RemoveFromMenu(Command):
    """Take a record off the menu; ``kind`` is item, category, group, price_list or tax."""

    kind: str
    record: str


@dataclass(frozen=True, slots=True)
class OrderMenu(Command):
    """Put the records of a kind in this order; those not named come after."""

    kind: str
    records: tuple[str, ...]


@handles(SetItem, MANAGERS)
def set_item(command: SetItem, writing: Writing, desk: Desk) -> None:
    """Write what the item now is."""
    del desk
    _write(writing, ev.ItemSet(with_pinyin(command.item)))


@handles(SetCategory, MANAGERS)
def set_category(command: SetCategory, writing: Writing, desk: Desk) -> None:
    """Write what the category now is."""
    del desk
    _write(writing, ev.CategorySet(command.category))


@handles(SetModifierGroup, MANAGERS)
def set_group(command: SetModifierGroup, writing: Writing, desk: Desk) -> None:
    """Write what the group now is."""
    del desk
    _write(writing, ev.ModifierGroupSet(command.group))


@handles(SetPriceList, MANAGERS)
def set_price_list(command: SetPriceList, writing: Writing, desk: Desk) -> None:
    """Write what the price list now is."""
    del desk
    _write(writing, ev.PriceListSet(command.price_list))


@handles(SetMenuTax, MANAGERS)
def set_tax(command: SetMenuTax, writing: Writing, desk: Desk) -> None:
    """Write what the rate now is."""
    del desk
    _write(writing, ev.MenuTaxSet(command.tax))


@handles(RemoveFromMenu, MANAGERS)
def remove(command: RemoveFromMenu, writing: Writing, desk: Desk) -> None:
    """Write that the record is gone; refused while something else names it."""
    del desk
    _known(writing.state("menu:it"), command.kind, (command.record,))
    _write(writing, ev.MenuRecordRemoved(command.kind, command.record))


@handles(OrderMenu, MANAGERS)
def order(command: OrderMenu, writing: Writing, desk: Desk) -> None:
    """Write the order of records."""
    del desk
    _known(writing.state("menu:it"), command.kind, command.records)
    _write(writing, ev.MenuOrdered(command.kind, command.records))


def _known(menu: Menu, kind: str, names: tuple[str, ...]) -> None:
    if kind not in PARTS:
        raise MenuEditRefused(f"{kind!r} is no kind of record; use {', '.join(PARTS)}.")
    known = {record.id for record in getattr(menu, PARTS[kind])}
    for name in names:
        if name not in known:
            raise MenuEditRefused(f"The menu has no {kind} {name!r}. Reload the menu.")
    if len(set(names)) != len(names):
        raise MenuEditRefused(f"A {kind} stands twice in this order.")


def _write(writing: Writing, body: ev.Body) -> None:
    before: Menu = writing.state("menu:it")
    after = edited(before, body)
    added = _flaws(after)
    if added:
        old = set(_flaws(before))
        added = [flaw for flaw in added if flaw not in old]
    if added:
        lines = [f"{f.kind} {f.id}, {f.column}: {f.reason}" for f in added[:FLAWS_SHOWN_MAX]]
        raise MenuEditRefused("\n".join(lines))
    if any(len(getattr(after, part)) > RECORDS_MAX for part in PARTS.values()):
        raise MenuEditRefused(f"More than {RECORDS_MAX} records of a kind is no menu.")
    writing.append(body)


def _flaws(menu: Menu) -> list[Flaw]:
    return [*flaws(menu), *twins(menu)]
