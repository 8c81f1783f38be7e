"""House accounts: what each comes to, from which checks, and the money that pays it off."""

from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import queries
from comptoir.commands.accounts import (
    CancelAccountPayment,
    IntendAccountPayment,
    PayAccount,
    asked_in_cash,
)
from comptoir.commands.money_queries import accounts
from comptoir.commands.permissions import TILLS
from comptoir.domain.accounts import Account, Charge
from comptoir.domain.check import INTENDED, Check
from comptoir.domain.errors import NotAllowed
from comptoir.domain.money import exponent
from comptoir.domain.tender import CASH, TENDERS
from comptoir.web.access import (
    FieldRefused,
    ask_money,
    carry_out,
    command_id,
    field,
    house,
    number,
    person,
)
from comptoir.web.screens import print_keys
from comptoir.web.screens.floor import go
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.tendering import TYPED_CHARACTERS_MAX, typed
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services
from comptoir.web.tender import next_notes

blueprint = workplace("accounts", __name__)
ROWS, ENTRIES = 200, 150  # on a page


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a statement: a charge, the check it is from, and what was owed after it."""

    charge: Charge
    check: Check | None
    owed: int


@blueprint.before_request
def _tills_only() -> None:
    if person().role not in TILLS:
        raise NotAllowed(f"A {person().role} may not see this. Ask a manager.")


def _account() -> Account:
    name = request.values.get("account", "")[:TYPED_CHARACTERS_MAX]
    found: Account = services().journal.state(f"account:{name}")
    if not found.charges:
        raise FieldRefused("account")
    return found


def _address(account: Account) -> str:
    return f"/accounts/statement?account={quote(account.name, safe='')}"


@blueprint.get("/accounts")
def show() -> str:
    """Show the accounts and what each comes to, so many on a page."""
    found, begin = accounts(services().journal), number("begin", 0)
    return render_template(
        "money/accounts.html",
        accounts=found[begin : begin + ROWS],
        begin=begin,
        rows=ROWS,
        more=len(found) - begin - ROWS,
    )


@blueprint.get("/accounts/statement")
def statement() -> str:
    """Show what was put on an account and paid off, newest first, with what was owed after it."""
    account, begin = _account(), number("begin", 0)
    return render_template(
        "money/statement.html",
        account=account,
        entries=_entries(account, begin),
        begin=begin,
        rows=ENTRIES,
        more=len(account.charges) - begin - ENTRIES,
        paid=account.paid(field("payment", "")),
        **print_keys.ways(),
        **who_is_who(),
    )


def _entries(account: Account, begin: int) -> list[Entry]:
    owed = accumulate(charge.amount for charge in account.charges)
    found = list(zip(account.charges, owed, strict=True))[::-1]
    return [Entry(one, _check(one), then) for one, then in found[begin : begin + ENTRIES]]


def _check(charge: Charge) -> Check | None:
    if not charge.check:
        return None
    found: Check = services().journal.state(f"check:{charge.check}")
    return found


@blueprint.get("/accounts/pay")
def ask() -> AnyResponse:
    """Ask how much is paid off, and how."""
    account = _account()
    if account.owed <= 0:
        return go(_address(account))
    currency = house().currency
    digits = exponent(currency)
    cash_due = _in_coins(account)
    page = render_template(
        "money/account_pay.html",
        account=account,
        cash_due=cash_due,
        notes=next_notes(cash_due, currency, digits),
        digits=digits,
    )
    return make_response(page)


def _in_coins(account: Account) -> int:
    """Return what coins pay of all that is owed."""
    return asked_in_cash(account, account.owed, queries.terms(services().journal).terms)


@blueprint.post("/accounts/intend")
def intend() -> str:
    """Write down that a card or the like is about to be charged, and ask what stands on its slip.

    The payment is named after the tap: a tender changed afterwards is another payment.
    """
    account, tender, payment = _account(), field("tender"), command_id()
    if tender not in TENDERS:
        raise FieldRefused("tender")
    amount = min(number("tendered", 0) or account.owed, account.owed)
    ask_money(IntendAccountPayment(payment, account.name, payment, tender, amount))
    return _slip(account, payment)


@blueprint.get("/accounts/slip")
def ask_slip() -> str:
    """Ask again what stands on the slip of a payment that was begun."""
    return _slip(_account(), field("payment"))


def _slip(account: Account, name: str) -> str:
    now: Account = services().journal.state(f"account:{account.name}")
    payment = now.payment(name)
    if payment is None:
        raise FieldRefused("payment")
    return render_template(
        "money/slip_sheet.html", account=now, tender=TENDERS[payment.tender], payment=payment
    )


@blueprint.post("/accounts/pay")
def pay() -> AnyResponse:
    """Take cash; what is handed over beyond all that is owed goes back as change."""
    account, command, payment = _account(), command_id(), field("payment")
    tendered = number("tendered")
    amount = account.owed if tendered >= _in_coins(account) else min(tendered, account.owed)
    done = account.payment(payment)
    if done is None or done.status == INTENDED:
        ask_money(IntendAccountPayment(f"{command}-1", account.name, payment, CASH, amount))
        carry_out(PayAccount(f"{command}-2", account.name, payment, tendered))
    return go(f"{_address(account)}&payment={payment}")


@blueprint.post("/accounts/payments/<payment>/take")
def take(payment: str) -> AnyResponse:
    """Write that what was begun came, with what stands on its slip."""
    account = _account()
    found = account.payment(payment)
    amount = found.amount if found else 0
    carry_out(PayAccount(command_id(), account.name, payment, amount, typed("reference")))
    return go(f"{_address(account)}&payment={payment}")


@blueprint.post("/accounts/payments/<payment>/cancel")
def call_off(payment: str) -> AnyResponse:
    """Write that what was begun did not come."""
    account = _account()
    carry_out(CancelAccountPayment(command_id(), account.name, payment, "called off"))
    return go(_address(account))
