"""Editing the menu from any terminal, one record at a time: each edit is a fact about one record.

So two people who edit two dishes on two terminals both see their work kept. An edit may not add a
flaw to the menu; one that was there already does not stand in the way of another edit.

Asked for as a ``draft``, an edit waits until the draft is published (``menu_draft``). ``was`` is
the record as its author saw it, None for as it is here now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.commands.pinyin import with_pinyin
from comptoir.domain import events as ev
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.fold_menu import PARTS, edited
from comptoir.domain.menu import Category, Item, Menu, ModifierGroup
from comptoir.domain.menu_draft import RECORDS, Draft
from comptoir.domain.menu_rules import RECORDS_MAX, Flaw, flaws, twins
from comptoir.domain.price_lists import PriceList
from comptoir.domain.records import dump
from comptoir.domain.tax import TaxRate
from comptoir.journal import Writing

FLAWS_SHOWN_MAX = 10
DRAFT_EDITS_MAX = 2000


@dataclass(frozen=True, slots=True)
class SetItem(Command):
    """Add or change an item, with its variants."""

    item: Item
    draft: bool = False
    was: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SetCategory(Command):
    """Add or change a category."""

    category: Category
    draft: bool = False
    was: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SetModifierGroup(Command):
    """Add or change a modifier group, with its choices."""

    group: ModifierGroup
    draft: bool = False
    was: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SetPriceList(Command):
    """Add or change a price list: a happy hour, a lunch price, a promotion."""

    price_list: PriceList
    draft: bool = False
    was: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SetMenuTax(Command):
    """Add or change a tax rate of the menu."""

    tax: TaxRate
    draft: bool = False
    was: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RemoveFromMenu(Command):
    """Take a record off the menu; ``kind`` is item, category, group, price_list or tax."""

    kind: str
    record: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class OrderMenu(Command):
    """Put the records of a kind in this order; those not named come after."""

    kind: str
    records: tuple[str, ...]
    draft: bool = False


RecordEdit = SetItem | SetCategory | SetModifierGroup | SetPriceList | SetMenuTax
MenuEdit = RecordEdit | RemoveFromMenu | OrderMenu


@handles(SetItem, MANAGERS)
def set_item(command: SetItem, writing: Writing, desk: Desk) -> None:
    """Write what the item now is."""
    del desk
    _write(writing, command, ev.ItemSet(with_pinyin(command.item)))


@handles(SetCategory, MANAGERS)
def set_category(command: SetCategory, writing: Writing, desk: Desk) -> None:
    """Write what the category now is."""
    del desk
    _write(writing, command, ev.CategorySet(command.category))


@handles(SetModifierGroup, MANAGERS)
def set_group(command: SetModifierGroup, writing: Writing, desk: Desk) -> None:
    """Write what the group now is."""
    del desk
    _write(writing, command, ev.ModifierGroupSet(command.group))


@handles(SetPriceList, MANAGERS)
def set_price_list(command: SetPriceList, writing: Writing, desk: Desk) -> None:
    """Write what the price list now is."""
    del desk
    _write(writing, command, ev.PriceListSet(command.price_list))


@handles(SetMenuTax, MANAGERS)
def set_tax(command: SetMenuTax, writing: Writing, desk: Desk) -> None:
    """Write what the rate now is."""
    del desk
    _write(writing, command, ev.MenuTaxSet(command.tax))


@handles(RemoveFromMenu, MANAGERS)
def remove(command: RemoveFromMenu, writing: Writing, desk: Desk) -> None:
    """Write that the record is gone; refused while something else names it."""
    del desk
    _known(_seen(writing, command), command.kind, (command.record,))
    _write(writing, command, ev.MenuRecordRemoved(command.kind, command.record))


@handles(OrderMenu, MANAGERS)
def order(command: OrderMenu, writing: Writing, desk: Desk) -> None:
    """Write the order of records."""
    del desk
    _known(_seen(writing, command), command.kind, command.records)
    _write(writing, command, ev.MenuOrdered(command.kind, command.records))


def _known(menu: Menu, kind: str, names: tuple[str, ...]) -> None:
    if kind not in PARTS:
        raise MenuEditRefused(f"{kind!r} is no kind of record; use {', '.join(PARTS)}.")
    known = {record.id for record in getattr(menu, PARTS[kind])}
    for name in names:
        if name not in known:
            raise MenuEditRefused(f"The menu has no {kind} {name!r}. Reload the menu.")
    if len(set(names)) != len(names):
        raise MenuEditRefused(f"A {kind} stands twice in this order.")


def drafted_menu(menu: Menu, draft: Draft) -> Menu:
    """Return the menu as it will be once the draft is published."""
    return edited(menu, *(one.edit for one in draft.edits)) if draft.edits else menu


def _seen(writing: Writing, command: MenuEdit) -> Menu:
    menu: Menu = writing.state("menu:it")
    return drafted_menu(menu, writing.state("draft:it")) if command.draft else menu


def _write(writing: Writing, command: MenuEdit, body: ev.Body) -> None:
    before = _seen(writing, command)
    refuse_new_flaws(before, edited(before, body))
    writing.append(_kept(writing, command, body, before) if command.draft else body)


def _kept(writing: Writing, command: MenuEdit, body: ev.Body, before: Menu) -> ev.Body:
    if len(writing.state("draft:it").edits) >= DRAFT_EDITS_MAX:
        raise MenuEditRefused(f"{DRAFT_EDITS_MAX} changes wait already. Publish them first.")
    said = dump(body)
    was = command.was if isinstance(command, RecordEdit) else None
    if was is None and body.KIND in RECORDS:
        name, part = RECORDS[body.KIND]
        there = {record.id: record for record in getattr(before, part)}
        old = there.get(said[name]["id"])
        was = None if old is None else dump(old)
    return ev.MenuEditDrafted(command.id, body.KIND, said, was or {})


def refuse_new_flaws(before: Menu, after: Menu) -> None:
    """Raise MenuEditRefused for what is wrong with a menu and was not before, or is too much."""
    if added := new_flaws(before, after):
        lines = [f"{f.kind} {f.id}, {f.column}: {f.reason}" for f in added[:FLAWS_SHOWN_MAX]]
        raise MenuEditRefused("\n".join(lines))
    if any(len(getattr(after, part)) > RECORDS_MAX for part in PARTS.values()):
        raise MenuEditRefused(f"More than {RECORDS_MAX} records of a kind is no menu.")


def new_flaws(before: Menu, after: Menu) -> list[Flaw]:
    """Return what is wrong with a menu and was not before."""
    added = _flaws(after)
    old = set(_flaws(before)) if added else set()
    return [flaw for flaw in added if flaw not in old]


def _flaws(menu: Menu) -> list[Flaw]:
    return [*flaws(menu), *twins(menu)]
