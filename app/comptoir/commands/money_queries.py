"""What somebody has to decide about money: open questions, answers, overpayments."""

from collections.abc import Collection
from dataclasses import dataclass

from comptoir.commands.queries import open_checks
from comptoir.domain.accounts import Account
from comptoir.domain.check import INTENDED, OVERPAID, Check, Payment
from comptoir.domain.payment import ASK
from comptoir.journal import Journal


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """Money that a terminal meant to take; nobody knows yet whether it was received."""

    check: str
    number: str
    table: str
    payment: Payment


@dataclass(frozen=True, slots=True)
class GiveBack:
    """What to give back of which payment; amounts in minor units."""

    payment: str
    tender: str
    amount: int
    terminal: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class Overpayment:
    """A check that was paid too much: who took what where, and what to give back."""

    check: str
    number: str
    table: str
    surplus: int
    payments: tuple[Payment, ...]
    give_back: tuple[GiveBack, ...]


def accounts(journal: Journal) -> list[Account]:
    """Return the house accounts that anything was ever put on, by name."""
    found: list[Account] = journal.states("account")
    return sorted((one for one in found if one.charges), key=lambda one: one.name.casefold())


def open_intents(journal: Journal, alive: Collection[str]) -> list[OpenIntent]:
    """Return the open intents of terminals that are not alive, oldest first."""
    found = [
        OpenIntent(check.id, check.number, check.table, payment)
        for check in open_checks(journal)
        for payment in check.payments
        if payment.status == INTENDED and payment.terminal not in alive
    ]
    return sorted(found, key=lambda one: (one.payment.intended_ms, one.payment.id))


def answered_meanwhile(journal: Journal, terminal: str, since_ms: int) -> list[OpenIntent]:
    """Return what others said of this terminal's own intents while it was away."""
    checks: list[Check] = journal.states("check")
    found = [
        OpenIntent(check.id, check.number, check.table, payment)
        for check in checks
        if check.changed_ms >= since_ms
        for payment in check.payments
        if payment.terminal == terminal
        and any(one.received != ASK and one.terminal != terminal for one in payment.answers)
    ]
    return sorted(found, key=lambda one: (one.payment.intended_ms, one.payment.id))


def overpayments(journal: Journal) -> list[Overpayment]:
    """Return the checks that were paid too much, with what to give back."""
    return [
        Overpayment(
            check.id,
            check.number,
            check.table,
            -check.due,
            check.takings,
            _give_back(check),
        )
        for check in open_checks(journal)
        if check.state == OVERPAID
    ]


def _give_back(check: Check) -> tuple[GiveBack, ...]:
    """Return which payments to give back, the last ones taken first."""
    surplus, found = -check.due, []
    for payment in sorted(check.takings, key=lambda one: (one.taken_ms, one.id), reverse=True):
        amount = min(surplus, payment.kept)
        if amount > 0:
            found.append(
                GiveBack(payment.id, payment.tender, amount, payment.terminal, payment.taken_by)
            )
            surplus -= amount
    return tuple(found)
