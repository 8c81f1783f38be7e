"""What becomes of ordered dishes: more, fewer, voided, taken back, sent."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import AddLine, Fire, VoidLine
from comptoir.web.access import carry_out, command_id, field, number
from comptoir.web.screens.order_pad import answer_panel, last_sent
from comptoir.web.screens.rows import QUANTITIES, UNDONE, grouped, row_of, set_row
from comptoir.web.screens.workplace import check_of, workplace

blueprint = workplace("lines", __name__)
VOID_REASONS = ("mistake", "changed", "sold-out", "quality")


@blueprint.get("/checks/<name>/lines/<line>")
def show_line(name: str, line: str) -> AnyResponse:
    """Show what can be done about a row."""
    check = check_of(name)
    row = row_of(check, line)
    if row is None:
        return answer_panel(check, "sheet-close")
    page = render_template(
        "line_sheet.html", check=check, row=row, reasons=VOID_REASONS, quantities=QUANTITIES
    )
    return make_response(page)


@blueprint.post("/checks/<name>/lines/<line>/quantity")
def change(name: str, line: str) -> AnyResponse:
    """Set the quantity of a row that was not sent; of a sent one, order more of the same."""
    check = check_of(name)
    row = row_of(check, line)
    wanted = number("qty") * 1000
    if row is not None and row.unsent:
        commands = list(set_row(name, row, wanted, command_id()))
        carry_out(*commands)
    elif row is not None:
        again = AddLine(
            command_id(),
            name,
            command_id(),
            row.line.item,
            wanted,
            tuple(modifier.choice for modifier in row.line.modifiers),
            row.line.note,
            row.line.variant,
            seats=row.line.seats,
            course=row.line.course,
        )
        carry_out(again)
    return answer_panel(check_of(name), "sheet-close")


@blueprint.post("/checks/<name>/lines/<line>/void")
def void(name: str, line: str) -> AnyResponse:
    """Void so many lines of a row, newest first, with the reason."""
    check, command = check_of(name), command_id()
    row = row_of(check, line)
    chosen = list(reversed(row.lines))[: number("count", 1)] if row else []
    reason = request.form.get("reason", "")[:200]
    voids = [VoidLine(f"{command}-{i}", name, one.id, reason) for i, one in enumerate(chosen)]
    carry_out(*voids)
    return answer_panel(check_of(name), "sheet-close")


@blueprint.post("/checks/<name>/undo")
def undo(name: str) -> AnyResponse:
    """Take back the line that was added last, if the kitchen has not seen it."""
    line = field("line")
    still = [one for one in check_of(name).unsent if one.id == line]
    carry_out(*(VoidLine(command_id(), name, one.id, UNDONE) for one in still))
    return answer_panel(check_of(name))


@blueprint.get("/checks/<name>/take-back")
def ask_take_back(name: str) -> AnyResponse:
    """Ask why what was sent last is taken back."""
    check = check_of(name)
    page = render_template(
        "take_back.html", check=check, rows=grouped(last_sent(check)), reasons=VOID_REASONS
    )
    return make_response(page)


@blueprint.post("/checks/<name>/take-back")
def take_back(name: str) -> AnyResponse:
    """Void what was sent last, for one reason and with one approval."""
    command, reason = command_id(), request.form.get("reason", "")[:200]
    asked = set(request.form.getlist("line"))
    met: set[str] = set()
    chosen = [one for one in last_sent(check_of(name)) if one.id in asked]
    for i, one in enumerate(chosen):
        if not one.part_of or one.part_of not in met:
            carry_out(VoidLine(f"{command}-{i}", name, one.id, reason))
        met.add(one.part_of)
    return answer_panel(check_of(name), "sheet-close")


@blueprint.post("/checks/<name>/send")
def send(name: str) -> AnyResponse:
    """Send what waits to the kitchen."""
    carry_out(Fire(command_id(), name))
    return answer_panel(check_of(name), "sent")
