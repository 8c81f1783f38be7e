"""Paying off a house account: money comes in for what was put on it, by any other tender."""

from dataclasses import dataclass

from comptoir.commands.desk import SERVICE, TILLS, Command, Desk, handles
from comptoir.commands.tills import drawer_here, open_drawer
from comptoir.domain import events as ev
from comptoir.domain.accounts import Account
from comptoir.domain.errors import AmountRefused
from comptoir.domain.pricing import Terms, in_coins
from comptoir.domain.tender import CASH, TENDERS, Tender
from comptoir.journal import Writing

TENDERED_MAX = 100_000_000
REFERENCE_CHARACTERS_MAX = 64


@dataclass(frozen=True, slots=True)
class PayAccount(Command):
    """Take money for what is owed on a house account.

    ``amount`` comes off the account, ``tendered`` is what was handed over (minor units); cash may
    differ from the amount for want of small coins. ``drawer`` names another than the person's own.
    """

    account: str
    payment: str
    tender: str
    amount: int
    tendered: int
    reference: str = ""
    drawer: str = ""


@handles(PayAccount, TILLS, SERVICE - TILLS)
def pay_account(command: PayAccount, writing: Writing, desk: Desk) -> None:
    """Write that the money was taken, the change given, and where it went."""
    account: Account = writing.state(f"account:{command.account}")
    if account.paid(command.payment) is not None:
        raise AmountRefused("This was paid off already. Look at the account.")
    if not 0 < command.amount <= account.owed:
        raise AmountRefused(f"{account.name} owes {max(0, account.owed)}; take that or less.")
    tender = _tender(command.tender)
    terms: Terms = writing.state("terms:it").terms
    rounding = asked_in_cash(account, command.amount, terms) - command.amount
    rounding = rounding if tender.id == CASH else 0
    over = command.tendered - command.amount - rounding
    if over < 0 or command.tendered > TENDERED_MAX:
        raise AmountRefused(f"{command.tendered} does not pay {command.amount}; count again.")
    if over and not (tender.gives_change or tender.keeps_rest):
        raise AmountRefused(f"A {tender.id} pays exactly {command.amount}.")
    reference = command.reference.strip()[:REFERENCE_CHARACTERS_MAX]
    if tender.reference and not reference:
        raise AmountRefused("Type the reference that stands on the slip.")
    drawer = command.drawer and open_drawer(writing, command.drawer).id
    writing.append(
        ev.AccountPaid(
            account.name,
            command.payment,
            tender.id,
            command.amount,
            command.tendered,
            over if tender.gives_change else 0,
            rounding,
            reference,
            drawer or drawer_here(writing, desk),
        )
    )


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
