"""Returns: a paid check is found again, its dishes come back, and what they cost is given back."""

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import paid_checks
from comptoir.commands.refunds import ReturnGoods, worth
from comptoir.domain.check import Check
from comptoir.domain.payment import ReturnedLine
from comptoir.domain.returns import came_back
from comptoir.domain.tender import TENDERS
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.screens.floor import go
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.tendering import typed
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.services import services

blueprint = workplace("returns", __name__)
REASONS = ("quality", "mistake", "changed")
NUMBER_CHARACTERS_MAX = 12


@blueprint.get("/sales")
def find() -> str:
    """List the checks that were paid last, or those with this number."""
    number = request.args.get("number", "")[:NUMBER_CHARACTERS_MAX]
    found = paid_checks.lately(services().journal, number)
    page = "money/sales_list.html" if "HX-Request" in request.headers else "money/sales.html"
    return render_template(page, found=found, number=number, **who_is_who())


@blueprint.post("/sales/scan")
def scan() -> AnyResponse:
    """Go to the check whose receipt was scanned."""
    check = paid_checks.by_code(services().journal, request.form.get("code", "")[:200])
    return go(f"/sales/{check.id}")


@blueprint.get("/sales/<name>")
def show(name: str) -> str:
    """Show what of a paid check can come back."""
    check = check_of(name)
    gone = came_back(check)
    left = [(line, (line.qty_milli - gone[line.id]) // 1000 or 1) for line in check.live_lines]
    return render_template(
        "money/sale.html",
        check=check,
        lines=[(line, most) for line, most in left if gone[line.id] < line.qty_milli],
        payments=check.takings,
        refunds=[refund for payment in check.payments for refund in payment.refunds],
        reasons=REASONS,
        **who_is_who(),
    )


def _returned(check: Check) -> tuple[ReturnedLine, ...]:
    """Return what the form says comes back; the whole of a line that is less than one."""
    gone, found = came_back(check), []
    for line in check.live_lines:
        pieces = request.values.get(f"line-{line.id}", "0")
        if pieces.isascii() and pieces.isdigit() and int(pieces[:4]) > 0:
            left = line.qty_milli - gone[line.id]
            found.append(ReturnedLine(line.id, min(int(pieces[:4]) * 1000, left)))
    return tuple(found)


@blueprint.get("/sales/<name>/worth")
def show_worth(name: str) -> str:
    """Return what the chosen dishes cost, before anybody decides."""
    check = check_of(name)
    return render_template("money/worth.html", amount=worth(check, _returned(check)))


@blueprint.post("/sales/<name>/return")
def take_back(name: str) -> AnyResponse:
    """Take dishes back; a manager approves it."""
    check = check_of(name)
    tender = field("tender", "")
    payment = field("payment")
    reason = field("reason", "")
    command = ReturnGoods(
        command_id(),
        name,
        field("refund"),
        payment,
        _returned(check),
        reason,
        tender if tender in TENDERS else "",
        typed("reference"),
    )
    carry_out(command)
    return go(f"/sales/{name}")
