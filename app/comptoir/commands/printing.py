"""Paper: publish printers and stations, ask for a receipt or a reprint, say what was printed."""

import re
from dataclasses import dataclass

from comptoir.commands.bills import known
from comptoir.commands.desk import MANAGERS, PROGRAM, SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.printing import (
    MODES,
    PlanRefused,
    Printer,
    PrinterNotFound,
    Printing,
    Station,
    TicketNotFound,
)
from comptoir.domain.tickets import RECEIPT, REPRINT, all_tickets
from comptoir.journal import Writing

PRINTERS_MAX = 32
STATIONS_MAX = 64
DOTS = range(128, 1025)
PORTS = range(1, 65536)
HOST = re.compile(r"[A-Za-z0-9.:%_-]{1,253}")
DEVICE = re.compile(r"/dev/(?!.*\.\.)[A-Za-z0-9:._/-]{1,120}")
BAUDS = (0, 9_600, 19_200, 38_400, 57_600, 115_200)
REASON_CHARACTERS_MAX = 200
REPRINTS_MAX = 20


@dataclass(frozen=True, slots=True)
class PublishPrinting(Command):
    """Make these the printers and stations."""

    printers: tuple[Printer, ...]
    stations: tuple[Station, ...]


@dataclass(frozen=True, slots=True)
class RedirectPrinter(Command):
    """Let a printer's paper come out of another one; of its own again when ``to`` is empty."""

    printer: str
    to: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PrintReceipt(Command):
    """Print the receipt of a check, or of a part of it.

    It comes out of this terminal's receipt printer, or of the one named.
    """

    check: str
    printer: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ReprintTicket(Command):
    """Print a kitchen ticket once more, marked as a reprint."""

    check: str
    ticket: str
    printer: str = ""


@dataclass(frozen=True, slots=True)
class DismissTicket(Command):
    """Print a waiting ticket no more: the kitchen was told otherwise."""

    check: str
    ticket: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClaimTicket(Command):
    """Say that this terminal is about to print a ticket."""

    check: str
    ticket: str
    printer: str


@dataclass(frozen=True, slots=True)
class RecordPrint(Command):
    """Say that a ticket is on paper."""

    check: str
    ticket: str
    printer: str
    duplicate: bool = False
    confirmed: bool = False


@handles(PublishPrinting, MANAGERS)
def publish_printing(command: PublishPrinting, writing: Writing, desk: Desk) -> None:
    """Publish the plan, once nothing in it contradicts the rest."""
    del desk
    printers = {printer.id: printer for printer in command.printers}
    stations = {station.id for station in command.stations}
    if len(printers) != len(command.printers) or len(stations) != len(command.stations):
        raise PlanRefused("Two printers or two stations have the same id. Give each its own.")
    if len(printers) > PRINTERS_MAX or len(stations) > STATIONS_MAX:
        raise PlanRefused(f"At most {PRINTERS_MAX} printers and {STATIONS_MAX} stations.")
    for printer in command.printers:
        _check_printer(printer)
    for station in command.stations:
        if station.printer and station.printer not in printers:
            raise PlanRefused(
                f"Station {station.id} prints on {station.printer!r}, which is not in the list."
            )
    writing.append(ev.PrintingPublished(command.printers, command.stations))


def _address(printer: Printer) -> re.Pattern[str]:
    return DEVICE if printer.attached else HOST


def _check_printer(printer: Printer) -> None:
    faults = [
        (not printer.id, "it has no id"),
        (not _address(printer).fullmatch(printer.host), f"{printer.host!r} is no address"),
        (printer.baud not in BAUDS, f"{printer.baud} bits per second is no speed of a port"),
        (printer.baud and not printer.attached, "the network has no such speed"),
        (printer.port not in PORTS, f"{printer.port} is no port"),
        (printer.dots not in DOTS, f"{printer.dots} dots is no paper width"),
        (printer.mode not in MODES, f"{printer.mode!r} is no mode; use {' or '.join(MODES)}"),
    ]
    for wrong, why in faults:
        if wrong:
            raise PlanRefused(f"Printer {printer.name or printer.id}: {why}.")


@handles(RedirectPrinter, SERVICE)
def redirect(command: RedirectPrinter, writing: Writing, desk: Desk) -> None:
    """Note the redirection."""
    del desk
    plan: Printing = writing.state("printing:it")
    for name in (command.printer, command.to):
        if name and plan.printer(name) is None:
            raise PrinterNotFound(name)
    if command.to == command.printer:
        raise PlanRefused("A printer cannot stand in for itself. Choose another one.")
    reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
    writing.append(ev.PrinterRedirected(command.printer, command.to, reason))


@handles(PrintReceipt, SERVICE)
def print_receipt(command: PrintReceipt, writing: Writing, desk: Desk) -> None:
    """Ask for a receipt; the terminal that was asked prints it."""
    bill = known(writing, command.check)
    if command.part:
        bill.part(command.part)
    plan: Printing = writing.state("printing:it")
    plan.for_receipt(desk.log.terminal, command.printer)
    _ask(writing, command, RECEIPT, "", command.part)


@handles(ReprintTicket, SERVICE)
def reprint(command: ReprintTicket, writing: Writing, desk: Desk) -> None:
    """Ask for a ticket once more."""
    known(writing, command.check)
    if command.printer and writing.state("printing:it").printer(command.printer) is None:
        raise PrinterNotFound(command.printer)
    _must_exist(command, desk)
    _ask(writing, command, REPRINT, command.ticket)


def _ask(
    writing: Writing, command: PrintReceipt | ReprintTicket, what: str, of: str, part: str = ""
) -> None:
    asked = [
        one
        for one in writing.state(f"tickets:{command.check}").requests
        if (one.what, one.part) == (what, part)
    ]
    if len(asked) >= REPRINTS_MAX:
        raise PlanRefused(f"This was asked for {REPRINTS_MAX} times already. Look at the printer.")
    writing.append(ev.TicketRequested(command.check, command.id, what, of, command.printer, part))


def _must_exist(command: ReprintTicket | DismissTicket, desk: Desk) -> None:
    journal = desk.log.journal
    events = journal.events(f"check:{command.check}")
    record = journal.state(f"tickets:{command.check}")
    of_check = all_tickets(events, record)
    if command.ticket not in {ticket.id for ticket in of_check}:
        raise TicketNotFound(command.ticket)


@handles(DismissTicket, SERVICE)
def dismiss(command: DismissTicket, writing: Writing, desk: Desk) -> None:
    """Take a ticket out of the queue; it stays on record."""
    _must_exist(command, desk)
    reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
    writing.append(ev.TicketDismissed(command.check, command.ticket, reason))


@handles(ClaimTicket, PROGRAM)
def claim(command: ClaimTicket, writing: Writing, desk: Desk) -> None:
    """Note who is about to print."""
    del desk
    writing.append(ev.TicketClaimed(command.check, command.ticket, command.printer))


@handles(RecordPrint, PROGRAM)
def record_print(command: RecordPrint, writing: Writing, desk: Desk) -> None:
    """Note what came out of which printer."""
    del desk
    writing.append(
        ev.TicketPrinted(
            command.check, command.ticket, command.printer, command.duplicate, command.confirmed
        )
    )
