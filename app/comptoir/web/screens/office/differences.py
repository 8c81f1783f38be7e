"""A difference of two menus in words and in the reader's figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from babel.dates import format_skeleton
from flask_babel import lazy_gettext as _

from comptoir.commands.menu_cells import percent, watch
from comptoir.domain.menu_difference import Change, Difference
from comptoir.web import languages, presentation
from comptoir.web.access import house
from comptoir.web.labels import called, spoken

CHANGES_MAX = 12
NOTHING, YES = "\N{EN DASH}", "✓"
FIELDS: Mapping[str, object] = {
    "names": _("Name"),
    "screen": _("Name on the screen"),
    "kitchen": _("Name for the kitchen"),
    "receipt": _("Name on the receipt"),
    "price": _("Price"),
    "category": _("Category"),
    "taxes": _("Taxes"),
    "number": _("Dish number"),
    "groups": _("Choices"),
    "station": _("Station"),
    "course": _("Course"),
    "barcode": _("Barcode"),
    "sku": _("SKU"),
    "cost": _("Costs the house"),
    "form": _("Form"),
    "choice": _("Choice"),
    "allergens": _("Allergens"),
    "sold_by": _("Sold by"),
    "colour": _("Colour"),
    "min": _("At least"),
    "max": _("At most"),
    "free": _("Free of charge"),
    "prefixes": _("No, extra, side, half"),
    "prices": _("Price"),
    "off_ppm": _("Percent off"),
    "items": _("Dishes"),
    "categories": _("Categories"),
    "order_types": _("Eat in, take-away"),
    "days": _("Days"),
    "start_minute": _("From"),
    "end_minute": _("Until"),
    "first_date": _("First day"),
    "last_date": _("Last day"),
    "priority": _("Priority"),
    "rate_ppm": _("Rate"),
    "inclusive": _("In the price"),
    "compound": _("On top of other taxes"),
    "order": _("Order"),
    "name": _("Name"),
}
KINDS: Mapping[str, object] = {
    "item": _("Dish"),
    "category": _("Category"),
    "group": _("Choices"),
    "price_list": _("Price list"),
    "tax": _("Tax"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference as a page shows it; ``changes`` are label, before, after."""

    kind: str
    name: str
    what: str
    changes: tuple[tuple[str, str, str], ...]
    more: int = 0


def shown(one: Difference) -> Shown:
    """Return a difference in words."""
    name = spoken(one.names) if one.names else one.id
    changes = tuple(_change(change) for change in one.changes[:CHANGES_MAX])
    more = max(0, len(one.changes) - CHANGES_MAX)
    return Shown(str(KINDS[one.kind]), name, one.what, changes, more)


def shown_moment(at_ms: int) -> str:
    """Return a day and an hour of the restaurant's watches."""
    at = presentation.local_time(at_ms, house().timezone)
    return f"{format_skeleton('MMMd', at, locale=languages.current())}, {at:%H:%M}"


def _change(change: Change) -> tuple[str, str, str]:
    column, _colon, key = change.field.partition(":")
    label = str(FIELDS.get(column, column))
    full = f"{label} {key}" if key else label
    return full, _value(column, change.before), _value(column, change.after)


def _value(column: str, value: Any) -> str:
    if value is None or value in ("", ()) or value is False:
        return NOTHING
    if writer := _WRITERS.get(column):
        return writer(value)
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    if is_dataclass(value):
        return _record(value)
    return YES if value is True else str(value)


def _price(value: int) -> str:
    return presentation.price(value, house().currency, languages.current())


def _percent(value: int) -> str:
    return f"{percent(value)} %"


def _allergens(value: tuple[str, ...]) -> str:
    return ", ".join(called(one, "allergen") for one in value)


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "allergens": _allergens,
    "price": _price,
    "cost": _price,
    "prices": _price,
    "off_ppm": _percent,
    "rate_ppm": _percent,
    "prefixes": _percent,
    "start_minute": watch,
    "end_minute": watch,
}


def _record(value: Any) -> str:
    """Return a choice or a form: its name, its price, and what else a person may have changed."""
    has = {one.name for one in fields(value)}
    parts = [spoken(value.names)]
    if "price" in has and value.price:
        parts.append(_price(value.price))
    parts += [getattr(value, name) for name in ("sku", "barcode") if name in has]
    if "kitchen" in has and value.kitchen:
        parts.append(f"({spoken(value.kitchen)})")
    if "allergens" in has:
        parts.append(_allergens(value.allergens))
    return " ".join(part for part in parts if part)
