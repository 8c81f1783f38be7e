"""Printers and stations: how each is, what waits, a test, and where each station's paper goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import (
    DismissTicket,
    PrintReceipt,
    PublishPrinting,
    RedirectPrinter,
    papers,
    queries,
)
from comptoir.commands.sales import last_days
from comptoir.domain import sales
from comptoir.domain.printing import BITMAP, PORT, Printer, Printing, Station
from comptoir.web import figures
from comptoir.web.access import carry_out, command_id, field, house
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.forms import FormRefused
from comptoir.web.screens.office.menu import menu
from comptoir.web.services import services

blueprint = managers("office_printers", __name__)
NEW = "new"
NOT_ASKED = ("unknown", "", False, 0)
WAITING_SHOWN_MAX = 20
TEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Now:
    """A printer and how it is; ``state`` is ``unknown`` while nobody asks it."""

    printer: Printer
    state: str
    message: str
    paper_low: bool
    waiting: int
    stand_in: str


def _plan() -> Printing:
    return queries.printing(services().journal)


def printers() -> list[Now]:
    """Return every printer as this terminal sees it."""
    s, plan = services(), _plan()
    report = s.printers.report(s.clock.now_ms())
    told = {one.printer: one for one in report.printers} if report else {}
    found = []
    for one in plan.printers:
        now, other = told.get(one.id), plan.stand_in(one.id)
        stand_in = other.name if other and other.id != one.id else ""
        said = (now.state, now.message, now.paper_low, now.waiting) if now else NOT_ASKED
        found.append(Now(one, *said, stand_in))
    return found


@blueprint.get("/office/printers")
def show() -> str:
    """Show printers, stations and what waits."""
    plan = _plan()
    used = {item.station for item in menu().items}
    known = {one.id for one in plan.stations}
    return render_template(
        "office/printers.html",
        here="printers",
        printers=printers(),
        plan=plan,
        stations=[*plan.stations, *(Station(one, one) for one in sorted(used - known))],
        waiting=papers.waiting(services().journal, services().clock.now_ms())[:WAITING_SHOWN_MAX],
        done="done" in request.args,
        tags=forms.languages(*(one.names for one in plan.stations)),
        kiosk=at_the_till(),
    )


@blueprint.get("/office/printers/<name>")
def edit(name: str) -> str:
    """Show a printer's form; ``new`` is an empty one."""
    found = _plan().printer(name)
    if found is None and name != NEW:
        abort(404)
    return render_template(
        "office/printer.html",
        here="printers",
        record=found,
        name=name,
        others=[one for one in _plan().printers if one.id != name],
        terminals=queries.terminals(services().journal),
        redirected=next((one.to for one in _plan().redirections if one.printer == name), ""),
        kiosk=at_the_till(),
    )


@blueprint.post("/office/printers/<name>")
def save(name: str) -> AnyResponse:
    """Write a printer's entry into the plan."""
    plan = _plan()
    known = {one.id: one for one in plan.printers}
    old = known.get(name)
    called = forms.text("name")
    base = old or Printer(forms.fresh_name([called], known), called, "")
    known[base.id] = replace(
        base,
        name=called or base.name,
        host=forms.text("host"),
        port=forms.whole("port", _("Port"), PORT),
        terminal=forms.text("terminal"),
        baud=forms.whole("baud", _("Speed of a serial port")),
        mode=forms.text("mode", BITMAP),
        drawer="yes" in forms.ticked("drawer"),
        red="yes" in forms.ticked("red"),
        receipts=forms.ticked("receipts"),
    )
    carry_out(PublishPrinting(command_id(), tuple(known.values()), plan.stations))
    return go("/office/printers?done=1")


@blueprint.post("/office/printers/<name>/test")
def test(name: str) -> AnyResponse:
    """Print the newest receipt on this printer: what comes out is what guests will get."""
    s = services()
    today = last_days(s.desk.business_date(), TEST_DAYS)
    found = figures.sales().checks(sales.SALES, "", today)
    if not found:
        raise FormRefused("There is no check to print yet. Ring one up first.")
    carry_out(PrintReceipt(command_id(), found[0][0].id, name))
    return go("/office/printers?done=1")


@blueprint.post("/office/printers/<name>/remove")
def remove(name: str) -> AnyResponse:
    """Take a printer out of the plan; stations that used it print nowhere."""
    plan = _plan()
    left = tuple(one for one in plan.printers if one.id != name)
    stations = tuple(replace(s, printer="") if s.printer == name else s for s in plan.stations)
    carry_out(PublishPrinting(command_id(), left, stations))
    return go("/office/printers?done=1")


@blueprint.post("/office/printers/<name>/redirect")
def send_elsewhere(name: str) -> AnyResponse:
    """Let another printer stand in, or end that."""
    carry_out(RedirectPrinter(command_id(), name, field("to", "")))
    return go("/office/printers?done=1")


@blueprint.post("/office/stations/<name>")
def route(name: str) -> AnyResponse:
    """Say on which printer a station prints."""
    return _restate(name, lambda station: replace(station, printer=field("printer", "")))


@blueprint.post("/office/stations/<name>/names")
def call(name: str) -> AnyResponse:
    """Say what each language calls a station."""
    return _restate(name, lambda station: replace(station, names=forms.names("name")))


def _restate(name: str, change: Callable[[Station], Station]) -> AnyResponse:
    """Publish the plan with one station changed; with a new one when it was never named."""
    plan = _plan()
    stations = {one.id: one for one in plan.stations}
    now = stations.get(name) or Station(name, name.capitalize(), "", tuple(house().languages))
    stations[name] = change(now)
    carry_out(PublishPrinting(command_id(), plan.printers, tuple(stations.values())))
    return go("/office/printers?done=1")


@blueprint.post("/office/papers/<path:check>/<ticket>/dismiss")
def dismiss(check: str, ticket: str) -> AnyResponse:
    """Take a waiting ticket out of the queue."""
    carry_out(DismissTicket(command_id(), check, ticket, "back office"))
    return go("/office/printers?done=1")
