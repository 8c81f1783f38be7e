"""Rows of a menu file: what each kind of row means, and every reason to refuse one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comptoir.domain import money
from comptoir.domain.menu import ORDER_TYPES, Category, Item, Menu, Modifier, ModifierGroup
from comptoir.domain.tax import TaxRate

NAME_PREFIX = "name:"
TAX_PREFIX = "tax:"
LIST_SEPARATOR = ";"
FIXED_COLUMNS = (
    "kind", "id", "number", "category", "price", *(TAX_PREFIX + t for t in ORDER_TYPES),
    "groups", "group", "station", "course", "barcode", "rate", "inclusive", "min", "max", "colour",
)  # fmt: skip
USED: Mapping[str, frozenset[str]] = {
    "tax": frozenset({"rate", "inclusive"}),
    "category": frozenset({"colour"}),
    "group": frozenset({"min", "max"}),
    "modifier": frozenset({"group", "price"}),
    "item": frozenset(
        {"number", "category", "price", "groups", "station", "course", "barcode"}
        | {TAX_PREFIX + order_type for order_type in ORDER_TYPES}
    ),
}
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
STATION = re.compile(r"[a-z][a-z0-9-]{0,19}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
RATE = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?")
NAME_LENGTH_MAX = 80
CHOICES_MAX = 50
COURSES_MAX = 9


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text; ``line`` is where a person finds it, counted from 1."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell, empty when the column is not there."""
        return self.cells.get(column, "")


class BadCell(Exception):
    """One reason why a row cannot be taken."""


