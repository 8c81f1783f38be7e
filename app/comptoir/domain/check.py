"""A check: lines added by anyone, voided, sent to the kitchen, paid."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from comptoir.domain.bill import (
    OPEN,
    OVERPAID,
    SETTLED,
    Discount,
    Part,
    ServiceCharge,
    parts,
    sheet,
    together,
)
from comptoir.domain.errors import PartNotFound
from comptoir.domain.line import FIRED, PROGRESS, READY, SERVED, UNSENT, Change, Dish, Line
from comptoir.domain.menu import EAT_IN
from comptoir.domain.notices import PAID_TOGETHER, Notice, notices
from comptoir.domain.parts import Split
from comptoir.domain.payment import CANCELLED, INTENDED, TAKEN, Payment
from comptoir.domain.pricing import Priced, Sheet, Terms, in_coins, price
from comptoir.domain.tax import Exemption, TaxTotal

__all__ = (
    "CANCELLED",
    "FIRED",
    "INTENDED",
    "OPEN",
    "OVERPAID",
    "PROGRESS",
    "READY",
    "SERVED",
    "SETTLED",
    "TAKEN",
    "UNSENT",
    "Allergy",
    "Change",
    "Check",
    "Discount",
    "Dish",
    "Line",
    "Notice",
    "Part",
    "Payment",
    "ServiceCharge",
    "Split",
)


@dataclass(frozen=True, slots=True)
class Allergy:
    """What somebody must not eat; seat 0 stands for the whole table."""

    seat: int
    what: str


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
    allergies: tuple[Allergy, ...] = ()
    terms: Terms = field(default_factory=Terms)
    exemption: Exemption | None = None
    discounts: tuple[Discount, ...] = ()
    service: ServiceCharge = field(default_factory=ServiceCharge)
    splits: tuple[Split, ...] = ()
    merged_into: str = ""
    sources: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    leavers: tuple[str, ...] = ()
    squared: tuple[int, ...] = ()
    members: tuple["Check", ...] = ()
    asked_ms: int = 0

    @property
    def live_lines(self) -> tuple[Line, ...]:
        """Return the lines that are not voided."""
        return tuple(line for line in self.lines if not line.voided)

    def together(self, line: Line) -> tuple[Line, ...]:
        """Return the live lines that go with one: all dishes of its set meal, or itself."""
        same = (one for one in self.live_lines if one.part_of == line.part_of)
        return tuple(same) if line.part_of else (line,)

    @property
    def unsent(self) -> tuple[Line, ...]:
        """Return the lines the kitchen has not seen."""
        return tuple(line for line in self.live_lines if line.status == UNSENT)

    @property
    def next_course(self) -> tuple[Line, ...]:
        """Return the lines of the first course that has something to send, held or not."""
        first = min((line.course for line in self.unsent), default=0)
        return tuple(line for line in self.unsent if line.course == first)

    def allergies_of(self, line: Line) -> tuple[str, ...]:
        """Return what must not be in a line: its seats' allergies, all when it is everybody's."""
        seats = {0, *line.seats}
        found = {a.what for a in self.allergies if not line.seats or a.seat in seats}
        return tuple(sorted(found))

    @property
    def sheet(self) -> Sheet:
        """Return what is to be priced."""
        found = sheet(self.live_lines, self.discounts, self.service, self.terms)
        return replace(found, exemption=self.exemption)

    @cached_property
    def priced(self) -> Priced:
        """Return every sum of the check; of checks paid together, the sums of each."""
        if self.members:
            return together(member.priced for member in self.members)
        return price(self.sheet)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts of a split check; none when it is whole."""
        return parts(self.lines, self.payments, self.splits, self.priced, self.terms)

    def part(self, name: str) -> Part:
        """Return a part by its id; raises PartNotFound."""
        for part in self.parts:
            if part.id == name:
                return part
        raise PartNotFound(name, self.number)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what happened at the same time elsewhere, for a person to know or to decide."""
        found = notices(self.splits, self.payments, self.due)
        return (*found, *(Notice(PAID_TOGETHER, name) for name in self._paid_along()))

    def _paid_along(self) -> Iterator[str]:
        """Yield the checks that are on this bill by their money only: they left it again."""
        names = {one.id for one in self.members}
        for one in self.members:
            if one.left and one.id != self.id and one.merged_into not in names:
                yield one.id

    def owner(self, line: str) -> str:
        """Return the check whose line it is; another one than this when they are paid together."""
        for member in self.members:
            if any(one.id == line for one in member.lines):
                return member.id
        return self.id

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """Return one total per tax rate."""
        return self.priced.taxes

    @property
    def subtotal(self) -> int:
        """Return the sum of the lines before any discount."""
        return self.priced.subtotal

    @property
    def total(self) -> int:
        """Return what the guests owe, taxes in."""
        return self.priced.total

    @property
    def takings(self) -> tuple[Payment, ...]:
        """Return the payments whose money came, in order."""
        return tuple(payment for payment in self.payments if payment.status == TAKEN)

    @property
    def paid(self) -> int:
        """Return what was taken, and not given back but for goods."""
        return sum(payment.kept for payment in self.takings)

    @property
    def due(self) -> int:
        """Return what is still to pay; negative when too much was taken."""
        return self.total - self.paid

    def cash_rounding(self, payment: Payment) -> int:
        """Return what cash comes to more, or less, than a payment of all that is due.

        A payment of less than that is an amount somebody chose: coins can pay it.
        """
        dues = [part.due for part in self.parts if part.id == payment.part]
        if payment.amount != (dues[0] if dues else self.due):
            return 0
        return self.in_cash(payment.amount) - payment.amount

    def in_cash(self, amount: int) -> int:
        """Return what an amount of this check comes to in coins."""
        return in_coins(amount, self.terms.cash_rounding, self.terms.rounding)

    @property
    def cash_due(self) -> int:
        """Return what is still to pay when it is paid in cash."""
        return self.in_cash(self.due)

    @property
    def state(self) -> str:
        """Return ``open``, ``settled`` or ``overpaid``."""
        if self.due < 0:
            return OVERPAID
        return SETTLED if self.takings and self.due == 0 else OPEN

    @property
    def active(self) -> bool:
        """Tell whether someone still has to do something: pay, refund, cook, answer."""
        cooking = any(line.status == FIRED for line in self.live_lines)
        square = self.squared == (self.total, self.paid)
        asked = any(payment.status == INTENDED for payment in self.payments)
        return cooking or asked or not (square or self.state == SETTLED)
