"""Payment: the amount due, exact or the next notes in one tap, the change, the receipt."""

from flask import make_response, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import Fire, IntendPayment, TakePayment, queries, receipts
from comptoir.commands.payments import CASH
from comptoir.domain.check import SETTLED, TAKEN, Check
from comptoir.domain.money import exponent
from comptoir.web import receipt_code
from comptoir.web.access import carry_out, command_id, field, house, number
from comptoir.web.screens.floor import go
from comptoir.web.screens.rows import grouped, rows
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services
from comptoir.web.tender import next_notes

blueprint = workplace("payment", __name__)


def _check(name: str) -> Check:
    return queries.check(services().journal, name)


@blueprint.get("/checks/<name>/pay")
def show(name: str) -> AnyResponse:
    """Show what is due, of the whole check or of a ``part``; a paid check shows its receipt."""
    check = _check(name)
    if check.state == SETTLED:
        return go(f"/checks/{name}/paid")
    if not check.live_lines:
        return go(f"/checks/{name}")
    part = check.part(name_) if (name_ := field("part", "")) else None
    due = part.due if part else check.due
    if part and due <= 0:
        return go(f"/checks/{name}/split")
    currency = house().currency
    digits = exponent(currency)
    notes = next_notes(due, currency, digits)
    page = render_template(
        "payment.html",
        check=check,
        part=part,
        due=due,
        rows=() if part else rows(check),
        notes=notes,
        digits=digits,
    )
    return make_response(page)


@blueprint.post("/checks/<name>/pay")
def take(name: str) -> AnyResponse:
    """Take cash: send what waits, write the intent, take the money."""
    check, command, tendered = _check(name), command_id(), number("tendered")
    payment, amount = field("payment"), min(number("amount"), tendered)
    part = field("part", "")
    if check.unsent:
        carry_out(Fire(f"{command}-0", name))
    carry_out(
        IntendPayment(f"{command}-1", name, payment, CASH, amount, part=part),
        TakePayment(f"{command}-2", name, payment, tendered),
    )
    after = "paid" if _check(name).due <= 0 else "split" if part else "pay"
    return go(f"/checks/{name}/{after}")


@blueprint.get("/checks/<name>/paid")
def paid(name: str) -> AnyResponse:
    """Show the receipt, the change to give, and the code that names the payment."""
    check = _check(name)
    if check.due > 0:
        return go(f"/checks/{name}")
    takings = [payment for payment in check.payments if payment.status == TAKEN]
    page = render_template(
        "paid.html",
        check=check,
        rows=grouped(check.live_lines),
        takings=takings,
        change=takings[-1].change if takings else 0,
        code=_code(check),
    )
    return make_response(page)


def _code(check: Check) -> Markup:
    event = receipts.last_payment(services().journal, check)
    if event is None:
        return Markup("")
    content = receipts.code(check, house().currency, event)
    return Markup(receipt_code.svg(content))  # noqa: S704 - our own SVG
