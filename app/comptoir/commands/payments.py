"""Taking money: the intent is written first, so that no money moves without a trace."""

from dataclasses import dataclass

from comptoir.commands.desk import SERVICE, Command, Desk, handles
from comptoir.commands.orders import known, unpaid
from comptoir.domain import events as ev
from comptoir.domain.check import INTENDED, Check, Payment
from comptoir.domain.errors import AmountRefused, PaymentNotFound
from comptoir.journal import Writing

CASH = "cash"
TENDERS = (CASH,)
TENDERED_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class IntendPayment(Command):
    """Say that ``amount`` (minor units) is about to be taken."""

    check: str
    payment: str
    tender: str
    amount: int


@dataclass(frozen=True, slots=True)
class TakePayment(Command):
    """Say that the money of an intended payment was taken; ``tendered`` is what was handed over."""

    check: str
    payment: str
    tendered: int


@dataclass(frozen=True, slots=True)
class CancelPayment(Command):
    """Say that an intended payment did not happen."""

    check: str
    payment: str
    reason: str = ""


@handles(IntendPayment, SERVICE)
def intend(command: IntendPayment, writing: Writing, desk: Desk) -> None:
    """Write the intent, at most for what is due."""
    del desk
    check = unpaid(writing, command.check)
    if command.tender not in TENDERS:
        raise AmountRefused(f"{command.tender!r} is no tender here; use {', '.join(TENDERS)}.")
    if not 0 < command.amount <= check.due:
        raise AmountRefused(f"Check {check.number} owes {check.due}; take that or less.")
    writing.append(
        ev.PaymentIntended(command.check, command.payment, command.tender, command.amount)
    )


@handles(TakePayment, SERVICE)
def take(command: TakePayment, writing: Writing, desk: Desk) -> None:
    """Write that the money was taken, and the change given."""
    del desk
    payment = _intended(known(writing, command.check), command.payment)
    change = command.tendered - payment.amount
    if change < 0 or command.tendered > TENDERED_MAX:
        raise AmountRefused(f"{command.tendered} does not pay {payment.amount}; count again.")
    writing.append(
        ev.PaymentTaken(
            command.check,
            payment.id,
            payment.tender,
            payment.amount,
            command.tendered,
            change,
        )
    )


@handles(CancelPayment, SERVICE)
def cancel(command: CancelPayment, writing: Writing, desk: Desk) -> None:
    """Write that nothing was taken."""
    del desk
    payment = _intended(known(writing, command.check), command.payment)
    writing.append(ev.PaymentCancelled(command.check, payment.id, command.reason))


def _intended(check: Check, name: str) -> Payment:
    for payment in check.payments:
        if payment.id == name and payment.status == INTENDED:
            return payment
    raise PaymentNotFound(name)
