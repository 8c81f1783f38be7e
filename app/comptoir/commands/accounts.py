"""Paying off a house account: money comes in for what was put on it, by any other tender.

As on a check the intent is written first: no money moves without a trace, nor twice for the same.
"""

from dataclasses import dataclass

from comptoir.commands.claims import require_free
from comptoir.commands.desk import SERVICE, TILLS, Command, Desk, handles
from comptoir.commands.tendered import handed_over
from comptoir.commands.tills import drawer_here, open_drawer
from comptoir.domain import events as ev
from comptoir.domain.accounts import Account
from comptoir.domain.check import INTENDED, Payment
from comptoir.domain.errors import AmountRefused, PaymentNotFound
from comptoir.domain.pricing import Terms, in_coins
from comptoir.domain.tender import CASH, TENDERS, Tender
from comptoir.journal import Writing


@dataclass(frozen=True, slots=True)
class IntendAccountPayment(Command):
    """Say that ``amount`` (minor units) is about to be taken for a house account.

    ``drawer`` names another than the person's own.
    """

    account: str
    payment: str
    tender: str
    amount: int
    drawer: str = ""


@dataclass(frozen=True, slots=True)
class PayAccount(Command):
    """Say that the money of an intended payment of a house account was taken.

    ``tendered`` is what was handed over (minor units); cash may differ from the amount for want of
    small coins. ``reference`` is what stands on the slip of a card or a cheque.
    """

    account: str
    payment: str
    tendered: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CancelAccountPayment(Command):
    """Say that an intended payment of a house account did not happen."""

    account: str
    payment: str
    reason: str = ""


@handles(IntendAccountPayment, TILLS, SERVICE - TILLS)
def intend_account(command: IntendAccountPayment, writing: Writing, desk: Desk) -> None:
    """Write the intent, at most for what is owed."""
    account: Account = writing.state(f"account:{command.account}")
    if not 0 < command.amount <= account.owed:
        raise AmountRefused(f"{account.name} owes {max(0, account.owed)}; take that or less.")
    tender = _tender(command.tender)
    wanted = Payment(command.payment, tender.id, command.amount, taken_by=writing.stamp.actor)
    require_free(writing.state, desk, account, wanted)
    drawer = command.drawer and open_drawer(writing, command.drawer).id
    writing.append(
        ev.AccountPaymentIntended(
            account.name,
            command.payment,
            tender.id,
            command.amount,
            drawer or drawer_here(writing, desk),
        )
    )


@handles(PayAccount, TILLS, SERVICE - TILLS)
def pay_account(command: PayAccount, writing: Writing, desk: Desk) -> None:
    """Write that the money was taken, the change given, and where it went."""
    del desk
    account: Account = writing.state(f"account:{command.account}")
    payment = _intended(account, command.payment)
    tender = _tender(payment.tender)
    terms: Terms = writing.state("terms:it").terms
    asked = asked_in_cash(account, payment.amount, terms)
    rounding = asked - payment.amount if tender.id == CASH else 0
    change, reference = handed_over(
        tender, payment.amount + rounding, command.tendered, command.reference
    )
    writing.append(
        ev.AccountPaid(
            account.name,
            payment.id,
            tender.id,
            payment.amount,
            command.tendered,
            change,
            rounding,
            reference,
            payment.drawer,
        )
    )


@handles(CancelAccountPayment, TILLS, SERVICE - TILLS)
def cancel_account(command: CancelAccountPayment, writing: Writing, desk: Desk) -> None:
    """Write that nothing was taken."""
    del desk
    account: Account = writing.state(f"account:{command.account}")
    payment = _intended(account, command.payment)
    writing.append(ev.AccountPaymentCancelled(account.name, payment.id, command.reason))


def _intended(account: Account, name: str) -> Payment:
    found = account.payment(name)
    if found is None or found.status != INTENDED:
        raise PaymentNotFound(name)
    return found


def asked_in_cash(account: Account, amount: int, terms: Terms) -> int:
    """Return what coins pay: all that is owed is rounded to them, an amount somebody chose is not.

    A payment of less than all can be chosen so that coins pay it.
    """
    return (
        in_coins(amount, terms.cash_rounding, terms.rounding) if amount == account.owed else amount
    )


def _tender(name: str) -> Tender:
    tender = TENDERS.get(name)
    if tender is None or tender.account:
        others = ", ".join(one.id for one in TENDERS.values() if not one.account)
        raise AmountRefused(f"{name!r} does not pay an account off; use {others}.")
    return tender
