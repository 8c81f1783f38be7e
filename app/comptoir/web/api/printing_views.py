"""What callers send and get about printing: the plan, the printers as they are, what waits."""

from typing import Annotated

from msgspec import Meta

from comptoir.domain.printing import Printer, Redirection, Station
from comptoir.web.api.answers import Answer
from comptoir.web.api.bodies import Body, Text

PrinterId = Annotated[str, Meta(max_length=64)]


class NewPlan(Body, frozen=True):
    """The printers and stations."""

    printers: Annotated[tuple[Printer, ...], Meta(max_length=32)]
    stations: Annotated[tuple[Station, ...], Meta(max_length=64)]


class StandIn(Body, frozen=True):
    """Where a printer's paper comes out from now on; empty: of its own again."""

    to: PrinterId = ""
    reason: Text = ""


class Wanted(Body, frozen=True):
    """The printer to use; empty: the one where such paper always comes out."""

    printer: PrinterId = ""


class WantedReceipt(Wanted, frozen=True):
    """The part of a split check whose receipt it is; empty: the whole check's."""

    part: Annotated[str, Meta(max_length=64)] = ""


class Dismissed(Body, frozen=True):
    """A paper of a check, or of what a sheet is of, as it was read; and why it is not wanted."""

    check: Annotated[str, Meta(max_length=160)]
    ticket: Annotated[str, Meta(max_length=64)]
    reason: Text = ""


class PrinterView(Answer, frozen=True):
    """A printer as this terminal sees it; ``state`` is ``unknown`` while nobody asks it."""

    id: str
    name: str
    state: str
    message: str
    paper_low: bool
    waiting: int
    stand_in: str


class PrintingView(Answer, frozen=True):
    """The plan, the printers as they are, and stations of the menu that print nowhere."""

    printers: tuple[Printer, ...]
    stations: tuple[Station, ...]
    redirections: tuple[Redirection, ...]
    now: tuple[PrinterView, ...]
    devices: bool
    unrouted: tuple[str, ...]


class PaperView(Answer, frozen=True):
    """A ticket or receipt: asked for when, by which terminal, printed where.

    ``state`` is ``waiting``, ``claimed``, ``printed`` or ``dismissed``; ``part`` is the part of a
    split check whose receipt it is. The ``check`` of a sheet of money says what it is of, such as
    ``x/t1`` or ``drawer/till-1``, and has no number.
    """

    ticket: str
    check: str
    number: str
    kind: str
    station: str
    printer: str
    terminal: str
    at_ms: int
    state: str
    reprint: bool
    duplicate: bool
    part: str = ""


class Papers(Answer, frozen=True):
    """Papers, oldest first."""

    papers: tuple[PaperView, ...]
