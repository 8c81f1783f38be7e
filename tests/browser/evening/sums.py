"""What an evening's events come to, added up by hand from the rows of a journal's file.

Nothing of the till's own arithmetic is used: rows are read with plain SQLite and plain JSON, and
an event about money that this page does not know is an error, not a zero.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

THOUSAND = 1000
NEUTRAL = {
    "check.opened", "check.fired", "kitchen.bumped", "kitchen.recalled", "check.held",
    "check.course_set", "check.line_seats_set", "check.covers_set", "check.bill_asked",
    "check.split", "payment.intended", "payment.cancelled", "fiscal.receipt", "check.moved",
    "check.handed", "check.allergy_set", "kitchen.changes_seen", "notice.acknowledged",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An event as it stands in a journal."""

    terminal: str
    epoch: int
    seq: int
    payload: bytes

    @property
    def name(self) -> tuple[str, int, int]:
        """Return which event it is."""
        return self.terminal, self.epoch, self.seq

    @property
    def log(self) -> str:
        """Return whose log it stands in, ``t1/1``."""
        return f"{self.terminal}/{self.epoch}"


def rows(file: Path) -> list[Row]:
    """Return all events of a journal in the order of their clocks."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        asked = "SELECT terminal, epoch, seq, payload FROM event ORDER BY hlc, terminal, epoch, seq"
        return [Row(*row) for row in db.execute(asked)]


@dataclass
class Line:
    """A line of a check, in minor units and thousandths."""

    price: int
    qty_milli: int
    counts: bool = True
    given: bool = False

    @property
    def amount(self) -> int:
        """Return what it costs, rounded half up."""
        if self.given or not self.counts:
            return 0
        return (2 * self.price * self.qty_milli + THOUSAND) // (2 * THOUSAND)


@dataclass
class Money:
    """A payment that was taken, and in whose log that stands."""

    tender: str
    amount: int
    tip: int
    rounding: int
    event: tuple[str, int, int]


@dataclass
class Books:
    """Checks, money and closes of a journal."""

    lines: dict[str, dict[str, Line]] = field(default_factory=lambda: defaultdict(dict))
    money: dict[tuple[str, str], Money] = field(default_factory=dict)
    closes: list[Mapping[str, Any]] = field(default_factory=list)

    def sale(self, check: str) -> int:
        """Return what a check's lines come to."""
        return sum(line.amount for line in self.lines[check].values())

    def paid(self, check: str) -> int:
        """Return what was taken for it, tips apart."""
        return sum(one.amount for (name, _), one in self.money.items() if name == check)


def added_up(found: Iterable[Row]) -> Books:
    """Return the books of events in the order of their clocks."""
    books = Books()
    for row in found:
        event = json.loads(row.payload)
        kind, body = event["kind"], event["body"]
        if kind == "day.closed":
            books.closes.append(body)
        elif "check" in body and kind not in NEUTRAL:
            _post(books, kind, body, row.name)
    return books


def _post(books: Books, kind: str, body: Mapping[str, Any], name: tuple[str, int, int]) -> None:
    own = books.lines[body["check"]]
    match kind:
        case "check.line_added":
            own.setdefault(body["line"], Line(_each(body), body["qty_milli"]))
        case "check.line_changed":
            own[body["line"]].price, own[body["line"]].qty_milli = _each(body), body["qty_milli"]
        case "check.line_qty_set":
            own[body["line"]].qty_milli = body["qty_milli"]
        case "check.line_voided":
            own[body["line"]].counts = False
        case "check.line_comped":
            own[body["line"]].given = body.get("comped", True)
        case "payment.taken":
            books.money[body["check"], body["payment"]] = Money(
                body["tender"], body["amount"], body.get("tip", 0), body.get("rounding", 0), name
            )
        case "payment.answered":
            if body["received"] == "yes":
                money = Money(body["tender"], body["amount"], body.get("tip", 0), 0, name)
                books.money.setdefault((body["check"], body["payment"]), money)
        case _:
            raise AssertionError(f"{kind} is about money, and the sums do not know it")


def _each(body: Mapping[str, Any]) -> int:
    price: int = body["unit_price"] + sum(one.get("price", 0) for one in body.get("modifiers", ()))
    return price


def faults(books: Books) -> list[str]:
    """Return where checks, money and Zs do not agree; empty when every sum is right."""
    sales = sum(books.sale(check) for check in books.lines)
    receipts = sum(z["figures"].get("receipts", 0) for z in books.closes)
    return [
        *unpaid(books),
        *_differ("sales", sales, sum(z["figures"].get("sales", 0) for z in books.closes)),
        *_differ("receipts", len(books.lines), receipts),
        *(fault for close in books.closes for fault in _faults_of(close, books.money.values())),
    ]


def unpaid(books: Books) -> list[str]:
    """Return the checks of which another sum was paid than their dishes cost."""
    return [
        f"check {check}: dishes {books.sale(check)}, paid {books.paid(check)}"
        for check in books.lines
        if books.sale(check) != books.paid(check)
    ]


def _faults_of(close: Mapping[str, Any], money: Iterable[Money]) -> list[str]:
    """Compare a Z with the money that stands in its own range of its own log."""
    figures, terminal = close["figures"], close["terminal"]
    spans = {one["epoch"]: (one["first"], one["last"]) for one in close["ranges"]}
    amounts: Counter[str] = Counter()
    tips: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in money:
        where, epoch, seq = one.event
        first, last = spans.get(epoch, (1, 0))
        if where == terminal and first <= seq <= last:
            amounts[one.tender] += one.amount
            tips[one.tender] += one.tip
            counts[one.tender] += 1
    said = figures.get("tenders", ())
    taxed = sum(tax["base"] + tax.get("amount", 0) for tax in figures.get("taxes", ()))
    return [
        *_differ(f"{terminal} amounts", dict(amounts), {t["tender"]: t["amount"] for t in said}),
        *_differ(f"{terminal} tips", dict(tips), {t["tender"]: t.get("tips", 0) for t in said}),
        *_differ(f"{terminal} payments", dict(counts), {t["tender"]: t["count"] for t in said}),
        *_differ(f"{terminal} taxes and what they are on", figures.get("sales", 0), taxed),
    ]


def _differ(what: str, ours: object, said: object) -> list[str]:
    return [] if ours == said else [f"{what}: the events say {ours}, the Zs say {said}"]


def lost(promised: Iterable[Row], safe: Mapping[str, int], held: Sequence[Row]) -> list[str]:
    """Return the events that were SAFE and are not held, byte for byte."""
    here = {row.name: row.payload for row in held}
    return [
        f"{row.log} {row.seq}"
        for row in promised
        if row.seq <= safe.get(row.log, 0) and here.get(row.name) != row.payload
    ]
