"""The guest's receipt: what was eaten, the taxes in it, how it was paid, the change.

Of a split check each part has its own; the parts' lines, taxes and totals sum to the check's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.domain import money
from comptoir.domain.check import SETTLED, Check, Part
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
    time_known: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the receipt: so much of it, for so much before any discount."""

    line: Line
    qty_milli: int
    amount: int


def receipt(check: Check, head: Head, part: Part | None = None) -> Paper:
    """Return a receipt's paper, of a check or of a part of it; of what is not paid it says so."""
    rows = (
        *_top(check, head, part),
        *(row for entry in entries(check, part) for row in _entry(entry, head)),
        Rule(),
        *_sums(check, head, part),
        Rule(),
        *_payments(check, head, part),
        Text(word("thanks", head.language), centred=True),
        *((Code(head.code),) if head.code else ()),
    )
    return Paper(rows)


def entries(check: Check, part: Part | None = None) -> tuple[Entry, ...]:
    """Return the lines of a receipt; of a part, its share of each line that it has a share of."""
    if part is None:
        return tuple(Entry(line, line.qty_milli, line.amount) for line in check.live_lines)
    lines = {line.id: line for line in check.live_lines}
    return tuple(
        Entry(lines[piece.id], piece.qty_milli, piece.gross)
        for piece in part.priced.lines
        if piece.id in lines and (piece.qty_milli or piece.gross)
    )


def takings(check: Check, part: Part | None = None) -> tuple[Payment, ...]:
    """Return the payments of a receipt; of a part, those that were for this very part."""
    return tuple(one for one in check.takings if part is None or one.part == part.id)


def letterhead(head: Head) -> Iterator[Row]:
    """Yield who issues the paper, and whether it was issued before."""
    yield Text(head.house, LARGE, bold=True, centred=True)
    if head.copy:
        yield Text(word("copy", head.language), bold=True, inverse=True, centred=True)


def _top(check: Check, head: Head, part: Part | None) -> Iterator[Row]:
    yield from letterhead(head)
    if (part or check).state != SETTLED:
        yield Text(word("unpaid", head.language), bold=True, inverse=True, centred=True)
    yield Pair(check.number, head.time)
    if not head.time_known:
        yield Text(word("time_unknown", head.language))
    if part is not None:
        yield Text(part_name(part, head), bold=True)
    yield Text(word(check.order_type, head.language))
    yield Rule()


def part_name(part: Part, head: Head) -> str:
    """Return what a part is called on paper."""
    if not part.name:
        return word("rest", head.language)
    return f"{word('part', head.language)} {part.name}"


def figure(amount: int, head: Head) -> str:
    """Return an amount as the language writes it, without a symbol."""
    mark = money.decimal_mark(head.language, head.currency)
    return money.plain(amount, head.currency).replace(".", mark).replace("-", "−")


def quantity(qty_milli: int, head: Head) -> str:
    """Return a quantity without needless zeros."""
    whole, rest = divmod(qty_milli, 1000)
    mark = money.decimal_mark(head.language, head.currency)
    return f"{whole}{mark}{rest:03d}".rstrip("0") if rest else str(whole)


def _entry(entry: Entry, head: Head) -> Iterator[Row]:
    names = {**entry.line.names, **entry.line.receipt}
    name = f"{quantity(entry.qty_milli, head)} × {spoken(names, head.language)}"
    yield Pair(name, figure(entry.amount, head))
    for modifier in entry.line.modifiers:
        yield Text(f"+ {spoken(modifier.names, head.language)}", indent=1)


def _sums(check: Check, head: Head, part: Part | None) -> Iterator[Row]:
    priced = part.priced if part else check.priced
    if priced.subtotal != priced.total:
        yield Pair(word("subtotal", head.language), figure(priced.subtotal, head))
    if priced.discount:
        yield Pair(word("discount", head.language), figure(-priced.discount, head))
    if priced.service_charge:
        name = check.service.name or word("service", head.language)
        yield Pair(name, figure(priced.service_charge, head))
    for tax in priced.taxes:
        yield Pair(_tax_name(tax, head), figure(tax.amount, head))
    total = f"{word('total', head.language)} {head.currency}"
    yield Pair(total, figure(priced.total, head), LARGE, bold=True)
    if part is not None:
        yield Pair(word("whole_check", head.language), figure(check.total, head))


def _tax_name(tax: TaxTotal, head: Head) -> str:
    base = figure(tax.base, head)
    prefix = f"{word('including', head.language)} " if tax.inclusive else ""
    return f"{prefix}{tax.name} ({base})"


def _payments(check: Check, head: Head, part: Part | None) -> Iterator[Row]:
    for payment in takings(check, part):
        yield from _payment(payment, head)
    if part is not None and part.credit:
        yield Pair(word("credit", head.language), figure(part.credit, head))
    due = (part or check).due
    if due > 0:
        yield Pair(word("due", head.language), figure(due, head), bold=True)


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
