"""Makes records of the menu from the forms of the back office; what a form lacks stays."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from comptoir.commands.menu_cells import split
from comptoir.domain.menu import (
    ORDER_TYPES,
    PREFIXES,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    Variant,
)
from comptoir.domain.price_lists import PriceList
from comptoir.web.labels import spoken
from comptoir.web.screens.office import forms

PREFIX_PPM = {"no": 0, "extra": 1_000_000, "side": 1_000_000, "half": 500_000}
KINDS = {"item": "items", "category": "categories", "group": "groups", "price_list": "price_lists"}


def read(kind: str, menu: Menu, name: str) -> Any:
    """Return the record of a form; ``name`` is empty for a new one."""
    old = {record.id: record for record in getattr(menu, KINDS[kind])}
    fresh = name or forms.fresh_name(_spoken(), old)
    return _READERS[kind](menu, fresh, old.get(name))


def _spoken() -> list[str]:
    names = forms.names("names")
    return [names[tag] for tag in ("en", *names) if tag in names]


def _category(_menu: Menu, name: str, old: Category | None) -> Category:
    colour = forms.text("colour") or (old.colour if old else "")
    return Category(name, forms.names("names"), colour)


def _item(_menu: Menu, name: str, old: Item | None) -> Item:
    base = old or Item(name, "", {}, 0)
    return replace(
        base,
        category=forms.text("category"),
        names=forms.names("names"),
        screen=forms.names("screen"),
        kitchen=forms.names("kitchen"),
        receipt=forms.names("receipt"),
        price=forms.amount("price", _("Price")),
        taxes={kind: forms.ticked(f"tax:{kind}") for kind in ORDER_TYPES},
        number=forms.text("number"),
        groups=_as_it_stood(base.groups, forms.ticked("groups")),
        station=forms.text("station") or base.station,
        course=forms.whole("course", _("Course"), base.course),
        barcode=forms.text("barcode"),
        sku=forms.text("sku"),
        cost=forms.amount("cost", _("Costs the house")),
        allergens=_as_it_stood(base.allergens, forms.ticked("allergens")),
        sold_by=forms.text("sold_by") or base.sold_by,
        variants=_variants(base),
    )


def _as_it_stood(old: tuple[str, ...], ticked: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is ticked in the order that the record has; a form shows its own."""
    return (*(one for one in old if one in ticked), *(one for one in ticked if one not in old))


def _variants(item: Item) -> tuple[Variant, ...]:
    old = {form.id: form for form in item.variants}
    taken = list(old)
    found = []
    for row in forms.rows("form"):
        names = forms.names(f"{row}-names")
        if not names:
            continue
        name = forms.text(f"{row}-id") or forms.fresh_name(names.values(), taken)
        taken.append(name)
        base = old.get(name) or Variant(name, {}, 0)
        found.append(
            replace(
                base,
                names=names,
                price=forms.amount(f"{row}-price", _("Price")),
                barcode=forms.text(f"{row}-barcode"),
                sku=forms.text(f"{row}-sku"),
                cost=forms.amount(f"{row}-cost", _("Costs the house")),
                portion_milli=forms.portion(f"{row}-portion", _("Share of a dish")),
                options=forms.options(f"{row}-options", _("Size, colour")),
            )
        )
    return tuple(found)


def _group(menu: Menu, name: str, old: ModifierGroup | None) -> ModifierGroup:
    base = old or ModifierGroup(name, {}, ())
    taken = {one.id for group in menu.groups for one in group.modifiers}
    modifiers = tuple(_modifiers(menu, base, taken))
    return replace(
        base,
        names=forms.names("names"),
        modifiers=modifiers,
        min=forms.whole("min", _("At least")),
        max=forms.whole("max", _("At most"), 1),
        free=forms.whole("free", _("Free of charge")),
        prefixes={
            prefix: _share(prefix, base)
            for prefix in PREFIXES
            if prefix in forms.ticked("prefixes")
        },
    )


def _share(prefix: str, group: ModifierGroup) -> int:
    """Return what share of its price a choice costs with a prefix, in parts per million."""
    if not forms.text(f"share:{prefix}"):
        return group.prefixes.get(prefix, PREFIX_PPM[prefix])
    return forms.percentage(f"share:{prefix}", _("Percent of the price"))


def _modifiers(menu: Menu, group: ModifierGroup, taken: set[str]) -> list[Modifier]:
    old = {one.id: one for one in group.modifiers}
    numbers = {item.number: item.id for item in menu.items if item.number}
    found = []
    for row in forms.rows("choice"):
        names = forms.names(f"{row}-names")
        dish = forms.text(f"{row}-item")
        if not names:
            continue
        name = forms.text(f"{row}-id") or forms.fresh_name(names.values(), taken)
        taken.add(name)
        base = old.get(name) or Modifier(name, {})
        found.append(
            replace(
                base,
                names=names,
                kitchen=forms.names(f"{row}-kitchen"),
                allergens=_as_it_stood(base.allergens, forms.ticked(f"{row}-allergens")),
                price=forms.amount(f"{row}-price", _("Price")),
                item=numbers.get(dish, dish),
                groups=_groups_called(menu, forms.text(f"{row}-groups")),
            )
        )
    return found


def _groups_called(menu: Menu, typed: str) -> tuple[str, ...]:
    """Return groups of choices by their ids, or by what they are called in any language."""
    known = {name.casefold(): one.id for one in menu.groups for name in one.names.values()}
    known |= {one.id.casefold(): one.id for one in menu.groups}
    found = []
    for name in split(typed):
        if name.casefold() not in known:
            raise forms.FormRefused(_("No choices are called “%(name)s”.", name=name))
        found.append(known[name.casefold()])
    return tuple(dict.fromkeys(found))


def groups_text(menu: Menu, groups: tuple[str, ...]) -> str:
    """Return groups as they are typed: by their names where one name means one group."""
    named = [(spoken(one.names), one.id) for one in menu.groups if one.id in groups]
    names = [name for name, _id in named]
    return "; ".join(name if names.count(name) == 1 else one for name, one in named)


def _price_list(menu: Menu, name: str, old: PriceList | None) -> PriceList:
    base = old or PriceList(name, {})
    numbers = {item.number: item.id for item in menu.items if item.number}
    prices = {}
    for row in forms.rows("price"):
        dish = forms.text(f"{row}-item")
        if dish:
            prices[numbers.get(dish, dish)] = forms.amount(f"{row}-price", _("Price"))
    return replace(
        base,
        names=forms.names("names"),
        prices=prices,
        off_ppm=forms.percentage("off", _("Percent off")),
        categories=forms.ticked("categories"),
        order_types=forms.ticked("order_types"),
        days=tuple(int(day) for day in forms.ticked("days") if day.isdigit()),
        start_minute=forms.minute("from", _("From")),
        end_minute=forms.minute("until", _("Until")),
        first_date=forms.text("first"),
        last_date=forms.text("last"),
        priority=forms.whole("priority", _("Priority")),
    )


_READERS: Mapping[str, Callable[[Menu, str, Any], Any]] = {
    "category": _category,
    "item": _item,
    "group": _group,
    "price_list": _price_list,
}
