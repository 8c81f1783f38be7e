"""Writes a menu as the CSV file that ``menu_file`` reads: for a spreadsheet, and back."""

import csv
import io
import json
from collections.abc import Iterator

from comptoir.commands.menu_rows import FIXED_COLUMNS, LIST_SEPARATOR, NAME_PREFIX, TAX_PREFIX
from comptoir.domain import money
from comptoir.domain.menu import Category, Item, Menu, ModifierGroup, Names
from comptoir.domain.tax import TaxRate

Cells = dict[str, str]


def export(menu: Menu, currency: str) -> str:
    """Return the CSV text of a menu, without the columns that nothing uses."""
    rows = list(_rows(menu, currency))
    used = {column for row in rows for column, cell in row.items() if cell}
    languages = sorted(column for column in used if column.startswith(NAME_PREFIX))
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
    yield from map(_tax, menu.taxes)
    yield from map(_category, menu.categories)
    for group in menu.groups:
        yield from _group(group, currency)
    for item in menu.items:
        yield _item(item, currency)


def _named(kind: str, identity: str, names: Names) -> Cells:
    return {"kind": kind, "id": identity} | {NAME_PREFIX + k: v for k, v in names.items()}


def _tax(rate: TaxRate) -> Cells:
    whole, part = divmod(rate.rate_ppm, 10_000)
    return _named("tax", rate.id, {"en": rate.name}) | {
        "rate": f"{whole}.{part:04}".rstrip("0").rstrip("."),
        "inclusive": "yes" if rate.inclusive else "no",
    }


def _category(category: Category) -> Cells:
    return _named("category", category.id, category.names) | {"colour": category.colour}


def _group(group: ModifierGroup, currency: str) -> Iterator[Cells]:
    yield _named("group", group.id, group.names) | {"min": str(group.min), "max": str(group.max)}
    for modifier in group.modifiers:
        price = money.plain(modifier.price, currency) if modifier.price else ""
        own = {"group": group.id, "price": price}
        yield _named("modifier", modifier.id, modifier.names) | own


def _item(item: Item, currency: str) -> Cells:
    taxes = {TAX_PREFIX + kind: LIST_SEPARATOR.join(ids) for kind, ids in item.taxes.items()}
    return _named("item", item.id, item.names) | taxes | {
        "number": item.number,
        "category": item.category,
        "price": money.plain(item.price, currency),
        "groups": LIST_SEPARATOR.join(item.groups),
        "station": item.station,
        "course": str(item.course),
        "barcode": item.barcode,
    }  # fmt: skip
