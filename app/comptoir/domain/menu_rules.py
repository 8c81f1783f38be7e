"""What a menu must be: every reason why a record of it is refused, whether imported or edited."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from comptoir.domain.menu import (
    ALLERGENS,
    ORDER_TYPES,
    PREFIXES,
    SOLD_BY,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    Names,
    Variant,
)
from comptoir.domain.menu_choices import DEPTH_MAX, groups_within
from comptoir.domain.money import PPM
from comptoir.domain.price_lists import MINUTES_A_DAY, PriceList
from comptoir.domain.tax import MEASURES, TaxRate

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
STATION = re.compile(r"[a-z][a-z0-9-]{0,19}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
LANGUAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,10}[A-Za-z0-9]")
NAME_LENGTH_MAX = 80
CODE_LENGTH_MAX = 40
COURSES_MAX = 9
CHOICES_MAX = 50
VARIANTS_MAX = 200
AXES_MAX = 3
PRICE_MAX = 99_999_999_999
RECORDS_MAX = 20_000
SHARE_MAX_PPM = 10 * PPM
PRIORITY_MAX = 1000


@dataclass(frozen=True, slots=True)
class Flaw:
    """One reason to refuse a record; ``column`` is where a menu file says it."""

    kind: str
    id: str
    column: str
    reason: str


Said = Iterator[tuple[str, str]]


def flaws(menu: Menu) -> Iterator[Flaw]:
    """Return what is wrong with each record and with what they say of each other."""
    for tax in menu.taxes:
        yield from _told("tax", tax.id, _tax(tax))
    for category in menu.categories:
        yield from _told("category", category.id, _category(category))
    known = _Known(menu)
    for group in menu.groups:
        yield from _told("group", group.id, _group(group))
        for one in group.modifiers:
            yield from _told("modifier", one.id, _modifier(known, one))
    for item in menu.items:
        yield from _told("item", item.id, _item(known, item))
        for variant in item.variants:
            yield from _told("variant", f"{item.id}/{variant.id}", _variant(variant))
    for price_list in menu.price_lists:
        yield from _told("price-list", price_list.id, _price_list(known, price_list))


def twins(menu: Menu) -> Iterator[Flaw]:
    """Return the ids, dish numbers and barcodes that stand for two things."""
    for kind, records in (
        ("tax", menu.taxes), ("category", menu.categories), ("group", menu.groups),
        ("item", menu.items), ("price-list", menu.price_lists),
    ):  # fmt: skip
        yield from _twice(kind, "id", (record.id for record in records))
    modifiers = [one.id for group in menu.groups for one in group.modifiers]
    yield from _twice("modifier", "id", modifiers)
    forms = [form for item in menu.items for form in item.variants]
    yield from _twice("item", "number", (item.number for item in menu.items))
    barcodes = [*(item.barcode for item in menu.items), *(form.barcode for form in forms)]
    yield from _twice("item", "barcode", barcodes)
    for item in menu.items:
        yield from _twice("variant", "id", (f"{item.id}/{form.id}" for form in item.variants))


def _told(kind: str, name: str, said: Said) -> Iterator[Flaw]:
    own = name.partition("/")[2] if kind == "variant" else name
    if not ID.fullmatch(own):
        reason = f"{own!r} is not letters, digits, '-', '.', '_', at most 40"
        yield Flaw(kind, name, "id", reason)
    for column, reason in said:
        yield Flaw(kind, name, column, reason)


def _twice(kind: str, column: str, values: Iterable[str]) -> Iterator[Flaw]:
    for value, count in Counter(values).items():
        if value and count > 1:
            yield Flaw(kind, value, column, f"{value!r} stands {count} times")


class _Known:
    """What a menu has, to check what its records name."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        self._depths: dict[tuple[tuple[str, ...], int], int] = {}
        self.ids: Mapping[str, frozenset[str]] = {
            "tax": frozenset(tax.id for tax in menu.taxes),
            "category": frozenset(category.id for category in menu.categories),
            "group": frozenset(group.id for group in menu.groups),
            "item": frozenset(menu.ids),
        }
        self.forms = self.ids["item"] | {
            f"{item.id}/{form.id}" for item in menu.items for form in item.variants
        }

    def depth(self, groups: tuple[str, ...], level: int = 0) -> int:
        """Return how deep choices nest; groups that name each other are deeper than allowed."""
        if level > DEPTH_MAX or not groups:
            return level
        if (groups, level) not in self._depths:
            found = self.menu.groups_named(groups)
            inner = {_inner(self.menu, one) for group in found for one in group.modifiers}
            deeper = (self.depth(names, level + 1) for names in inner)
            self._depths[groups, level] = max(deeper, default=level)
        return self._depths[groups, level]

    def unknown(self, column: str, kind: str, names: Iterable[str]) -> Said:
        for name in dict.fromkeys(names):
            if name not in self.ids[kind]:
                advice = f"Add a row of kind {kind} with this id."
                yield column, f"unknown {kind} {name!r}. {advice}"


