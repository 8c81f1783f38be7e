"""House accounts: what was put on whose account, as the payments of checks say it."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.takings import key_of, postings
from comptoir.domain.tender import ACCOUNT


@dataclass(frozen=True, slots=True)
class Charge:
    """What one event did to an account; below zero it was given back."""

    check: str
    payment: str
    amount: int
    terminal: str
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Account:
    """A house account and everything put on it, in the order of the facts."""

    name: str
    charges: tuple[Charge, ...] = ()

    @property
    def owed(self) -> int:
        """Return what the account comes to, minor units."""
        return sum(charge.amount for charge in self.charges)


def fold_account(name: str, events: Sequence[ev.Event]) -> Account:
    """Fold an account from the money of all checks that was put on it."""
    by_key = {key_of(event): event.envelope for event in events}
    charges = []
    for posting in postings(events):
        amount = sum(one.net for one in posting.sums if one.tender == ACCOUNT)
        at = by_key[posting.key]
        if amount:
            charges.append(
                Charge(
                    posting.check,
                    posting.payment,
                    amount,
                    at.terminal,
                    at.actor,
                    milliseconds(at.hlc),
                )
            )
    return Account(name, tuple(charges))
