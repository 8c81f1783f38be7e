"""The guest's receipt: what was eaten, the taxes in it, how it was paid, the change."""

from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.domain import money
from comptoir.domain.check import SETTLED, TAKEN, Check
from comptoir.domain.line import Line
from comptoir.domain.paper.kitchen import spoken
from comptoir.domain.paper.rows import LARGE, Code, Pair, Paper, Row, Rule, Text
from comptoir.domain.paper.words import word
from comptoir.domain.payment import Payment
from comptoir.domain.tax import TaxTotal


@dataclass(frozen=True, slots=True)
class Head:
    """Who issues the receipt, when, in which language, and what its code says."""

    house: str
    currency: str
    time: str
    language: str = "en"
    code: str = ""
    copy: bool = False


def receipt(check: Check, head: Head) -> Paper:
    """Return a receipt's paper; of a check that is not paid it says so."""
    rows = (
        *_top(check, head),
        *(row for line in check.live_lines for row in _line(line, head)),
        Rule(),
        *_sums(check, head),
        Rule(),
        *_payments(check, head),
        Text(word("thanks", head.language), centred=True),
        *((Code(head.code),) if head.code else ()),
    )
    return Paper(rows)


def _top(check: Check, head: Head) -> Iterator[Row]:
    yield Text(head.house, LARGE, bold=True, centred=True)
    if head.copy:
        yield Text(word("copy", head.language), bold=True, inverse=True, centred=True)
    if check.state != SETTLED:
        yield Text(word("unpaid", head.language), bold=True, inverse=True, centred=True)
    yield Pair(check.number, head.time)
    yield Text(word(check.order_type, head.language))
    yield Rule()


def figure(amount: int, head: Head) -> str:
    """Return an amount as the language writes it, without a symbol."""
    mark = "," if head.language in {"fr", "es"} else "."
    return money.plain(amount, head.currency).replace(".", mark).replace("-", "−")


def quantity(qty_milli: int, head: Head) -> str:
    """Return a quantity without needless zeros."""
    whole, rest = divmod(qty_milli, 1000)
    mark = "," if head.language in {"fr", "es"} else "."
    return f"{whole}{mark}{rest:03d}".rstrip("0") if rest else str(whole)


def _line(line: Line, head: Head) -> Iterator[Row]:
    name = f"{quantity(line.qty_milli, head)} × {spoken(line.names, head.language)}"
    yield Pair(name, figure(line.amount, head))
    for modifier in line.modifiers:
        yield Text(f"+ {spoken(modifier.names, head.language)}", indent=1)


def _sums(check: Check, head: Head) -> Iterator[Row]:
    priced = check.priced
    if priced.subtotal != check.total:
        yield Pair(word("subtotal", head.language), figure(priced.subtotal, head))
    if priced.discount:
        yield Pair(word("discount", head.language), figure(-priced.discount, head))
    if priced.service_charge:
        name = check.service.name or word("service", head.language)
        yield Pair(name, figure(priced.service_charge, head))
    for tax in check.taxes:
        yield Pair(_tax_name(tax, head), figure(tax.amount, head))
    total = f"{word('total', head.language)} {head.currency}"
    yield Pair(total, figure(check.total, head), LARGE, bold=True)


def _tax_name(tax: TaxTotal, head: Head) -> str:
    base = figure(tax.base, head)
    prefix = f"{word('including', head.language)} " if tax.inclusive else ""
    return f"{prefix}{tax.name} ({base})"


def _payments(check: Check, head: Head) -> Iterator[Row]:
    for payment in check.payments:
        if payment.status == TAKEN:
            yield from _payment(payment, head)
    if check.due > 0:
        yield Pair(word("due", head.language), figure(check.due, head), bold=True)


def _payment(payment: Payment, head: Head) -> Iterator[Row]:
    yield Pair(
        word(payment.tender, head.language), figure(payment.tendered or payment.amount, head)
    )
    figures = {
        "rounding": payment.rounding,
        "tip": payment.tip,
        "change_due": payment.change,
        "refund": -payment.refunded,
    }
    for key, amount in figures.items():
        if amount:
            yield Pair(word(key, head.language), figure(amount, head), indent=1)
