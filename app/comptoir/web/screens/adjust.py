"""Charging less, or more: discounts, what is given away, service, the taxes a guest owes."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir import packs
from comptoir.commands import (
    AskBill,
    Command,
    CompLine,
    ExemptCheck,
    SetDiscount,
    SetOrderType,
    SetServiceCharge,
    queries,
)
from comptoir.domain.check import Check
from comptoir.domain.menu import ORDER_TYPES
from comptoir.domain.money import exponent
from comptoir.web.access import FieldRefused, carry_out, command_id, field, house, number
from comptoir.web.screens.order_pad import answer_panel
from comptoir.web.screens.rows import Row, row_of
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.services import services

blueprint = workplace("adjust", __name__)
REASONS = ("hospitality", "regular", "waited", "quality", "staff")
EXEMPT_REASONS = ("embassy", "resale", "certificate")
PERCENTS = (50_000, 100_000, 150_000, 200_000, 500_000, 1_000_000)
SERVICES = (0, 100_000, 125_000, 150_000, 200_000)


def _row(check: Check, line: str) -> Row:
    row = row_of(check, line)
    if row is None:
        raise FieldRefused("line")
    return row


@blueprint.get("/checks/<name>/more")
def more(name: str) -> str:
    """Show what else can be done with a check."""
    return render_template(
        "check/more.html", check=check_of(name), charges=SERVICES, order_types=ORDER_TYPES
    )


@blueprint.get("/checks/<name>/discount")
def ask_discount(name: str) -> str:
    """Ask how much less, for a line or for the whole check, and why."""
    check, line = check_of(name), field("line", "")
    return render_template(
        "check/discount.html",
        check=check,
        row=_row(check, line) if line else None,
        now=next((one for one in check.discounts if one.line == line), None),
        percents=PERCENTS,
        reasons=REASONS,
        digits=exponent(house().currency),
    )


@blueprint.post("/checks/<name>/discount")
def discount(name: str) -> AnyResponse:
    """Discount a line or the check; an amount typed counts before a percentage tapped."""
    check, line, command = check_of(name), field("line", ""), command_id()
    ppm, amount = number("ppm", 0), number("amount", 0) if request.form.get("amount") else 0
    if amount:
        ppm = 0
    reason = request.form.get("reason", "")[:200]
    lines = [one.id for one in _row(check, line).lines] if line else [""]
    if amount:
        lines = lines[:1]
    carry_out(
        *(
            SetDiscount(f"{command}-{i}", name, one, ppm, amount, reason=reason)
            for i, one in enumerate(lines)
        )
    )
    return answer_panel(check_of(name), "sheet-close")


@blueprint.get("/checks/<name>/lines/<line>/comp")
def ask_comp(name: str, line: str) -> str:
    """Ask why something is given away, and how many of it."""
    check = check_of(name)
    return render_template("check/comp.html", check=check, row=_row(check, line), reasons=REASONS)


@blueprint.post("/checks/<name>/lines/<line>/comp")
def comp(name: str, line: str) -> AnyResponse:
    """Give lines of a row away, or charge them again."""
    command, reason = command_id(), request.form.get("reason", "")[:200]
    chosen = list(reversed(_row(check_of(name), line).lines))[: number("count", 1)]
    carry_out(
        *(
            CompLine(f"{command}-{i}", name, one.id, reason, comped=not one.comped)
            for i, one in enumerate(chosen)
        )
    )
    return answer_panel(check_of(name), "sheet-close")


def _carry_out(name: str, command: Command) -> AnyResponse:
    carry_out(command)
    return answer_panel(check_of(name), "sheet-close")


@blueprint.post("/checks/<name>/service")
def charge(name: str) -> AnyResponse:
    """Add a charge for service, taxed as the house's tax pack says."""
    terms = queries.terms(services().journal)
    known = {rate.id for rate in queries.menu(services().journal).taxes}
    pack = packs.load(terms.pack).service_charge if terms.pack else ()
    taxes = tuple(tax for tax in pack if tax in known)
    return _carry_out(name, SetServiceCharge(command_id(), name, number("ppm"), taxes=taxes))


@blueprint.post("/checks/<name>/order-type")
def order_type(name: str) -> AnyResponse:
    """Let it be eaten in or taken away."""
    return _carry_out(name, SetOrderType(command_id(), name, field("order_type")))


@blueprint.post("/checks/<name>/bill-asked")
def bill_asked(name: str) -> AnyResponse:
    """Note that the guests want to pay, or not yet."""
    return _carry_out(name, AskBill(command_id(), name, field("asked") == "yes"))


@blueprint.get("/checks/<name>/exemption")
def ask_exemption(name: str) -> AnyResponse:
    """Ask why a guest owes no tax."""
    page = render_template("check/exemption.html", check=check_of(name), reasons=EXEMPT_REASONS)
    return make_response(page)


@blueprint.post("/checks/<name>/exemption")
def exempt(name: str) -> AnyResponse:
    """Take the taxes off, or put them on again."""
    reason, reference = (request.form.get(key, "")[:200] for key in ("reason", "reference"))
    command = ExemptCheck(
        command_id(), name, reason, reference=reference, exempt=field("exempt") == "yes"
    )
    return _carry_out(name, command)
