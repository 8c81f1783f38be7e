"""Tickets: what each Send and each void asks the kitchen on paper, and what became of it.

Receipts and sheets of money (X, Z, a drawer's) are tickets too; a sheet's ``check`` says what it is
of: ``z/t1/12``.

A ticket is (check, fire id, line ids): its id is their hash, the same on every terminal.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds

FIRE, VOID, CHANGE, RECEIPT, SHEET = "fire", "void", "change", "receipt", "sheet"
ALLERGY = "allergy"
REPRINT = "reprint"
ID_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """Something to print once: for a station of the kitchen, or a receipt for the guest.

    ``fire`` is the id of the command that asked for it, ``terminal`` where that was; ``part`` the
    part of a split check whose receipt it is; ``reason`` why a dish is void, or what must not be in
    it.
    """

    id: str
    check: str
    kind: str
    fire: str
    lines: tuple[str, ...]
    terminal: str
    at_ms: int
    station: str = ""
    reason: str = ""
    by: str = ""
    printer: str = ""
    reprint: bool = False
    change: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a terminal did about a ticket: claimed it, or printed it."""

    ticket: str
    printer: str
    terminal: str
    at_ms: int
    duplicate: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Paper that somebody asked for."""

    ticket: str
    what: str
    of: str
    printer: str
    terminal: str
    by: str
    at_ms: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Tickets:
    """What was asked for, claimed, printed and dismissed of a check's tickets."""

    check: str
    requests: tuple[Request, ...] = ()
    claims: tuple[Mark, ...] = ()
    prints: tuple[Mark, ...] = ()
    dismissed: tuple[str, ...] = ()

    def done(self, ticket: str) -> bool:
        """Tell whether nobody has to print it any more."""
        return ticket in self.dismissed or any(one.ticket == ticket for one in self.prints)

    def claim(self, ticket: str) -> Mark | None:
        """Return who claimed it last."""
        found = [one for one in self.claims if one.ticket == ticket]
        return found[-1] if found else None


def fold_tickets(check: str, events: Sequence[ev.Event]) -> Tickets:
    """Fold what was done about the tickets of a check; every fact is kept."""
    requests: dict[str, Request] = {}
    claims, prints, dismissed = [], [], []
    for event in events:
        where, at_ms = event.envelope.terminal, milliseconds(event.envelope.hlc)
        match event.body:
            case ev.TicketRequested(ticket=name) as asked:
                by = event.envelope.actor
                told = (asked.what, asked.of, asked.printer, where, by, at_ms, asked.part)
                requests.setdefault(name, Request(name, *told))
            case ev.TicketClaimed(ticket=name, printer=printer):
                claims.append(Mark(name, printer, where, at_ms))
            case ev.TicketPrinted(ticket=name, printer=printer, duplicate=twice, confirmed=sure):
                prints.append(Mark(name, printer, where, at_ms, twice, sure))
            case ev.TicketDismissed(ticket=name):
                dismissed.append(name)
            case _:
                pass
    return Tickets(check, tuple(requests.values()), tuple(claims), tuple(prints), tuple(dismissed))


def ticket_id(check: str, fire: str, lines: Sequence[str]) -> str:
    """Return the name of a ticket: the same for the same check, fire id and lines, anywhere."""
    text = "\0".join((check, fire, *sorted(lines)))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_CHARACTERS]


def kitchen_tickets(events: Sequence[ev.Event]) -> tuple[Ticket, ...]:
    """Return the tickets of a check's events, oldest first: a Send's, one per station; a void's.

    A Send waits until each of its lines is known, so that its tickets never change their ids. A
    change of a sent dish makes one for its station; a void, one for where the dish is cooked; an
    allergy that is noted once its seat's dishes were sent, one for each station that has some.
    """
    seats = {
        event.body.line: event.body.seats
        for event in events
        if isinstance(event.body, ev.LineAdded)
    }
    stations = {
        event.body.line: event.body.station
        for event in events
        if isinstance(event.body, ev.LineAdded)
    }
    made: dict[str, Ticket] = {}
    sent: set[str] = set()
    for event in events:
        match event.body:
            case ev.LineSeatsSet(line=line, seats=whose):
                seats[line] = whose
            case ev.AllergySet(seat=seat, allergy=what, present=True):
                eaten = [one for one in sent if not seats[one] or seat in {0, *seats[one]}]
                for ticket in _allergy(event, what, eaten, stations):
                    made.setdefault(ticket.id, ticket)
        for ticket in _of_event(event, stations, sent):
            made.setdefault(ticket.id, ticket)
    return tuple(made.values())


