"""House accounts: what was put on whose account by the payments of checks, and paid off."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
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
    """A house account and everything put on it, in the order of the facts."""

    name: str
    charges: tuple[Charge, ...] = ()

    @property
    def owed(self) -> int:
        """Return what the account comes to, minor units."""
        return sum(charge.amount for charge in self.charges)

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
    return Account(name, tuple(charges))


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