class MenuBuilder:
    """Collects rows into a menu; ``mistakes`` are (line, reason), in the order of the lines."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.mistakes: list[tuple[int, str]] = []
        self._lines: dict[tuple[str, str], int] = {}
        self._taxes: list[TaxRate] = []
        self._categories: list[Category] = []
        self._groups: list[ModifierGroup] = []
        self._modifiers: list[tuple[Row, str, Modifier]] = []
        self._items: list[tuple[Row, Item]] = []

    def add(self, row: Row) -> None:
        """Take one row; what is wrong with it is noted, once per reason."""
        kind = row.get("kind")
        makers: Mapping[str, Callable[[Row], None]] = {
            "tax": self._tax,
            "category": self._category,
            "group": self._group,
            "modifier": self._modifier,
            "item": self._item,
        }
        if kind not in makers:
            self._note(row, f"unknown kind {kind!r}. Kinds are {', '.join(makers)}.")
            return
        self._check_id(row, kind)
        self._check_unused(row, kind)
        try:
            makers[kind](row)
        except BadCell as reason:
            self._note(row, str(reason))

    def finish(self) -> Menu:
        """Return the menu after checking what rows say of each other, in any order of rows."""
        groups = {group.id: group for group in self._groups}
        choices: dict[str, list[Modifier]] = {group: [] for group in groups}
        for row, name, modifier in self._modifiers:
            if self._known(row, "group", name):
                choices.setdefault(name, []).append(modifier)
        for group in self._groups:
            self._check_choices(group, len(choices[group.id]))
        for row, item in self._items:
            self._check_references(row, item)
        self.mistakes.sort(key=lambda mistake: mistake[0])
        return Menu(
            taxes=tuple(self._taxes),
            categories=tuple(self._categories),
            groups=tuple(
                ModifierGroup(g.id, g.names, tuple(choices[g.id]), g.min, g.max)
                for g in self._groups
            ),
            items=tuple(item for _, item in self._items),
        )

    def _note(self, row: Row, reason: str) -> None:
        self.mistakes.append((row.line, reason))

    def _check_id(self, row: Row, kind: str) -> None:
        name = row.get("id")
        if not ID.fullmatch(name):
            self._note(row, f"id {name!r} is not letters, digits, '-', '.', '_', at most 40")
        self._once(row, kind, name)

    def _once(self, row: Row, what: str, value: str) -> None:
        first = self._lines.setdefault((what, value), row.line)
        if value and first != row.line:
            self._note(row, f"{what} {value!r} is already on line {first}")

    def _check_unused(self, row: Row, kind: str) -> None:
        for column, cell in row.cells.items():
            general = column in {"kind", "id"} or column.startswith(NAME_PREFIX)
            if cell and not general and column not in USED[kind]:
                self._note(row, f"a row of kind {kind} has no {column}, but it says {cell!r}")

    def _names(self, row: Row) -> dict[str, str]:
        names = {
            column.removeprefix(NAME_PREFIX): cell
            for column, cell in row.cells.items()
            if column.startswith(NAME_PREFIX) and cell
        }
        if not names:
            raise BadCell(f"no name. Fill at least one column {NAME_PREFIX}…")
        for name in names.values():
            if len(name) > NAME_LENGTH_MAX or not name.isprintable():
                raise BadCell(f"name {name!r} is too long or holds a line break")
        return names

    def _tax(self, row: Row) -> None:
        match = RATE.fullmatch(row.get("rate"))
        if not match or int(match[1]) > 100:
            raise BadCell(f"rate {row.get('rate')!r} is not a percentage such as 5.5")
        rate_ppm = int(match[1]) * 10_000 + int((match[2] or "").ljust(4, "0"))
        name = next(iter(self._names(row).values()))
        self._taxes.append(TaxRate(row.get("id"), name, rate_ppm, _yes(row, "inclusive")))

    def _category(self, row: Row) -> None:
        colour = row.get("colour").lower()
        if colour and not COLOUR.fullmatch(colour):
            raise BadCell(f"colour {colour!r} is not written #rrggbb")
        self._categories.append(Category(row.get("id"), self._names(row), colour))

    def _group(self, row: Row) -> None:
        low, high = _count(row, "min", 0, CHOICES_MAX), _count(row, "max", 1, CHOICES_MAX)
        if low > high or high < 1:
            raise BadCell(f"min {low} and max {high} leave no choice")
        self._groups.append(ModifierGroup(row.get("id"), self._names(row), (), low, high))

    def _modifier(self, row: Row) -> None:
        price = self._price(row, signed=True) if row.get("price") else 0
        modifier = Modifier(row.get("id"), self._names(row), price)
        self._modifiers.append((row, row.get("group"), modifier))

    def _item(self, row: Row) -> None:
        self._once(row, "number", row.get("number"))
        self._once(row, "barcode", row.get("barcode"))
        item = Item(
            id=row.get("id"),
            category=row.get("category"),
            names=self._names(row),
            price=self._price(row),
            taxes={
                order_type: taxes
                for order_type in ORDER_TYPES
                if (taxes := _list(row.get(TAX_PREFIX + order_type)))
            },
            number=row.get("number"),
            groups=_list(row.get("groups")),
            station=_station(row),
            course=_count(row, "course", 1, COURSES_MAX),
            barcode=_barcode(row),
        )
        self._items.append((row, item))

    def _price(self, row: Row, *, signed: bool = False) -> int:
        text = row.get("price")
        sign = -1 if signed and text.startswith("-") else 1
        try:
            return sign * money.parse(text.removeprefix("-") if signed else text, self._currency)
        except ValueError as error:
            raise BadCell(f"price: {error} in {self._currency}") from None

    def _check_choices(self, group: ModifierGroup, choices: int) -> None:
        if choices < group.max:
            line = self._lines["group", group.id]
            self.mistakes.append(
                (line, f"group {group.id!r} has {choices} modifiers, its max is {group.max}")
            )

    def _check_references(self, row: Row, item: Item) -> None:
        self._known(row, "category", item.category)
        for group in item.groups:
            self._known(row, "group", group)
        for tax in sorted({tax for taxes in item.taxes.values() for tax in taxes}):
            self._known(row, "tax", tax)

    def _known(self, row: Row, kind: str, name: str) -> bool:
        known = (kind, name) in self._lines
        if not known:
            self._note(row, f"unknown {kind} {name!r}. Add a row of kind {kind} with this id.")
        return known


def _yes(row: Row, column: str) -> bool:
    text = row.get(column).lower()
    if text not in {"yes", "no", ""}:
        raise BadCell(f"{column} {text!r} is neither yes nor no")
    return text != "no"


def _count(row: Row, column: str, default: int, most: int) -> int:
    text = row.get(column)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= most):
        raise BadCell(f"{column} {text!r} is not a whole number from 0 to {most}")
    return int(text)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(LIST_SEPARATOR) if part.strip())


def _station(row: Row) -> str:
    station = row.get("station") or "kitchen"
    if not STATION.fullmatch(station):
        raise BadCell(f"station {station!r} is not a short lower-case word")
    return station


def check_digit(digits: str) -> int:
    """Return the check digit that follows these digits of an EAN-13, EAN-8 or UPC-A."""
    weighed = sum(int(digit) * (3, 1)[i % 2] for i, digit in enumerate(reversed(digits)))
    return -weighed % 10


def _barcode(row: Row) -> str:
    barcode = row.get("barcode")
    digits = barcode.isascii() and barcode.isdigit() and len(barcode) in {8, 12, 13}
    if barcode and not (digits and check_digit(barcode[:-1]) == int(barcode[-1])):
        raise BadCell(f"barcode {barcode!r}: 8, 12 or 13 digits, the last one is the check digit")
    return barcode
