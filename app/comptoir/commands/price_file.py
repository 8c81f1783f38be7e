"""Checks to price as JSON, and priced ones: what ``comptoir price`` reads and writes.

``app/docs/pricing.md`` is the reference. What is not as it says is refused with its path:
a till that guesses what a key meant would charge somebody the guess.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from comptoir.commands.price_fields import Fields, SheetRefused, shown
from comptoir.domain.money import PPM
from comptoir.domain.pricing import BUCKET, HALF_UP, Entry, Priced, Rounding, Sheet, Terms
from comptoir.domain.pricing.sheet import MODES, SCOPES
from comptoir.domain.tax import TaxRate, TaxTotal

STANDARD_INPUT = Path("-")
BYTES_MAX = 4 * 1024 * 1024
AMOUNT_MAX = 10**12
QTY_MILLI_MAX = 10**9
RATE_PPM_MAX = 10 * PPM
COIN_MAX = 10**6
LINES_MAX, TAXES_MAX, MODIFIERS_MAX = 10_000, 100, 1000
SHEET_KEYS = (
    "currency", "taxes", "rounding", "lines", "check_discount_ppm", "check_discount",
    "service_charge_ppm", "service_charge_taxes", "cash_rounding",
)  # fmt: skip
LINE_KEYS = ("id", "qty_milli", "unit_price", "modifiers", "discount_ppm", "discount", "taxes")
TAX_KEYS = ("id", "rate_ppm", "inclusive", "compound")


def load(path: Path) -> Sheet:
    """Read a check from a file, or from standard input (``-``); raises SheetRefused."""
    try:
        if path == STANDARD_INPUT:
            return parse(sys.stdin.buffer.read(BYTES_MAX + 1))
        with path.open("rb") as file:
            return parse(file.read(BYTES_MAX + 1))
    except OSError as error:
        raise SheetRefused(str(path), f"{error.strerror}. Check the path.") from error


def parse(data: bytes) -> Sheet:
    """Read a check; raises SheetRefused, with the path of the first thing that is wrong."""
    fields = Fields(_json(data), "$", SHEET_KEYS)
    fields.text("currency", _is_currency, "an ISO 4217 code such as EUR")
    taxes = fields.each("taxes", TAXES_MAX, _tax)
    _unique([tax.id for tax in taxes], "$.taxes")
    by_id = {tax.id: tax for tax in taxes}
    fields.require("lines")
    lines = fields.each("lines", LINES_MAX, lambda value, path: _line(value, path, by_id))
    _unique([line.id for line in lines], "$.lines")
    return Sheet(
        lines,
        taxes,
        Terms(_rounding(fields.part("rounding")), fields.whole("cash_rounding", 0, COIN_MAX, 0)),
        check_discount_ppm=fields.whole("check_discount_ppm", 0, PPM, 0),
        check_discount=fields.whole("check_discount", 0, AMOUNT_MAX, 0),
        service_charge_ppm=fields.whole("service_charge_ppm", 0, PPM, 0),
        service_charge_taxes=_taxes(fields, "service_charge_taxes", by_id),
    )


def written(sheet: Sheet, priced: Priced) -> dict[str, Any]:
    """Return a priced check as JSON values; every declared tax is there, charged or not."""
    totals = {total.id: total for total in priced.taxes}
    none = TaxTotal("", "", 0, inclusive=False, base=0, amount=0)
    return {
        "lines": [
            {"id": x.id, "gross": x.gross, "discount": x.discount, "net": x.net, "tax": x.tax}
            for x in priced.lines
        ],
        "taxes": [
            {"id": tax.id, "base": found.base, "amount": found.amount}
            for tax in sheet.taxes
            for found in (totals.get(tax.id, none),)
        ],
        "subtotal": priced.subtotal,
        "discount": priced.discount,
        "service_charge": priced.service_charge,
        "tax": priced.tax,
        "total": priced.total,
        "cash_total": priced.cash_total,
    }


def _json(data: bytes) -> Any:
    if len(data) > BYTES_MAX:
        raise SheetRefused("$", f"more than {BYTES_MAX >> 20} MB is no check")
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise SheetRefused("$", f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise SheetRefused("$", "nested too deep") from error
    except ValueError as error:  # also a number of thousands of digits
        raise SheetRefused("$", f"not JSON: {error}") from error


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SheetRefused("$", f"key {shown(twice)} stands twice in one object")
    return made


def _is_currency(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def _unique(names: Sequence[str], path: str) -> None:
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if first.setdefault(name, i) != i:
            raise SheetRefused(f"{path}[{i}]", f"{shown(name)} is already {path}[{first[name]}]")


def _tax(value: object, path: str) -> TaxRate:
    fields = Fields(value, path, TAX_KEYS)
    name = fields.id()
    return TaxRate(
        name,
        name,
        fields.whole("rate_ppm", 0, RATE_PPM_MAX),
        fields.flag("inclusive"),
        fields.flag("compound"),
    )


def _rounding(value: object) -> Rounding:
    fields = Fields(value, "$.rounding", ("mode", "scope"))
    return Rounding(fields.word("mode", MODES, HALF_UP), fields.word("scope", SCOPES, BUCKET))


def _line(value: object, path: str, taxes: Mapping[str, TaxRate]) -> Entry:
    fields = Fields(value, path, LINE_KEYS)
    line = Entry(
        id=fields.id(),
        unit_price=fields.whole("unit_price", 0, AMOUNT_MAX),
        qty_milli=fields.whole("qty_milli", 0, QTY_MILLI_MAX, 1000),
        modifiers=fields.each("modifiers", MODIFIERS_MAX, _modifier),
        discount_ppm=fields.whole("discount_ppm", 0, PPM, 0),
        discount=fields.whole("discount", 0, AMOUNT_MAX, 0),
        taxes=_taxes(fields, "taxes", taxes),
    )
    if line.unit_price + sum(line.modifiers) < 0:
        raise SheetRefused(path, "unit_price and modifiers come to less than nothing")
    return line


def _modifier(value: object, path: str) -> int:
    return Fields(value, path, ("price",)).whole("price", -AMOUNT_MAX, AMOUNT_MAX)


def _taxes(fields: Fields, name: str, known: Mapping[str, TaxRate]) -> tuple[TaxRate, ...]:
    def tax(value: object, path: str) -> TaxRate:
        if not isinstance(value, str) or value not in known:
            raise SheetRefused(path, f"{shown(value)} is not the id of a tax in $.taxes")
        return known[value]

    found = fields.each(name, TAXES_MAX, tax)
    _unique([one.id for one in found], fields.path(name))
    return found
