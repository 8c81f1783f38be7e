"""What is owed for a check, by whom: its price, its parts, and whose money is on which part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from comptoir.domain.division import NO_SERVICE, Division, joined
from comptoir.domain.line import Line
from comptoir.domain.money import apportion
from comptoir.domain.parts import WHOLE, Split, below, in_force
from comptoir.domain.payment import TAKEN, Payment
from comptoir.domain.pricing import Entry, Priced, Sheet, Terms
from comptoir.domain.tax import TaxRate

OPEN, SETTLED, OVERPAID = "open", "settled", "overpaid"


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of a line, or of the whole check when it names none."""

    line: str = ""
    ppm: int = 0
    amount: int = 0
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServiceCharge:
    """What is added for service, and the taxes on it."""

    ppm: int = 0
    name: str = ""
    taxes: tuple[TaxRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a split check; ``paid`` for it by name, ``credit`` its share of other money.

    Other money was paid for the whole check, or for a part that was split again or is gone.
    """

    id: str
    name: str
    split: str
    seats: tuple[int, ...]
    priced: Priced
    paid: int = 0
    credit: int = 0

    @property
    def total(self) -> int:
        """Return what it comes to, taxes in."""
        return self.priced.total

    @property
    def due(self) -> int:
        """Return what is still to pay; negative when too much was taken."""
        return self.total - self.paid - self.credit

    @property
    def state(self) -> str:
        """Return ``open``, ``settled`` or ``overpaid``."""
        if self.due < 0:
            return OVERPAID
        return SETTLED if self.due == 0 and (self.paid or self.credit) else OPEN


def sheet(
    lines: Sequence[Line], discounts: Sequence[Discount], service: ServiceCharge, terms: Terms
) -> Sheet:
    """Return a check's lines as they are to be priced, with their discounts and the check's."""
    of = {discount.line: discount for discount in discounts}
    whole = of.get(WHOLE, Discount())
    return Sheet(
        lines=tuple(_entry(line, of.get(line.id)) for line in lines),
        terms=terms,
        check_discount_ppm=whole.ppm,
        check_discount=whole.amount,
        service_charge_ppm=service.ppm,
        service_charge_taxes=service.taxes,
    )


def _entry(line: Line, discount: Discount | None) -> Entry:
    if discount is None or line.comped:
        return line.entry
    return replace(line.entry, discount_ppm=discount.ppm, discount=discount.amount)


def together(bills: Iterable[Priced]) -> Priced:
    """Return the sums of several checks as those of one."""
    bills = tuple(bills)
    service = NO_SERVICE
    for bill in bills:
        service = joined(service, bill.service)
    return Priced(
        tuple(line for bill in bills for line in bill.lines),
        service,
        tuple(dict.fromkeys(rate for bill in bills for rate in bill.order)),
        sum(bill.cash_total for bill in bills),
    )


def parts(
    lines: Sequence[Line],
    payments: Sequence[Payment],
    splits: Sequence[Split],
    priced: Priced,
    terms: Terms,
) -> tuple[Part, ...]:
    """Return the parts of a check; none when no split is in force."""
    money = [payment for payment in payments if payment.status == TAKEN and payment.kept > 0]
    counting = in_force(splits, [payment.part for payment in money])
    if not counting:
        return ()
    settled: dict[str, int] = {}
    for payment in money:
        if payment.settles:
            settled.setdefault(payment.part, payment.settles)
    division = Division({line.id: line for line in lines}, settled, terms)
    contents = division.divide(priced, counting)
    paid = {part: sum(p.kept for p in money if p.part == part) for part in contents}
    found = {
        plan.id: Part(plan.id, plan.name, split.id, plan.seats, contents[plan.id], paid[plan.id])
        for split in counting
        for plan in split.parts
        if plan.id in contents
    }
    for split in counting:
        rest = contents.get(split.rest)
        if rest is not None and (_anything(rest) or paid[split.rest]):
            found[split.rest] = Part(split.rest, "", split.id, (), rest, paid[split.rest])
    return _credited(found, money, below(counting))


def _anything(rest: Priced) -> bool:
    return any(piece.qty_milli or piece.gross for piece in (*rest.lines, rest.service))


def _credited(
    found: Mapping[str, Part], money: Sequence[Payment], leaves: Mapping[str, frozenset[str]]
) -> tuple[Part, ...]:
    """Give money that is on no part of today to those below it, as far as they owe something."""
    credit = dict.fromkeys(found, 0)
    for payment in money:
        if payment.part in found:
            continue
        under = leaves.get(payment.part, leaves[WHOLE])
        owing = {
            name: part.due - credit[name]
            for name, part in found.items()
            if name in under and part.due > credit[name]
        }
        if owing:
            amount = min(payment.kept, sum(owing.values()))
            shares = apportion(amount, list(owing.values()))
            for name, share in zip(owing, shares, strict=True):
                credit[name] += share
    return tuple(
        Part(p.id, p.name, p.split, p.seats, p.priced, p.paid, credit[p.id]) for p in found.values()
    )
