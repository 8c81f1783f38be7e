"""What a day came to: the sums, the cuts through the terminals' logs, the Zs that were made.

A close is a cut through one terminal's log: what stands before it belongs to that day for ever,
what comes behind it to the next one, even when it is dated earlier; it is then marked late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as calendar
from datetime import timedelta

from comptoir.domain.tax import TaxTotal
from comptoir.domain.tender import CASH


@dataclass(frozen=True, slots=True)
class TenderSum:
    """What one tender came to; amounts in minor units, ``count`` of payments.

    ``amount`` is without tips, ``refunded`` is not taken off it.
    """

    tender: str
    count: int = 0
    amount: int = 0
    tips: int = 0
    refunds: int = 0
    refunded: int = 0
    rounding: int = 0

    def plus(self, other: "TenderSum") -> "TenderSum":
        """Return both together."""
        return TenderSum(
            self.tender,
            self.count + other.count,
            self.amount + other.amount,
            self.tips + other.tips,
            self.refunds + other.refunds,
            self.refunded + other.refunded,
            self.rounding + other.rounding,
        )

    @property
    def net(self) -> int:
        """Return what is there of it: tips and rounding in, refunds out."""
        return self.amount + self.tips + self.rounding - self.refunded


def cash_of(sums: Iterable[TenderSum]) -> int:
    """Return the cash that sums come to."""
    return sum(one.net for one in sums if one.tender == CASH)


@dataclass(frozen=True, slots=True)
class Range:
    """Events ``first`` to ``last`` of one epoch of a terminal, both included."""

    epoch: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A check that was open when the day was closed; amounts in minor units."""

    check: str
    number: str
    table: str
    due: int
    paid: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a day, a terminal or a drawer came to; amounts in minor units.

    ``sales`` is what receipts state, taxes in; money taken for checks that are not paid yet is in
    the tenders and not in the sales, and so is ``paid_off``, which came in on house accounts.
    """

    tenders: tuple[TenderSum, ...] = ()
    receipts: int = 0
    sales: int = 0
    taxes: tuple[TaxTotal, ...] = ()
    pay_in: int = 0
    pay_out: int = 0
    drops: int = 0
    no_sales: int = 0
    paid_off: int = 0

    @property
    def cash(self) -> int:
        """Return the cash of sales, without floats and what was paid in and out."""
        return cash_of(self.tenders)


@dataclass(frozen=True, slots=True)
class Close:
    """A terminal's day as it was closed: its Z, which never changes.

    ``by_terminal`` is another one than ``terminal`` when a peer closed for a dead one. ``late``
    counts the events that are dated into a day closed before, ``late_amount`` is their money.
    """

    terminal: str
    date: str
    number: int
    ranges: tuple[Range, ...]
    figures: Figures
    open_checks: tuple[OpenNote, ...]
    open_drawers: tuple[str, ...]
    late: int
    late_amount: int
    by: str
    by_terminal: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days that were closed for one terminal, in the order of the facts."""

    terminal: str
    closes: tuple[Close, ...] = ()

    @property
    def newest(self) -> str:
        """Return the newest date that was closed; empty when none was."""
        return max((close.date for close in self.closes), default="")

    def closed_to(self, epoch: int) -> int:
        """Return the last seq of an epoch that any close covers."""
        return max(
            (one.last for close in self.closes for one in close.ranges if one.epoch == epoch),
            default=0,
        )

    def ranges(self, epoch: int, date: str) -> tuple[Range, ...]:
        """Return which seqs of an epoch belong to a closed date; each belongs to one date only.

        Where two closes overlap (a peer's and the terminal's own), the earlier cut counts.
        """
        cuts = sorted(
            (one.last, close.date)
            for close in self.closes
            for one in close.ranges
            if one.epoch == epoch
        )
        found, first = [], 1
        for last, day in cuts:
            if day == date and last >= first:
                found.append(Range(epoch, first, last))
            first = max(first, last + 1)
        return tuple(found)

    def posted(self, business_date: str) -> str:
        """Return the day to which an event behind all cuts belongs: never a closed one."""
        return business_date if business_date > self.newest else next_day(self.newest)


def next_day(date: str) -> str:
    """Return the day after an ISO date."""
    return (calendar.fromisoformat(date) + timedelta(days=1)).isoformat()
