"""Payment: the amount due, exact or the next notes in one tap, other ways to pay, the change.

A check is paid as a whole or by its parts; ``part`` in the address names the part, as in the API.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import Fire, IntendPayment, PrintReceipt, TakePayment
from comptoir.commands.payments import CASH
from comptoir.domain.check import INTENDED, SETTLED, Check, Part, Payment
from comptoir.domain.money import exponent
from comptoir.domain.paper.receipt import entries, takings
from comptoir.web.access import ask_money, carry_out, command_id, field, house, number
from comptoir.web.screens import print_keys
from comptoir.web.screens.floor import go
from comptoir.web.screens.receipt import code_of
from comptoir.web.screens.rows import grouped, rows
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.tender import next_notes

blueprint = workplace("payment", __name__)


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid at once: a check, or a part of it."""

    check: Check
    part: Part | None = None

    @property
    def due(self) -> int:
        """Return what is still to pay, minor units."""
        return self.part.due if self.part else self.check.due

    @property
    def cash_due(self) -> int:
        """Return what coins can pay of it."""
        return self.check.in_cash(self.due)

    @property
    def where(self) -> str:
        """Return the address where one goes on with what else is to pay."""
        return f"/checks/{self.check.id}/{'split' if self.part else 'pay'}"


def bill_of(name: str) -> Bill:
    """Return what this request is about; raises PartNotFound."""
    check = check_of(name)
    part = field("part", "")
    return Bill(check, check.part(part) if part else None)


def waiting(check: Check) -> list[Payment]:
    """Return the payments of a check that were begun and not ended."""
    return [payment for payment in check.payments if payment.status == INTENDED]


@blueprint.get("/checks/<name>/pay")
def show(name: str) -> AnyResponse:
    """Show what is due; a paid check shows its receipt."""
    bill = bill_of(name)
    check = bill.check
    if check.state == SETTLED:
        return go(f"/checks/{name}/paid")
    if not check.live_lines:
        return go(f"/checks/{name}")
    if bill.part and bill.due <= 0:
        return go(bill.where)
    currency = house().currency
    digits = exponent(currency)
    page = render_template(
        "money/payment.html",
        check=check,
        bill=bill,
        rows=() if bill.part else rows(check),
        notes=next_notes(bill.cash_due, currency, digits),
        digits=digits,
        waiting=waiting(check),
    )
    return make_response(page)


@blueprint.post("/checks/<name>/pay")
def take(name: str) -> AnyResponse:
    """Take cash: send what waits, write the intent, take the money."""
    bill, command, tendered = bill_of(name), command_id(), number("tendered")
    payment, asked = field("payment"), number("amount")
    # what coins pay of all that is due pays all of it
    amount = asked if tendered >= bill.check.in_cash(asked) else tendered
    send_first(bill.check, command)
    part = field("part", "")
    ask_money(IntendPayment(f"{command}-1", name, payment, CASH, amount, part=part))
    carry_out(TakePayment(f"{command}-2", name, payment, tendered))
    return after(name, payment)


def send_first(check: Check, command: str) -> None:
    """Send to the kitchen what waits: what is paid is cooked."""
    if check.unsent:
        carry_out(Fire(f"{command}-0", check.id))


def after(name: str, payment: str) -> AnyResponse:
    """Go where the change is read, or on paying what is left."""
    bill = bill_of(name)
    if bill.due > 0:
        return go(f"{bill.where}?part={bill.part.id}" if bill.part else bill.where)
    if bill.check.due <= 0:
        return go(f"/checks/{name}/paid")
    change = any(one.change for one in bill.check.payments if one.id == payment)
    return go(f"/checks/{name}/paid?payment={payment}" if change else bill.where)


@blueprint.get("/checks/<name>/paid")
def paid(name: str) -> AnyResponse:
    """Show the receipt, the change to give, and the code that names the payment.

    ``part`` asks for the receipt of a part, ``payment`` for that of what was just paid.
    """
    check = check_of(name)
    asked, wanted = field("payment", ""), field("part", "")
    newest = _newest(check.takings, asked, wanted)
    part = _receipt_of(check, wanted or (newest.part if newest and asked else ""))
    if check.due > 0 and not (asked and newest) and not (part and part.due <= 0):
        return go(f"/checks/{name}")
    bill = part or check
    page = render_template(
        "money/paid.html",
        check=check,
        bill=bill,
        part=part,
        rows=entries(check, part) if part else grouped(check.live_lines),
        takings=takings(check, part),
        newest=newest,
        **print_keys.ways(),
        code=code_of(check, part.id if part else "") if bill.due <= 0 else "",
    )
    return make_response(page)


def _newest(taken: Iterable[Payment], name: str, part: str) -> Payment | None:
    """Return the payment that was named; else the last one of a check or of a part."""
    found = [one for one in taken if name in {"", one.id} and part in {"", one.part}]
    return found[-1] if found else None


def _receipt_of(check: Check, part: str) -> Part | None:
    return next((one for one in check.parts if one.id == part), None)


@blueprint.get("/checks/<name>/receipts")
def ask_receipt(name: str) -> str:
    """Ask whose receipt it is to be."""
    check = check_of(name)
    return render_template("money/receipts_sheet.html", check=check)


@blueprint.post("/checks/<name>/receipt")
def print_receipt(name: str) -> str:
    """Print the receipt of a check, or of a part of it."""
    part = field("part", "")
    carry_out(PrintReceipt(command_id(), name, part=part))
    return print_keys.pressed(f"/checks/{name}/receipt", part=part)
