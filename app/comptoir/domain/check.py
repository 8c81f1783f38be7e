"""A check: lines added by anyone, voided, sent to the kitchen, paid."""

from dataclasses import dataclass, field
from functools import cached_property

from comptoir.domain.menu import EAT_IN, Modifier, Names
from comptoir.domain.money import half_up
from comptoir.domain.tax import TaxRate, TaxTotal, totals

UNSENT, FIRED, READY, SERVED = "unsent", "fired", "ready", "served"
PROGRESS = (UNSENT, FIRED, READY, SERVED)
INTENDED, TAKEN, CANCELLED = "intended", "taken", "cancelled"
OPEN, SETTLED, OVERPAID = "open", "settled", "overpaid"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; amounts in minor units, ``qty_milli`` in thousandths.

    Name, price and taxes are copies made when it was added: a new menu changes no old check.
    """

    id: str
    item: str
    names: Names
    qty_milli: int
    unit_price: int
    modifiers: tuple[Modifier, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    station: str = "kitchen"
    course: int = 1
    note: str = ""
    status: str = UNSENT
    voided: bool = False
    void_reason: str = ""
    added_by: str = ""
    fired_ms: int = 0

    @property
    def amount(self) -> int:
        """Return (unit price + modifiers) x quantity, rounded half-up; nothing when voided."""
        if self.voided:
            return 0
        unit = self.unit_price + sum(modifier.price for modifier in self.modifiers)
        return half_up(unit * self.qty_milli, 1000)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved, or was about to; amounts in minor units."""

    id: str
    tender: str
    amount: int
    status: str = INTENDED
    tendered: int = 0
    change: int = 0
    terminal: str = ""
    taken_by: str = ""


@dataclass(frozen=True)
class Check:
    """A check as folded from its events."""

    id: str
    number: str = ""
    order_type: str = EAT_IN
    table: str = ""
    covers: int = 0
    server: str = ""
    business_date: str = ""
    terminal: str = ""
    opened_ms: int = 0
    changed_ms: int = 0
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()
    newer_version: bool = field(default=False)

    @property
    def live_lines(self) -> tuple[Line, ...]:
        """Return the lines that are not voided."""
        return tuple(line for line in self.lines if not line.voided)

    @property
    def unsent(self) -> tuple[Line, ...]:
        """Return the lines the kitchen has not seen."""
        return tuple(line for line in self.live_lines if line.status == UNSENT)

    @cached_property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """Return one total per tax rate."""
        return totals((line.amount, line.taxes) for line in self.live_lines)

    @property
    def subtotal(self) -> int:
        """Return the sum of the lines as priced."""
        return sum(line.amount for line in self.live_lines)

    @property
    def total(self) -> int:
        """Return what the guests owe, taxes in."""
        added = sum(tax.amount for tax in self.taxes if not tax.inclusive)
        return self.subtotal + added

    @property
    def paid(self) -> int:
        """Return what was taken."""
        return sum(payment.amount for payment in self.payments if payment.status == TAKEN)

    @property
    def due(self) -> int:
        """Return what is still to pay; negative when too much was taken."""
        return self.total - self.paid

    @property
    def state(self) -> str:
        """Return ``open``, ``settled`` or ``overpaid``."""
        if self.due < 0:
            return OVERPAID
        paid = any(payment.status == TAKEN for payment in self.payments)
        return SETTLED if paid and self.due == 0 else OPEN

    @property
    def active(self) -> bool:
        """Tell whether someone still has to do something: pay it, refund it, cook it."""
        cooking = any(line.status == FIRED for line in self.live_lines)
        return self.state != SETTLED or cooking
