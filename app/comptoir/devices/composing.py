"""What a ticket says, put together from the journal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.commands import queries, receipts, sheets
from comptoir.domain.check import Check
from comptoir.domain.house import Restaurant
from comptoir.domain.paper import kitchen
from comptoir.domain.paper.rows import Paper
from comptoir.domain.printing import Printing, Station
from comptoir.domain.tickets import RECEIPT, SHEET, Ticket
from comptoir.journal import Journal


def compose(
    journal: Journal, plan: Printing, ticket: Ticket, *, duplicate: bool, base: str = ""
) -> Paper:
    """Return the paper of a ticket, a receipt or a sheet; raises a DomainError without one."""
    if ticket.kind == SHEET:
        return sheets.paper(journal, ticket, duplicate=duplicate)
    if ticket.kind == RECEIPT:
        bill = queries.check(journal, ticket.check)
        copy = duplicate or receipts.printed_before(journal, bill, ticket)
        return receipts.paper(journal, bill, receipts.Wish(ticket.part, copy=copy, base=base))
    check: Check = journal.state(f"check:{ticket.check}")
    station = plan.station(ticket.station)
    house = queries.restaurant(journal)
    head = kitchen.Heading(
        station=_station(station, house) if station else ticket.station,
        table=table_label(journal, check),
        server=person(journal, ticket.by),
        time=clock_time(ticket.at_ms, house.timezone),
        languages=station.languages if station else house.languages,
        duplicate=duplicate,
        courses=queries.courses(journal),
    )
    return kitchen.ticket(ticket, check, head)


def _station(one: Station, house: Restaurant) -> str:
    return kitchen.in_each(one.names, one.languages or house.languages) or one.name


def table_label(journal: Journal, check: Check) -> str:
    """Return what staff call the check's table."""
    labels = {one.table.id: one.table.label for one in queries.floor(journal)}
    return labels.get(check.table, check.table)


def person(journal: Journal, staff: str) -> str:
    """Return a person's name, or their id when nothing else is known."""
    found = journal.state(f"staff:{staff}")
    return found.name or staff


def clock_time(at_ms: int, timezone: str) -> str:
    """Return the wall time in the restaurant, UTC when its zone is unknown here."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone).strftime("%H:%M")
