"""Cells of a menu file: how each kind of value is written, read and refused."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comptoir.domain import money
from comptoir.domain.menu import ORDER_TYPES
from comptoir.domain.money import PPM

NAME_PREFIX = "name:"
NAMED = (NAME_PREFIX, "screen:", "kitchen:", "receipt:")
TAX_PREFIX = "tax:"
LIST_SEPARATOR = ";"
ITEM_NAMES = frozenset({"screen", "kitchen", "receipt"})
FIXED_COLUMNS = (
    "kind", "id", "number", "category", "price", *(TAX_PREFIX + t for t in ORDER_TYPES),
    "tax_class",
    "groups", "group", "station", "course", "barcode", "rate", "inclusive", "compound",
    "measure", "least", "most", "min", "max", "free", "prefixes", "colour",
    "item", "sku", "cost", "options", "portion", "sold_by", "allergens",
    "list", "off", "items", "categories", "order_types", "days", "from", "to", "first", "last",
    "priority",
)  # fmt: skip
USED: Mapping[str, frozenset[str]] = {
    "pack": frozenset(),
    "tax": frozenset({"rate", "inclusive", "compound", "measure", "least", "most"}),
    "category": frozenset({"colour"}),
    "group": frozenset({"min", "max", "free", "prefixes"}),
    "modifier": frozenset({"group", "price", "groups", "item", "allergens", "kitchen"}),
    "item": frozenset(
        {"number", "category", "price", "groups", "station", "course", "barcode"}
        | {"sku", "cost", "sold_by", "allergens", "tax_class"}
        | ITEM_NAMES
        | {TAX_PREFIX + order_type for order_type in ORDER_TYPES}
    ),
    "variant": frozenset({"item", "price", "cost", "barcode", "sku", "options", "portion"}),
    "price-list": frozenset(
        {"off", "items", "categories", "order_types", "days", "from", "to", "first", "last"}
        | {"priority"}
    ),
    "price": frozenset({"list", "item", "price"}),
}
RATE = re.compile(r"(\d{1,4})(?:[.,](\d{1,4}))?")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MILLI = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE = re.compile(r"-?\d{1,9}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text; ``line`` is where a person finds it, counted from 1."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell, empty when the column is not there."""
        return self.cells.get(column, "")

    def names(self, prefix: str = NAME_PREFIX) -> dict[str, str]:
        """Return the names of one purpose by language."""
        return {
            column.removeprefix(prefix): cell
            for column, cell in self.cells.items()
            if column.startswith(prefix) and cell
        }


class BadCell(Exception):
    """Why a cell cannot be read."""


def split(text: str) -> tuple[str, ...]:
    """Read a list: ``a;b``."""
    return tuple(part.strip() for part in text.split(LIST_SEPARATOR) if part.strip())


def joined(parts: Iterable[str]) -> str:
    """Write a list."""
    return LIST_SEPARATOR.join(parts)


def price(text: str, currency: str, *, signed: bool = False) -> int:
    """Read an amount into minor units."""
    sign = -1 if signed and text.startswith("-") else 1
    try:
        return sign * money.parse(text.removeprefix("-") if signed else text, currency)
    except ValueError as error:
        raise BadCell(f"{error} in {currency}") from None


def share(text: str) -> int:
    """Read a percentage into parts per million."""
    match = RATE.fullmatch(text)
    if not match:
        raise BadCell(f"{text!r} is not a percentage such as 5.5")
    return int(match[1]) * (PPM // 100) + int((match[2] or "").ljust(4, "0"))


def percent(ppm: int) -> str:
    """Write parts per million as a percentage."""
    whole, part = divmod(ppm, PPM // 100)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


def yes(text: str, default: str) -> bool:
    """Read yes or no."""
    answer = text.lower() or default
    if answer not in {"yes", "no"}:
        raise BadCell(f"{text!r} is neither yes nor no")
    return answer == "yes"


def count(text: str, default: int) -> int:
    """Read a whole number."""
    if not text:
        return default
    if not (WHOLE.fullmatch(text) and text.isascii()):
        raise BadCell(f"{text!r} is not a whole number")
    return int(text)


def milli(text: str) -> int:
    """Read a quantity into thousandths."""
    match = MILLI.fullmatch(text)
    if not match:
        raise BadCell(f"{text!r} is not a quantity such as 0.5")
    return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))


def quantity(thousandths: int) -> str:
    """Write thousandths as a quantity."""
    whole, part = divmod(thousandths, 1000)
    return f"{whole}.{part:03}".rstrip("0").rstrip(".")


def clock(text: str) -> int:
    """Read a time of day into minutes since midnight."""
    if not text:
        return 0
    match = CLOCK.fullmatch(text)
    if not match:
        raise BadCell(f"{text!r} is not a time of day such as 17:30")
    return int(match[1]) * 60 + int(match[2])


def watch(minute: int) -> str:
    """Write minutes since midnight as a time of day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def days(text: str) -> tuple[int, ...]:
    """Read days of the week: ``mon;tue``."""
    named = [day.lower() for day in split(text)]
    for day in named:
        if day not in DAYS:
            raise BadCell(f"{day!r} is not one of {', '.join(DAYS)}")
    return tuple(DAYS.index(day) + 1 for day in named)


def pairs(text: str, sign: str) -> dict[str, str]:
    """Read pairs: ``size=L;colour=red`` or ``extra:150``."""
    found = {}
    for part in split(text):
        key, divider, value = part.partition(sign)
        if not divider or not key.strip() or not value.strip() or key.strip() in found:
            raise BadCell(f"{part!r} is not written key{sign}value, once")
        found[key.strip()] = value.strip()
    return found