def _inner(menu: Menu, one: Modifier) -> tuple[str, ...]:
    return tuple(group.id for group in groups_within(menu, one))


def _names(names: Names, *, needed: bool = True, column: str = "name") -> Said:
    if needed and not names:
        yield f"{column}:en", "no name. Fill at least one column name:…"
    for language, name in names.items():
        if not LANGUAGE.fullmatch(language):
            yield f"{column}:{language}", f"{language!r} is no language such as fr or zh-Hans"
        if not name or name != name.strip() or len(name) > NAME_LENGTH_MAX:
            yield f"{column}:{language}", f"name {name!r} is empty, padded or too long"
        elif not name.isprintable():
            yield f"{column}:{language}", f"name {name!r} holds a line break or a control"


def _tax(tax: TaxRate) -> Said:
    yield from _names({"en": tax.name})
    if not 0 <= tax.rate_ppm <= PPM:
        yield "rate", f"{tax.rate_ppm} ppm is not between 0 and 100 %"
    if tax.when is not None:
        when = tax.when
        if when.measure not in MEASURES:
            yield "measure", f"{when.measure!r} is not one of {', '.join(MEASURES)}"
        if when.least < 0 or (when.most is not None and when.most < when.least):
            yield "most", f"from {when.least} to {when.most} is no span"


def _category(category: Category) -> Said:
    yield from _names(category.names)
    if category.colour and not COLOUR.fullmatch(category.colour):
        yield "colour", f"{category.colour!r} is not written #rrggbb"


def _group(group: ModifierGroup) -> Said:
    yield from _names(group.names)
    count = len(group.modifiers)
    if not 0 <= group.min <= group.max <= CHOICES_MAX or group.max < 1:
        yield "max", f"min {group.min} and max {group.max} leave no choice"
    elif count < group.max:
        yield "max", f"group {group.id!r} has {count} modifiers, its max is {group.max}"
    if not 0 <= group.free <= CHOICES_MAX:
        yield "free", f"{group.free} free choices are not between 0 and {CHOICES_MAX}"
    for prefix, share in group.prefixes.items():
        if prefix not in PREFIXES or not 0 <= share <= SHARE_MAX_PPM:
            yield "prefixes", f"{prefix!r} is not one of {', '.join(PREFIXES)}, up to ten times"


def _modifier(known: _Known, one: Modifier) -> Said:
    yield from _names(one.names)
    yield from _names(one.kitchen, needed=False, column="kitchen")
    yield from known.unknown("groups", "group", one.groups)
    yield from known.unknown("item", "item", [one.item] if one.item else [])
    yield from _allergens(one.allergens)
    if abs(one.price) > PRICE_MAX:
        yield "price", f"{one.price} is no price"
    if one.prefix or one.within:
        yield "id", "a choice on the menu has no prefix of its own"


def _allergens(named: Iterable[str]) -> Said:
    for allergen in named:
        if allergen not in ALLERGENS:
            yield "allergens", f"{allergen!r} is not one of {', '.join(ALLERGENS)}"


