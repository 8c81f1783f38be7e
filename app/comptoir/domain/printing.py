"""Where paper comes out: printers, the stations they serve, and who stands in for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comptoir.domain.errors import DomainError

BITMAP, TEXT = "bitmap", "text"
MODES = (BITMAP, TEXT)
DOTS_80_MM = 576
PORT = 9100
REDIRECTIONS_MAX = 4


class PlanRefused(DomainError):
    """Printers and stations that contradict each other."""

    code = "printing-plan-refused"
    status = 422


class PrinterNotFound(DomainError):
    """No such printer, or none for this paper."""

    code = "printer-not-found"
    status = 404

    def __init__(self, printer: str) -> None:
        which = (
            f"There is no printer {printer!r}"
            if printer
            else "No printer is for this till's receipts"
        )
        super().__init__(f"{which}. A manager sets printers up in the back office.")


class TicketNotFound(DomainError):
    """The check has no such ticket."""

    code = "ticket-not-found"
    status = 404

    def __init__(self, ticket: str) -> None:
        super().__init__(f"Ticket {ticket} is not of this check. Reload the check.")


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer on the network, or on a port of a terminal; ``dots`` is its printable width.

    Its ``host`` is a name or an address, or the file of the port (``/dev/usb/lp0``) at which it
    hangs on ``terminal``; ``baud`` is the speed of a serial port, 0 for USB.

    ``mode`` is ``bitmap`` (everything drawn here, so that any script prints) or ``text`` (its own
    letters). ``answers`` is false for one that tells nothing of its state. ``receipts`` are the
    terminals whose receipts it prints; ``drawer`` says that their cash drawer hangs on it; ``red``
    that its ribbon or paper has a second colour (``ESC r``).
    """

    id: str
    name: str
    host: str
    port: int = PORT
    dots: int = DOTS_80_MM
    mode: str = BITMAP
    answers: bool = True
    drawer: bool = False
    receipts: tuple[str, ...] = ()
    red: bool = False
    terminal: str = ""
    baud: int = 0

    @property
    def attached(self) -> bool:
        """Tell whether it hangs on a port of one terminal, which alone can print on it."""
        return bool(self.terminal)


@dataclass(frozen=True, slots=True)
class Station:
    """A place in the kitchen: its tickets' printer and languages, the first one large.

    ``names`` is what each language calls it; ``name`` where there is none.
    """

    id: str
    name: str
    printer: str = ""
    languages: tuple[str, ...] = ("en",)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirection:
    """Somebody sent a printer's paper to another one, until they take it back."""

    printer: str
    to: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Printing:
    """The printers and stations as last published, and what is redirected now.

    ``since`` is when a station got a printer (ms since 1970): nothing sent before is printed.
    """

    printers: tuple[Printer, ...] = ()
    stations: tuple[Station, ...] = ()
    redirections: tuple[Redirection, ...] = ()
    since: Mapping[str, int] = field(default_factory=dict)

    def reachable(self, terminal: str) -> tuple[Printer, ...]:
        """Return the printers on which a terminal can print: its own and those on the network."""
        return tuple(one for one in self.printers if one.terminal in {"", terminal})

    def printer(self, name: str) -> Printer | None:
        """Return a printer, None when there is none of this id."""
        return next((one for one in self.printers if one.id == name), None)

    def station(self, name: str) -> Station | None:
        """Return a station, None when there is none of this id."""
        return next((one for one in self.stations if one.id == name), None)

    def stand_in(self, name: str) -> Printer | None:
        """Return the printer on which a printer's paper comes out now."""
        ways = {one.printer: one.to for one in self.redirections}
        seen = {name}
        for _ in range(REDIRECTIONS_MAX):
            following = ways.get(name)
            if following is None or following in seen:
                break
            seen.add(following)
            name = following
        return self.printer(name)

    def receipt_printer(self, terminal: str) -> Printer | None:
        """Return the printer of a terminal's receipts, None when it has none."""
        return next((one for one in self.printers if terminal in one.receipts), None)

    def for_receipt(self, terminal: str, name: str = "") -> Printer:
        """Return the printer named, else the one of the terminal's; raises PrinterNotFound."""
        printer = self.printer(name) if name else self.receipt_printer(terminal)
        if printer is None:
            raise PrinterNotFound(name)
        return printer
