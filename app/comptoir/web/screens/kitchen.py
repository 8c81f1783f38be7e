"""The kitchen screen: what was sent, oldest first, each dish in two languages; bumped when done."""

from dataclasses import dataclass

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import Bump, queries
from comptoir.domain.check import FIRED, READY, SERVED, UNSENT, Check, Line
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.screens.rows import Row, grouped
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("kitchen", __name__)
LINES_MAX = 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one Send asked of the kitchen; voided dishes stay, struck through, until it is done."""

    check: Check
    label: str
    fired_ms: int
    rows: tuple[Row, ...]

    @property
    def todo(self) -> tuple[Line, ...]:
        """Return the lines that still have to be cooked."""
        return tuple(line for row in self.rows for line in row.lines if _to_cook(line))


def _to_cook(line: Line) -> bool:
    return line.status == FIRED and not line.voided


def tickets(status: str, station: str = "") -> list[Ticket]:
    """Return the tickets with something in this status, oldest first."""
    journal = services().journal
    labels = {one.table.id: one.table.label for one in queries.floor(journal)}
    found = [
        Ticket(check, labels.get(check.table, check.table), fired_ms, tuple(grouped(lines)))
        for check in queries.open_checks(journal)
        for fired_ms, lines in _sends(check, station).items()
        if any(line.status == status and not line.voided for line in lines)
    ]
    return sorted(found, key=lambda ticket: (ticket.fired_ms, ticket.check.id))


def _sends(check: Check, station: str) -> dict[int, list[Line]]:
    sends: dict[int, list[Line]] = {}
    for line in check.lines:
        if line.status != UNSENT and station in {"", line.station}:
            sends.setdefault(line.fired_ms, []).append(line)
    return sends


def _state() -> dict[str, object]:
    station = request.values.get("station", "")[:64]
    waiting = [t for t in tickets(READY, station) if not t.todo]
    return {
        "tickets": tickets(FIRED, station),
        "waiting": waiting,
        "station": station,
        "stations": sorted({item.station for item in queries.menu(services().journal).items}),
    }


@blueprint.get("/kitchen")
def show() -> str:
    """Show the kitchen's work."""
    return render_template("kitchen.html", **_state())


@blueprint.get("/kitchen/tickets")
def board() -> str:
    """Return the tickets alone, for live pages."""
    return render_template("kitchen_board.html", **_state())


@blueprint.post("/kitchen/bump")
def bump() -> AnyResponse:
    """Move lines on: cooked, or brought to the guests."""
    lines = tuple(request.form.getlist("line")[:LINES_MAX])
    status = SERVED if field("status") == SERVED else READY
    carry_out(Bump(command_id(), field("check"), lines, status))
    return make_response(render_template("kitchen_board.html", **_state()))