def _item(known: _Known, item: Item) -> Said:
    yield from _names(item.names)
    for column in ("screen", "kitchen", "receipt"):
        yield from _names(getattr(item, column), needed=False, column=column)
    yield from known.unknown("category", "category", [item.category])
    yield from known.unknown("groups", "group", item.groups)
    for order_type, taxes in item.taxes.items():
        if order_type not in ORDER_TYPES:
            yield f"tax:{order_type}", f"{order_type!r} is not one of {', '.join(ORDER_TYPES)}"
        yield from known.unknown(f"tax:{order_type}", "tax", taxes)
    yield from _allergens(item.allergens)
    yield from _sold(item)
    yield from _codes(item.barcode, item.number, item.sku)
    if len(item.variants) > VARIANTS_MAX:
        yield "id", f"more than {VARIANTS_MAX} variants"
    if known.depth(item.groups) > DEPTH_MAX:
        yield "groups", f"its choices nest more than {DEPTH_MAX} deep"


def _cost(cost: int) -> Said:
    if not 0 <= cost <= PRICE_MAX:
        yield "cost", f"{cost} is no cost"


def _sold(item: Item) -> Said:
    if not 0 <= item.price <= PRICE_MAX:
        yield "price", f"{item.price} is no price"
    yield from _cost(item.cost)
    if not STATION.fullmatch(item.station):
        yield "station", f"station {item.station!r} is not a short lower-case word"
    if not 0 <= item.course <= COURSES_MAX:
        yield "course", f"course {item.course} is not a whole number from 0 to {COURSES_MAX}"
    if item.sold_by not in SOLD_BY:
        yield "sold_by", f"{item.sold_by!r} is not one of {', '.join(SOLD_BY)}"


def _codes(barcode: str, *others: str) -> Said:
    digits = barcode.isascii() and barcode.isdigit() and len(barcode) in {8, 12, 13}
    if barcode and not (digits and check_digit(barcode[:-1]) == int(barcode[-1])):
        yield "barcode", f"barcode {barcode!r}: 8, 12 or 13 digits, the last is the check digit"
    for code in others:
        if len(code) > CODE_LENGTH_MAX or not code.isprintable() or code != code.strip():
            yield "number", f"{code!r} is padded, too long or holds a line break"


def _variant(form: Variant) -> Said:
    yield from _names(form.names)
    yield from _codes(form.barcode, form.sku)
    if not 0 <= form.price <= PRICE_MAX:
        yield "price", f"{form.price} is no price"
    yield from _cost(form.cost)
    if not 0 < form.portion_milli <= 100_000:
        yield "portion", f"{form.portion_milli} thousandths is no portion"
    if len(form.options) > AXES_MAX:
        yield "options", f"more than {AXES_MAX} axes"
    for axis, value in form.options.items():
        if not STATION.fullmatch(axis) or not ID.fullmatch(value):
            yield "options", f"{axis}={value} is not written size=L"


def _price_list(known: _Known, one: PriceList) -> Said:
    yield from _names(one.names)
    yield from known.unknown("categories", "category", one.categories)
    for name in (*one.prices, *one.items):
        if name not in known.forms:
            yield "item", f"unknown item {name!r}. Add a row of kind item with this id."
    if any(not 0 <= price <= PRICE_MAX for price in one.prices.values()):
        yield "price", "a price below nothing"
    if not 0 <= one.off_ppm <= PPM:
        yield "off", f"{one.off_ppm} ppm is not between 0 and 100 %"
    if abs(one.priority) > PRIORITY_MAX:
        yield "priority", f"{one.priority} is not between -{PRIORITY_MAX} and {PRIORITY_MAX}"
    yield from _window(one)


def _window(one: PriceList) -> Said:
    if not all(0 <= m < MINUTES_A_DAY for m in (one.start_minute, one.end_minute)):
        yield "from", "a minute that is not between 00:00 and 23:59"
    if not set(one.days) <= set(range(1, 8)):
        yield "days", "a day that is not between 1 (Monday) and 7"
    if not set(one.order_types) <= set(ORDER_TYPES):
        yield "order_types", f"an order type that is not one of {', '.join(ORDER_TYPES)}"
    for column, day in (("first", one.first_date), ("last", one.last_date)):
        if day and not _is_date(day):
            yield column, f"{day!r} is not a date such as 2026-12-24"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_digit(digits: str) -> int:
    """Return the check digit that follows these digits of an EAN-13, EAN-8 or UPC-A."""
    weighed = sum(int(digit) * (3, 1)[i % 2] for i, digit in enumerate(reversed(digits)))
    return -weighed % 10