def _of_event(event: ev.Event, stations: dict[str, str], sent: set[str]) -> list[Ticket]:
    match event.body:
        case ev.LinesFired(lines=lines) if all(line in stations for line in lines):
            sent.update(lines)
            grouped = _by_station(lines, stations)
            return [_ticket(event, FIRE, station, its) for station, its in grouped.items()]
        case ev.LineVoided(line=line, reason=reason) if line in sent:
            sent.discard(line)
            return [replace(_ticket(event, VOID, stations[line], (line,)), reason=reason)]
        case ev.LineChanged(line=line, station=station, change=change) if line in stations:
            stations[line] = station
            if line in sent:
                return [replace(_ticket(event, CHANGE, station, (line,)), change=change)]
        case _:
            pass
    return []


def _allergy(
    event: ev.Event, what: str, lines: Sequence[str], stations: Mapping[str, str]
) -> list[Ticket]:
    """Return a ticket a station; its id rests on no line, which a late event may add."""
    found = []
    for station, its in _by_station(sorted(lines), stations).items():
        made = replace(_ticket(event, ALLERGY, station, its), reason=what)
        found.append(replace(made, id=ticket_id(made.check, f"{made.fire}/{station}", ())))
    return found


def _by_station(lines: Sequence[str], stations: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for line in lines:
        grouped[stations[line]] = (*grouped.get(stations[line], ()), line)
    return grouped


def _ticket(event: ev.Event, kind: str, station: str, lines: tuple[str, ...]) -> Ticket:
    envelope = event.envelope
    fire = envelope.command or f"{envelope.terminal}/{envelope.epoch}/{envelope.seq}"
    check = event.body.check if isinstance(event.body, ev.CheckBody) else ""
    name = ticket_id(check, fire, lines)
    at_ms = milliseconds(envelope.hlc)
    return Ticket(
        name, check, kind, fire, lines, envelope.terminal, at_ms, station, by=envelope.actor
    )


def all_tickets(events: Sequence[ev.Event], record: Tickets) -> tuple[Ticket, ...]:
    """Return the kitchen's tickets and what people asked for besides."""
    kitchen = kitchen_tickets(events)
    by_id = {ticket.id: ticket for ticket in kitchen}
    asked = (_asked(record.check, request, by_id) for request in record.requests)
    return (*kitchen, *(ticket for ticket in asked if ticket is not None))


def _asked(check: str, request: Request, known: Mapping[str, Ticket]) -> Ticket | None:
    if request.what in {RECEIPT, SHEET}:
        first = Ticket("", check, request.what, request.ticket, (), "", 0, part=request.part)
    elif request.of in known:
        first = known[request.of]
    else:
        return None
    return replace(
        first,
        id=request.ticket,
        terminal=request.terminal,
        at_ms=request.at_ms,
        by=request.by,
        printer=request.printer,
        reprint=request.what == REPRINT,
    )


def overlapping(ticket: Ticket, others: Sequence[Ticket], record: Tickets) -> bool:
    """Tell whether lines of it are on another paper already: two people pressed Send at once."""
    lines = set(ticket.lines)
    return any(
        other.id != ticket.id
        and other.kind == ticket.kind == FIRE
        and not (other.reprint or ticket.reprint)
        and lines & set(other.lines)
        and (record.claim(other.id) is not None or record.done(other.id))
        for other in others
    )
