"""Printers as people meet them: a word on the strip, and one sheet that says what to do."""

from dataclasses import dataclass

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import RedirectPrinter, queries
from comptoir.domain.printing import Printer, Printing
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.printers import READY
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import Services, services

blueprint = workplace("printers", __name__)
SILENT = "not-told"
LOW = "paper-low"
BACK = "back"


@dataclass(frozen=True, slots=True)
class PrinterNow:
    """A printer as it is: its state by the devices' word for it, and who does its work."""

    id: str
    name: str
    state: str
    waiting: int = 0
    stand_in: str = ""

    @property
    def fine(self) -> bool:
        """Tell whether nobody has to do anything."""
        return self.state in {READY, BACK}


@dataclass(frozen=True, slots=True)
class Lamp:
    """What the strip says of the printers: the gravest trouble, how much waits, who took over."""

    printers: tuple[PrinterNow, ...]

    @property
    def worst(self) -> PrinterNow | None:
        """Return the printer that needs somebody, or has just come back."""
        grave = [one for one in self.printers if not one.fine and not one.stand_in]
        mild = [one for one in self.printers if one.stand_in or one.state == BACK]
        return next(iter((*grave, *mild)), None)

    @property
    def trouble(self) -> bool:
        """Tell whether paper does not come out where it should."""
        return any(not one.fine for one in self.printers)

    @property
    def waiting(self) -> int:
        """Return how many papers wait."""
        return sum(one.waiting for one in self.printers)


def lamp(s: Services) -> Lamp:
    """Return how the printers of the house are; none when it has none."""
    plan = queries.printing(s.journal)
    return Lamp(tuple(_now(s, plan, one) for one in plan.printers))


def _now(s: Services, plan: Printing, one: Printer) -> PrinterNow:
    now_ms = s.clock.now_ms()
    report = s.printers.report(now_ms)
    told = next((n for n in report.printers if n.printer == one.id), None) if report else None
    other = plan.stand_in(one.id)
    stand_in = other.name if other and other.id != one.id else ""
    if told is None:
        return PrinterNow(one.id, one.name, SILENT, 0, stand_in)
    state = told.state
    if state == READY and told.paper_low:
        state = LOW
    elif state == READY and s.printers.back(one.id, now_ms):
        state = BACK
    return PrinterNow(one.id, one.name, state, told.waiting, stand_in)


@blueprint.get("/printers")
def show() -> AnyResponse:
    """Show every printer with what to do about it."""
    return _sheet()


def _sheet() -> AnyResponse:
    return make_response(render_template("printers/sheet.html", lamp=lamp(services())))


@blueprint.post("/printers/<printer>/stand-in")
def redirect(printer: str) -> AnyResponse:
    """Let another printer do its work, or itself again."""
    carry_out(RedirectPrinter(command_id(), printer, field("to", "")))
    return _sheet()
