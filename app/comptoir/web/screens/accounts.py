"""House accounts: what each comes to, from which checks, and the money that pays it off."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.accounts import PayAccount, asked_in_cash
from comptoir.commands.money_queries import accounts
from comptoir.commands.permissions import TILLS
from comptoir.domain.accounts import Account, Charge
from comptoir.domain.check import Check
from comptoir.domain.errors import NotAllowed
from comptoir.domain.money import exponent
from comptoir.domain.pricing import Terms
from comptoir.domain.tender import CASH, TENDERS
from comptoir.domain.terms import HouseTerms
from comptoir.web.access import FieldRefused, carry_out, command_id, field, house, number, person
from comptoir.web.look import LOOPBACK
from comptoir.web.screens.floor import go
from comptoir.web.screens.payment import prints_here
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.tendering import TYPED_CHARACTERS_MAX, typed
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services
from comptoir.web.tender import next_notes

blueprint = workplace("accounts", __name__)


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


def _terms() -> Terms:
    found: HouseTerms = services().journal.state("terms:it")
    return found.terms


@blueprint.get("/accounts")
def show() -> str:
    """Show every account and what it comes to."""
    return render_template("money/accounts.html", accounts=accounts(services().journal))


@blueprint.get("/accounts/statement")
def statement() -> str:
    """Show everything that was put on an account and paid off, with what was owed after it."""
    account = _account()
    return render_template(
        "money/statement.html",
        account=account,
        entries=list(_entries(account))[::-1],
        paid=account.paid(field("payment", "")),
        paper=request.remote_addr not in LOOPBACK,
        prints=prints_here(),
        **who_is_who(),
    )


def _entries(account: Account) -> Iterator[Entry]:
    owed, journal = 0, services().journal
    for charge in account.charges:
        owed += charge.amount
        check = journal.state(f"check:{charge.check}") if charge.check else None
        yield Entry(charge, check, owed)


@blueprint.get("/accounts/pay")
def ask() -> AnyResponse:
    """Ask how much is paid off, and how."""
    account = _account()
    if account.owed <= 0:
        return go(_address(account))
    currency = house().currency
    digits = exponent(currency)
    cash_due = asked_in_cash(account, account.owed, _terms())
    page = render_template(
        "money/account_pay.html",
        account=account,
        cash_due=cash_due,
        notes=next_notes(cash_due, currency, digits),
        digits=digits,
    )
    return make_response(page)


@blueprint.get("/accounts/slip")
def ask_slip() -> str:
    """Ask what stands on the slip of a card or a cheque."""
    account, tender = _account(), field("tender")
    given = min(number("tendered", 0) or account.owed, account.owed)
    if tender not in TENDERS:
        raise FieldRefused("tender")
    return render_template(
        "money/slip_sheet.html", account=account, tender=TENDERS[tender], given=given
    )


@blueprint.post("/accounts/pay")
def pay() -> AnyResponse:
    """Take the money; what is handed over beyond all that is owed goes back as change."""
    account, payment, tender = _account(), field("payment"), field("tender", CASH)
    tendered = number("tendered")
    whole = tender == CASH and tendered >= asked_in_cash(account, account.owed, _terms())
    amount = account.owed if whole else min(tendered, account.owed)
    carry_out(
        PayAccount(
            command_id(), account.name, payment, tender, amount, tendered, typed("reference")
        )
    )
    return go(f"{_address(account)}&payment={payment}")
