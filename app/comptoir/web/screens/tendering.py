"""Tendering: money that is asked for elsewhere, by card, cheque, voucher or on somebody's account.

The intent is written before anyone is asked, and stays until somebody says what became of it.
"""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import CancelPayment, IntendPayment, TakePayment
from comptoir.commands.money_queries import accounts
from comptoir.commands.payments import SetTip, payment_of
from comptoir.commands.tips import tip_presets
from comptoir.domain.check import INTENDED
from comptoir.domain.money import exponent
from comptoir.domain.tender import CASH, TENDERS, tip_offers
from comptoir.web.access import ask_money, carry_out, command_id, field, house, number
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.payment import after, bill_of, send_first
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.services import services

blueprint = workplace("tendering", __name__)
TYPED_CHARACTERS_MAX = 64
ACCOUNTS_SHOWN_MAX = 12


def typed(name: str) -> str:
    """Return what a person typed into a field, cut to its longest."""
    return request.form.get(name, "").strip()[:TYPED_CHARACTERS_MAX]


@blueprint.post("/checks/<name>/intend")
def intend(name: str) -> AnyResponse:
    """Write the intent of what was typed, or of all that is due; then ask for the money."""
    bill, command, payment = bill_of(name), command_id(), field("payment")
    tender, given = field("tender"), number("tendered", 0) or bill.due
    amount = min(given, bill.due)
    over = given - amount
    tip = over if tender in TENDERS and not TENDERS[tender].keeps_rest else 0
    part = field("part", "")
    send_first(bill.check, command)
    ask_money(
        IntendPayment(
            f"{command}-1", name, payment, tender, amount, tip, typed("account"), part=part
        )
    )
    rest = "" if tip or not over else f"?given={given}"
    return go(f"/checks/{name}/payments/{payment}{rest}")


@blueprint.get("/checks/<name>/account")
def ask_account(name: str) -> str:
    """Ask whose account it goes on."""
    bill = bill_of(name)
    given = number("tendered", 0) or bill.due
    return render_template(
        "money/account_sheet.html",
        bill=bill,
        check=bill.check,
        given=min(given, bill.due),
        accounts=accounts(services().journal)[:ACCOUNTS_SHOWN_MAX],
    )


@blueprint.get("/checks/<name>/payments/<payment>")
def asking(name: str, payment: str) -> AnyResponse:
    """Show what to ask for, until somebody says whether it came."""
    check = check_of(name)
    found = payment_of(check, payment)
    if found.status != INTENDED or found.terminal != services().identity.terminal:
        return go(f"/checks/{name}/pay")
    _show_tip(found.id, found.tip)
    page = render_template(
        "money/asking.html",
        check=check,
        payment=found,
        tender=TENDERS[found.tender],
        tips=tips(found.amount),
        given=number("given", found.amount),
        digits=exponent(house().currency),
        back=f"/checks/{name}/pay" + (f"?part={found.part}" if found.part else ""),
    )
    return make_response(page)


def tips(amount: int) -> list[tuple[int, int]]:
    """Return the tips to offer, each with its share in parts per million."""
    offered = tip_presets(services().journal)
    return list(zip(offered, tip_offers(amount, offered), strict=True))


@blueprint.post("/checks/<name>/payments/<payment>/take")
def take(name: str, payment: str) -> AnyResponse:
    """Write that the money came, with its tip and its reference."""
    check = check_of(name)
    found = payment_of(check, payment)
    tip = number("tip", found.tip)
    given = max(number("given", 0), found.amount + tip)
    carry_out(TakePayment(command_id(), name, payment, given, tip, typed("reference")))
    return after(name, payment)


@blueprint.post("/checks/<name>/payments/<payment>/chosen")
def choose_tip(name: str, payment: str) -> AnyResponse:
    """Let the guest see the tip that is chosen; nothing is written before the money came."""
    found = payment_of(check_of(name), payment)
    _show_tip(found.id, number("tip"))
    return AnyResponse(status=204)


def _show_tip(payment: str, tip: int) -> None:
    s = services()
    if at_the_till() and s.front.choose(payment, tip):
        s.changes.notify()


@blueprint.post("/checks/<name>/payments/<payment>/cancel")
def call_off(name: str, payment: str) -> AnyResponse:
    """Write that the money did not come, and go back to paying."""
    check = check_of(name)
    part = payment_of(check, payment).part
    carry_out(CancelPayment(command_id(), name, payment, "called off"))
    return go(f"/checks/{name}/pay" + (f"?part={part}" if part else ""))


@blueprint.get("/checks/<name>/payments")
def list_payments(name: str) -> str:
    """Show what was paid so far, each with its tip."""
    check = check_of(name)
    return render_template("money/payments_sheet.html", check=check, payments=check.takings)


@blueprint.get("/checks/<name>/payments/<payment>/tip")
def ask_tip(name: str, payment: str) -> str:
    """Ask for the tip of a payment, as the guest wrote it on the slip or left it."""
    check = check_of(name)
    found = payment_of(check, payment)
    keep = found.change_left + found.tip if found.tender == CASH and found.change else 0
    return render_template(
        "money/tip_sheet.html",
        check=check,
        payment=found,
        tips=tips(found.amount),
        keep=keep,
        digits=exponent(house().currency),
    )


@blueprint.post("/checks/<name>/payments/<payment>/tip")
def set_tip(name: str, payment: str) -> AnyResponse:
    """Write the tip; the change that is left shrinks with it."""
    carry_out(SetTip(command_id(), name, payment, number("tip")))
    return go(f"/checks/{name}/paid?payment={payment}")
