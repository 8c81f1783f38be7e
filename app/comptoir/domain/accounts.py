"""House accounts: what was put on whose account by the payments of checks, and paid off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.payment import CANCELLED, INTENDED, TAKEN, Payment
from comptoir.domain.takings import key_of, postings
from comptoir.domain.tender import ACCOUNT


@dataclass(frozen=True, slots=True)
class Charge:
    """What one event did to an account; below zero it was given back, or paid off.

    What was paid off is of no check; it has a ``tender`` and maybe the ``reference`` of a slip.
    """

    check: str
    payment: str
    amount: int
    terminal: str
    by: str
    at_ms: int
    tender: str = ""
    reference: str = ""
    tendered: int = 0
    change: int = 0
    rounding: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """A house account and everything put on it, in the order of the facts.

    ``payments`` are those that were meant to pay it off, taken or not.
    """

    name: str
    charges: tuple[Charge, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def owed(self) -> int:
        """Return what the account comes to, minor units."""
        return sum(charge.amount for charge in self.charges)

    def payment(self, name: str) -> Payment | None:
        """Return a payment that was meant to pay it off, None when there is none of this id."""
        return next((one for one in self.payments if one.id == name), None)

    @property
    def begun(self) -> tuple[Payment, ...]:
        """Return the payments of which nobody has said yet what became of them."""
        return tuple(one for one in self.payments if one.status == INTENDED)

    def paid(self, payment: str) -> Charge | None:
        """Return what one payment paid off, None when there is none of this id."""
        return next((one for one in self.charges if one.tender and one.payment == payment), None)


def fold_account(name: str, events: Sequence[ev.Event]) -> Account:
    """Fold an account from the money of all checks that was put on it, and what paid it off."""
    by_key = {key_of(event): event for event in events}
    charges = []
    for posting in postings(events):
        event = by_key[posting.key]
        if isinstance(event.body, ev.AccountPaid):
            charges.append(_paid_off(event, event.body))
            continue
        amount = sum(one.net for one in posting.sums if one.tender == ACCOUNT)
        if amount:
            at = event.envelope
            who = (at.terminal, at.actor, milliseconds(at.hlc))
            charges.append(Charge(posting.check, posting.payment, amount, *who))
    return Account(name, tuple(charges), _payments(events))


def _payments(events: Sequence[ev.Event]) -> tuple[Payment, ...]:
    found: dict[str, Payment] = {}
    status: dict[str, str] = {}
    for event in events:
        match event.body:
            case ev.AccountPaymentIntended() as body:
                found.setdefault(body.payment, _meant(event, body))
            case ev.AccountPaid(payment=payment):
                status[payment] = TAKEN
            case ev.AccountPaymentCancelled(payment=payment):
                status.setdefault(payment, CANCELLED)
            case _:
                pass
    return tuple(replace(one, status=status.get(one.id, INTENDED)) for one in found.values())


def _meant(event: ev.Event, body: ev.AccountPaymentIntended) -> Payment:
    at = event.envelope
    return Payment(
        body.payment,
        body.tender,
        body.amount,
        terminal=at.terminal,
        taken_by=at.actor,
        drawer=body.drawer,
        intended_ms=milliseconds(at.hlc),
    )


def _paid_off(event: ev.Event, body: ev.AccountPaid) -> Charge:
    at = event.envelope
    return Charge(
        "",
        body.payment,
        -body.amount,
        at.terminal,
        at.actor,
        milliseconds(at.hlc),
        body.tender,
        body.reference,
        body.tendered,
        body.change,
        body.rounding,
    )
