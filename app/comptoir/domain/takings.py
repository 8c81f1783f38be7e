"""Takings: what each event of a check did to the money, so that any sum can be opened into events.

An event's posting is what the fold of the check's payments changed when it was added, in folding
order: therefore all postings of a check together are what its payments came to, whatever happened
on two sides of a cut.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.figures import TenderSum
from comptoir.domain.payment import YES, Payment

Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Posting:
    """What one event did to the money: which drawer, which tender, how much.

    Money that paid off a house account is of no check.
    """

    key: Key
    check: str
    payment: str
    drawer: str
    sums: tuple[TenderSum, ...]


def key_of(event: ev.Event) -> Key:
    """Return the name of an event: terminal, epoch, seq."""
    envelope = event.envelope
    return envelope.terminal, envelope.epoch, envelope.seq


def postings(events: Sequence[ev.Event]) -> list[Posting]:
    """Return what each event of a check's money did, given them all in folding order."""
    seen: dict[str, _Seen] = {}
    found = []
    for event in events:
        body = event.body
        if isinstance(body, ev.AccountPaid):
            found.append(_paid_off(key_of(event), body))
        if not isinstance(
            body, ev.PaymentTaken | ev.PaymentAnswered | ev.TipSet | ev.PaymentRefunded
        ):
            continue
        sums = seen.setdefault(body.payment, _Seen()).post(body)
        if sums:
            found.append(Posting(key_of(event), body.check, body.payment, body.drawer, sums))
    return found


def _paid_off(key: Key, body: ev.AccountPaid) -> Posting:
    total = TenderSum(body.tender, 1, body.amount, rounding=body.rounding)
    return Posting(key, "", body.payment, body.drawer, (total,))


class _Seen:
    """A payment while its events are gone through."""

    def __init__(self) -> None:
        self.taken: TenderSum | None = None
        self.tip: int | None = None
        self.refunds: set[str] = set()

    def post(self, body: object) -> tuple[TenderSum, ...]:
        match body:
            case ev.PaymentTaken():
                return self._take(body.tender, body.amount, body.tip, body.rounding)
            case ev.PaymentAnswered(received=said) if said == YES and self.taken is None:
                return self._take(body.tender, body.amount, body.tip, 0)
            case ev.TipSet():
                return self._tip(body)
            case ev.PaymentRefunded(refund=refund) if refund not in self.refunds:
                self.refunds.add(refund)
                return (TenderSum(body.tender, refunds=1, refunded=body.amount),)
            case _:
                return ()

    def _take(self, tender: str, amount: int, tip: int, rounding: int) -> tuple[TenderSum, ...]:
        now = TenderSum(tender, 1, amount, tip, rounding=rounding)
        before, self.taken = self.taken, now
        if before is None:
            return (now,)
        out = TenderSum(
            before.tender,
            -before.count,
            -before.amount,
            -before.tips,
            rounding=-before.rounding,
        )
        if before.tender == tender:
            net = now.plus(out)
            return () if net == TenderSum(tender) else (net,)
        return (out, now)

    def _tip(self, body: ev.TipSet) -> tuple[TenderSum, ...]:
        if self.taken is None or self.taken.tips == body.tip:
            return ()
        more = TenderSum(self.taken.tender, tips=body.tip - self.taken.tips)
        self.taken = self.taken.plus(more)
        return (more,)


def by_tender(found: Iterable[Posting]) -> tuple[TenderSum, ...]:
    """Return one sum per tender, by name."""
    sums: dict[str, TenderSum] = {}
    for posting in found:
        for one in posting.sums:
            sums[one.tender] = sums.get(one.tender, TenderSum(one.tender)).plus(one)
    return tuple(sums[tender] for tender in sorted(sums))


def of_payments(payments: Iterable[Payment]) -> Mapping[str, int]:
    """Return the net of each tender from folded payments: the other way to the same figures."""
    sums: dict[str, int] = {}
    for payment in payments:
        if payment.status == "taken":
            net = payment.with_tip + payment.rounding
            sums[payment.tender] = sums.get(payment.tender, 0) + net
        for refund in payment.refunds:
            sums[refund.tender] = sums.get(refund.tender, 0) - refund.amount
    return sums
