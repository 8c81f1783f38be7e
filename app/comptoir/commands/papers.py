"""What is on paper and what waits to be: read from the journal, the same on every terminal."""

from dataclasses import dataclass

from comptoir.commands import queries
from comptoir.domain.check import Check
from comptoir.domain.printing import Printer, Printing
from comptoir.domain.tickets import RECEIPT, SHEET, Ticket, Tickets, all_tickets
from comptoir.journal import Journal

KITCHEN_AGE_MS_MAX = 6 * 3600 * 1000
RECEIPT_AGE_MS_MAX = 10 * 60 * 1000
RECENT_EVENTS = 2000
WAITING, CLAIMED, PRINTED, DISMISSED = "waiting", "claimed", "printed", "dismissed"


@dataclass(frozen=True, slots=True)
class PaperNow:
    """A ticket, where it comes out, and how far it is."""

    ticket: Ticket
    number: str
    printer: str
    state: str
    duplicate: bool


def printer_of(plan: Printing, ticket: Ticket) -> Printer | None:
    """Return where a ticket comes out now, None when it has no printer."""
    if ticket.printer:
        return plan.stand_in(ticket.printer)
    if ticket.kind in {RECEIPT, SHEET}:
        home = plan.receipt_printer(ticket.terminal)
        return plan.stand_in(home.id) if home else None
    station = plan.station(ticket.station)
    if station is None or ticket.at_ms < plan.since.get(station.id, 0):
        return None
    return plan.stand_in(station.printer)


def fresh(ticket: Ticket, now_ms: int) -> bool:
    """Tell whether a ticket is still of use; an older one is not printed by itself."""
    most = RECEIPT_AGE_MS_MAX if ticket.kind in {RECEIPT, SHEET} else KITCHEN_AGE_MS_MAX
    return now_ms - ticket.at_ms < most


def recent(journal: Journal) -> set[str]:
    """Return the checks and sheets whose papers may wait: open checks, and what was new lately."""
    position = journal.position()
    news = journal.changes(max(0, position - RECENT_EVENTS), RECENT_EVENTS)
    names = [name.partition(":") for change in news for name in change.aggregates]
    found: list[Check] = journal.states("check", active=True)
    lately = {of for kind, _colon, of in names if kind in {"check", "tickets"}}
    return lately | {check.id for check in found}


def of_check(journal: Journal, check: str) -> list[PaperNow]:
    """Return the papers of a check, oldest first; raises CheckNotFound."""
    return _papers(journal, queries.printing(journal), queries.check(journal, check), check)


def waiting(journal: Journal, now_ms: int) -> list[PaperNow]:
    """Return what waits and has a printer: tickets, receipts, sheets of money; oldest first."""
    plan = queries.printing(journal)
    found = [
        paper
        for name in recent(journal)
        for paper in _papers(journal, plan, journal.state(f"check:{name}"), name)
        if paper.printer and paper.state in {WAITING, CLAIMED} and fresh(paper.ticket, now_ms)
    ]
    return sorted(found, key=lambda one: (one.ticket.at_ms, one.ticket.id))


def _papers(journal: Journal, plan: Printing, check: Check, name: str) -> list[PaperNow]:
    record: Tickets = journal.state(f"tickets:{name}")
    return [
        _paper(plan, check, record, ticket)
        for ticket in all_tickets(journal.events(f"check:{name}"), record)
    ]


def _paper(plan: Printing, check: Check, record: Tickets, ticket: Ticket) -> PaperNow:
    prints = [one for one in record.prints if one.ticket == ticket.id]
    claim, target = record.claim(ticket.id), printer_of(plan, ticket)
    if prints:
        state = PRINTED
    elif ticket.id in record.dismissed:
        state = DISMISSED
    else:
        state = CLAIMED if claim else WAITING
    printer = prints[-1].printer if prints else target.id if target else ""
    duplicate = len(prints) > 1 or any(one.duplicate for one in prints)
    return PaperNow(ticket, check.number, printer, state, duplicate)
