"""Writes a menu as the CSV or JSON file that ``menu_file`` reads: for a spreadsheet, and back."""

import csv
import io
import json
from collections.abc import Iterator

from comptoir.commands import menu_cells as cells
from comptoir.commands.menu_cells import FIXED_COLUMNS, NAMED, TAX_PREFIX
from comptoir.domain import money
from comptoir.domain.menu import (
    EACH,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    Names,
    Variant,
)
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import QUANTITY, TaxRate

Cells = dict[str, str]


def export(menu: Menu, currency: str) -> str:
    """Return the CSV text of a menu, without the columns that nothing uses."""
    rows = list(_rows(menu, currency))
    used = {column for row in rows for column, cell in row.items() if cell}
    languages = [column for prefix in NAMED for column in sorted(used) if column.startswith(prefix)]
    fixed = [column for column in FIXED_COLUMNS if column in used]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*fixed[:2], *languages, *fixed[2:]], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def export_json(menu: Menu, currency: str) -> str:
    """Return the same rows as a JSON list, each without its empty cells."""
    rows = [{k: v for k, v in row.items() if v} for row in _rows(menu, currency)]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _rows(menu: Menu, currency: str) -> Iterator[Cells]:
    for tax in menu.taxes:
        yield _tax(tax, currency)
    yield from map(_category, menu.categories)
    for group in menu.groups:
        yield _group(group)
        for modifier in group.modifiers:
            yield _modifier(group, modifier, currency)
    for item in menu.items:
        yield _item(item, currency)
        for variant in item.variants:
            yield _variant(item, variant, currency)
    for one in menu.price_lists:
        yield _price_list(one)
        for name, price in one.prices.items():
            own = {"list": one.id, "item": name, "price": money.plain(price, currency)}
            yield {"kind": "price", "id": ""} | own


def _named(kind: str, identity: str, names: Names) -> Cells:
    return {"kind": kind, "id": identity} | _names("name:", names)


def _names(prefix: str, names: Names) -> Cells:
    return {prefix + language: name for language, name in names.items()}


def _tax(rate: TaxRate, currency: str) -> Cells:
    row = _named("tax", rate.id, {"en": rate.name}) | {
        "rate": cells.percent(rate.rate_ppm),
        "inclusive": "yes" if rate.inclusive else "no",
        "compound": "yes" if rate.compound else "",
    }
    if rate.when is None:
        return row
    bounds = {"least": rate.when.least, "most": rate.when.most}
    return row | {"measure": rate.when.measure} | {
        column: cells.quantity(value)
        if rate.when.measure == QUANTITY
        else money.plain(value, currency)
        for column, value in bounds.items()
        if value is not None
    }  # fmt: skip


def _category(category: Category) -> Cells:
    return _named("category", category.id, category.names) | {"colour": category.colour}


def _group(group: ModifierGroup) -> Cells:
    shares = (f"{prefix}:{cells.percent(ppm)}" for prefix, ppm in group.prefixes.items())
    return _named("group", group.id, group.names) | {
        "min": str(group.min),
        "max": str(group.max),
        "free": str(group.free) if group.free else "",
        "prefixes": cells.joined(shares),
    }


def _modifier(group: ModifierGroup, one: Modifier, currency: str) -> Cells:
    return _named("modifier", one.id, one.names) | _names("kitchen:", one.kitchen) | {
        "group": group.id,
        "price": money.plain(one.price, currency) if one.price else "",
        "groups": cells.joined(one.groups),
        "item": one.item,
        "allergens": cells.joined(one.allergens),
    }  # fmt: skip


def _item(item: Item, currency: str) -> Cells:
    taxes = {TAX_PREFIX + kind: cells.joined(ids) for kind, ids in item.taxes.items()}
    purposes = (
        _names("screen:", item.screen)
        | _names("kitchen:", item.kitchen)
        | _names("receipt:", item.receipt)
    )
    return _named("item", item.id, item.names) | purposes | taxes | {
        "number": item.number,
        "category": item.category,
        "price": money.plain(item.price, currency),
        "groups": cells.joined(item.groups),
        "station": item.station,
        "course": str(item.course),
        "barcode": item.barcode,
        "sku": item.sku,
        "cost": money.plain(item.cost, currency) if item.cost else "",
        "sold_by": item.sold_by if item.sold_by != EACH else "",
        "allergens": cells.joined(item.allergens),
    }  # fmt: skip


def _variant(item: Item, form: Variant, currency: str) -> Cells:
    return _named("variant", form.id, form.names) | {
        "item": item.id,
        "price": money.plain(form.price, currency),
        "barcode": form.barcode,
        "sku": form.sku,
        "cost": money.plain(form.cost, currency) if form.cost else "",
        "options": cells.joined(f"{axis}={value}" for axis, value in form.options.items()),
        "portion": cells.quantity(form.portion_milli) if form.portion_milli != 1000 else "",
    }


def _price_list(one: PriceList) -> Cells:
    return _named("price-list", one.id, one.names) | {
        "off": cells.percent(one.off_ppm) if one.off_ppm else "",
        "items": cells.joined(one.items),
        "categories": cells.joined(one.categories),
        "order_types": cells.joined(one.order_types),
        "days": cells.joined(cells.DAYS[day - 1] for day in one.days),
        "from": cells.watch(one.start_minute) if one.start_minute else "",
        "to": cells.watch(one.end_minute) if one.end_minute else "",
        "first": one.first_date,
        "last": one.last_date,
        "priority": str(one.priority) if one.priority else "",
    }
