"""The kitchen screen: what was sent, oldest first, each dish in two languages; bumped when done."""

from dataclasses import dataclass, replace

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import Bump, Recall, SeeChanges, queries
from comptoir.domain.check import FIRED, READY, SERVED
from comptoir.web.access import carry_out, command_id, field, number
from comptoir.web.screens.kitchen_pages import page, part
from comptoir.web.screens.kitchen_tickets import (
    Ticket,
    all_day,
    bumped_last,
    read_by_cooks,
    tickets,
)
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

__all__ = ["Ticket", "blueprint", "tickets"]
blueprint = workplace("kitchen", __name__)
LINES_MAX = 500
STATIONS, EXPO = "", "expo"
WAITING_SHOWN_MAX, COUNTS_SHOWN_MAX = 30, 50


@dataclass(frozen=True, slots=True)
class Side:
    """Which screen of the kitchen this is: a station's, everybody's, or the pass (``expo``).

    ``begin``, ``serve`` and ``counts`` say how far its tickets and its two lists were turned.
    """

    station: str
    view: str
    begin: str = ""
    serve: int = 0
    counts: int = 0

    @property
    def query(self) -> dict[str, str]:
        """Return it as parameters of an address."""
        turned = {"from": self.begin, "serve": self.serve or "", "counts": self.counts or ""}
        more = {name: str(value) for name, value in turned.items() if value}
        return {"station": self.station, "view": self.view} | more

    def turned(self, **to: str | int) -> dict[str, str]:
        """Return the same with something else turned to."""
        return replace(self, **to).query  # type: ignore[arg-type]


def _side() -> Side:
    view = EXPO if request.values.get("view") == EXPO else STATIONS
    return Side(
        request.values.get("station", "")[:64],
        view,
        request.values.get("from", ""),
        number("serve", 0),
        number("counts", 0),
    )


def _state() -> dict[str, object]:
    side, s = _side(), services()
    cooking = tickets(FIRED, side.station)
    waiting = [ticket for ticket in tickets(READY, side.station) if not ticket.todo]
    shown = sorted([*cooking, *waiting], key=lambda one: (one.fired_ms, one.check.id))
    return {
        "page": page(shown if side.view == EXPO else cooking, side.begin),
        "waiting": part(waiting, side.serve, WAITING_SHOWN_MAX),
        "all_day": part(all_day(cooking), side.counts, COUNTS_SHOWN_MAX),
        "side": side,
        "stations": sorted({item.station for item in queries.menu(s.journal).items}),
        "kitchen_names": read_by_cooks,
        "warm_s": s.settings.kitchen_warm_s,
        "late_s": s.settings.kitchen_late_s,
    }


@blueprint.get("/kitchen")
def show() -> str:
    """Show the kitchen's work."""
    return render_template("kitchen/page.html", **_state())


@blueprint.get("/kitchen/tickets")
def board() -> AnyResponse:
    """Return the tickets alone, for live pages."""
    return _board()


def _board(*triggers: str) -> AnyResponse:
    response = make_response(render_template("kitchen/board.html", **_state()))
    if triggers:
        response.headers["HX-Trigger"] = ", ".join(triggers)
    return response


def _lines() -> tuple[str, ...]:
    return tuple(request.form.getlist("line")[:LINES_MAX])


@blueprint.post("/kitchen/bump")
def bump() -> AnyResponse:
    """Move lines on: cooked, or brought to the guests."""
    status = SERVED if field("status") == SERVED else READY
    carry_out(Bump(command_id(), field("check"), _lines(), status))
    return _board()


@blueprint.post("/kitchen/seen")
def see() -> AnyResponse:
    """Say that the kitchen knows what was changed."""
    changes = tuple(request.form.getlist("change")[:LINES_MAX])
    carry_out(SeeChanges(command_id(), field("check"), changes))
    return _board()


@blueprint.get("/kitchen/bumped")
def show_bumped() -> str:
    """Show what was bumped last, to call it back."""
    side = _side()
    found = bumped_last(side.station)
    return render_template(
        "kitchen/bumped.html", bumped=found, side=side, kitchen_names=read_by_cooks
    )


@blueprint.post("/kitchen/recall")
def recall() -> AnyResponse:
    """Put a bumped ticket back on the screen."""
    carry_out(Recall(command_id(), field("check"), _lines()))
    return _board("sheet-close")
