"""The fiscal series: each terminal states its sales in receipts, numbered, chained and signed.

A receipt states what changed since the receipts before it of the same check: the whole sale when it
is paid, less than nothing when goods come back. The event that carries it is signed by the terminal
and part of its log's chain; the series has a chain of its own, so that it can be exported and
checked alone. These are hooks for national rules, and no claim to meet any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.tax import TaxTotal

TaxKey = tuple[str, int, bool]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as the sale knows it; amounts in minor units."""

    terminal: str
    epoch: int
    sequence: int
    number: str
    total: int
    taxes: tuple[TaxTotal, ...]
    at_ms: int
    business_date: str
    time_known: bool = True


@dataclass(frozen=True, slots=True)
class Sale:
    """What receipts have stated of one check."""

    check: str
    receipts: tuple[Receipt, ...] = ()

    @property
    def total(self) -> int:
        """Return what they state together."""
        return sum(receipt.total for receipt in self.receipts)

    @property
    def time_known(self) -> bool:
        """Tell whether all were stated at a time that something confirmed."""
        return all(receipt.time_known for receipt in self.receipts)

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """Return the taxes they state together."""
        return add(tax for receipt in self.receipts for tax in receipt.taxes)


def add(taxes: Iterable[TaxTotal], *, sign: int = 1) -> tuple[TaxTotal, ...]:
    """Return one total per tax and rate, those that come to nothing left out."""
    sums: dict[TaxKey, TaxTotal] = {}
    for tax in taxes:
        key = (tax.id, tax.rate_ppm, tax.inclusive)
        old = sums.get(key) or replace(tax, base=0, amount=0)
        sums[key] = replace(
            tax, base=old.base + sign * tax.base, amount=old.amount + sign * tax.amount
        )
    return tuple(sums[key] for key in sorted(sums) if sums[key].base or sums[key].amount)


def difference(now: Iterable[TaxTotal], before: Iterable[TaxTotal]) -> tuple[TaxTotal, ...]:
    """Return what has to be stated so that taxes come from ``before`` to ``now``."""
    return add([*now, *add(before, sign=-1)])


def fold_sale(check: str, events: Sequence[ev.Event]) -> Sale:
    """Fold what was stated of a check."""
    return Sale(
        check,
        tuple(
            Receipt(
                event.envelope.terminal,
                event.envelope.epoch,
                body.sequence,
                body.number,
                body.total,
                body.taxes,
                milliseconds(event.envelope.hlc),
                event.envelope.business_date,
                body.time_known,
            )
            for event in events
            if isinstance(body := event.body, ev.ReceiptStated)
        ),
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A receipt's event with its hash, as the series' chain sees it."""

    event: ev.Event
    digest: str


def faults(series: Iterable[Link]) -> list[str]:
    """Return a line for each place where the series of one log is not whole."""
    found = []
    sequence, cumulative, previous = 0, 0, ""
    for link in series:
        body, envelope = link.event.body, link.event.envelope
        if not isinstance(body, ev.ReceiptStated):
            continue
        where = f"{envelope.terminal}/{envelope.epoch}/{envelope.seq}: receipt {body.number}"
        sequence, cumulative = sequence + 1, cumulative + body.total
        if body.sequence != sequence:
            found.append(f"{where} has number {body.sequence} in the series, not {sequence}")
        if body.previous != previous:
            found.append(f"{where} does not follow the receipt before it")
        if body.cumulative != cumulative:
            found.append(f"{where} sums up to {body.cumulative}, not {cumulative}")
        sequence, cumulative, previous = body.sequence, body.cumulative, link.digest
    return found
