"""Paper: where it comes out, who is about to print what, what was printed."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body
from comptoir.domain.printing import Printer, Station


@dataclass(frozen=True, slots=True)
class PrintingPublished(Body):
    """The printers and stations changed: all of them, as they now are."""

    KIND: ClassVar[str] = "printing.published"
    printers: tuple[Printer, ...]
    stations: tuple[Station, ...]

    def aggregates(self) -> tuple[str, ...]:
        return ("printing:it",)


@dataclass(frozen=True, slots=True)
class PrinterRedirected(Body):
    """A printer's paper comes out of another one from now on; of its own when ``to`` is empty."""

    KIND: ClassVar[str] = "printing.redirected"
    printer: str
    to: str = ""
    reason: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return ("printing:it",)


@dataclass(frozen=True, slots=True)
class TicketBody(Body):
    """A body about one ticket of a check; ``ticket`` is the ticket's id."""

    check: str
    ticket: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the tickets of the check."""
        return (f"tickets:{self.check}",)


@dataclass(frozen=True, slots=True)
class TicketRequested(TicketBody):
    """Somebody wants paper: a ``receipt``, a ``sheet``, or a ``reprint`` of the ticket ``of``.

    The ``check`` of a sheet says what it is of: ``x/t1``, ``z/t1/12``, ``drawer/`` and its id.

    An empty ``printer`` means the one where such paper always comes out; ``part`` is the part of
    a split check whose receipt it is.
    """

    KIND: ClassVar[str] = "ticket.requested"
    what: str
    of: str = ""
    printer: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class TicketClaimed(TicketBody):
    """A terminal is about to print a ticket; the others hold back while it lives."""

    KIND: ClassVar[str] = "ticket.claimed"
    printer: str


@dataclass(frozen=True, slots=True)
class TicketPrinted(TicketBody):
    """A ticket is on paper.

    ``duplicate`` when the paper says that it may be a second one; ``confirmed`` when the printer
    said that it had printed to the end.
    """

    KIND: ClassVar[str] = "ticket.printed"
    printer: str
    duplicate: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class TicketDismissed(TicketBody):
    """Somebody told the kitchen otherwise: the ticket is not printed any more."""

    KIND: ClassVar[str] = "ticket.dismissed"
    reason: str = ""


BODIES = (
    PrintingPublished,
    PrinterRedirected,
    TicketRequested,
    TicketClaimed,
    TicketPrinted,
    TicketDismissed,
)
