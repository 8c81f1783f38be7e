"""What the kitchen's screens show: tickets, the counts of all day, what was bumped last."""

from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.commands import queries
from comptoir.domain.check import FIRED, READY, SERVED, UNSENT, Check, Line
from comptoir.domain.events import LinesBumped
from comptoir.domain.menu import Names
from comptoir.web.screens.rows import Row, grouped
from comptoir.web.services import services

RECALL_EVENTS = 2000
RECALL_MS_MAX = 2 * 3600 * 1000
RECALL_TICKETS_MAX = 10


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one Send asked of the kitchen; voided dishes stay, struck through, until it is done.

    One too long for a page is shown in ``pieces``.
    """

    check: Check
    label: str
    fired_ms: int
    rows: tuple[Row, ...]
    piece: int = 1
    pieces: int = 1

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return every line that is not voided."""
        return tuple(line for row in self.rows for line in row.lines if not line.voided)

    @property
    def todo(self) -> tuple[Line, ...]:
        """Return the lines that still have to be cooked."""
        return tuple(line for line in self.lines if line.status == FIRED)

    @property
    def ready(self) -> tuple[Line, ...]:
        """Return the lines that wait to be brought."""
        return tuple(line for line in self.lines if line.status == READY)

    @property
    def bumped(self) -> tuple[Line, ...]:
        """Return the lines that the kitchen has done with."""
        return tuple(line for line in self.lines if line.status in {READY, SERVED})

    @property
    def bumped_ms(self) -> int:
        """Return when the last of them was bumped."""
        return max((line.bumped_ms for line in self.bumped), default=0)


@dataclass(frozen=True, slots=True)
class Count:
    """So many of a dish have to be cooked, on all tickets together."""

    names: Names
    qty_milli: int


def read_by_cooks(line: Line) -> Names:
    """Return a line's names as the kitchen calls it."""
    return {**line.names, **line.kitchen}


def tickets(status: str, station: str = "") -> list[Ticket]:
    """Return the tickets with something in this status, oldest first."""
    found = [
        ticket
        for check in queries.open_checks(services().journal)
        for ticket in _of_check(check, station)
        if any(line.status == status for line in ticket.lines)
    ]
    return sorted(found, key=lambda ticket: (ticket.fired_ms, ticket.check.id))


def _of_check(check: Check, station: str) -> Iterator[Ticket]:
    sends: dict[int, list[Line]] = {}
    for line in check.lines:
        if line.status != UNSENT and station in {"", line.station}:
            sends.setdefault(line.fired_ms, []).append(line)
    label = _labels().get(check.table, check.table)
    for fired_ms, lines in sends.items():
        yield Ticket(check, label, fired_ms, tuple(grouped(lines)))


def _labels() -> dict[str, str]:
    plan = services().journal.state("floor:it")
    return {table.id: table.label for area in plan.areas for table in area.tables}


def all_day(open_tickets: list[Ticket]) -> list[Count]:
    """Return how many of each dish are to be cooked, most first."""
    counts: dict[tuple[str, str], Count] = {}
    for line in (line for ticket in open_tickets for line in ticket.todo):
        key = (line.item, line.variant)
        before = counts.get(key, Count(read_by_cooks(line), 0))
        counts[key] = Count(before.names, before.qty_milli + line.qty_milli)
    return sorted(counts.values(), key=lambda one: -one.qty_milli)


def bumped_last(station: str = "") -> list[Ticket]:
    """Return what was bumped lately, the newest first; also of checks that are paid by now."""
    s = services()
    position = s.journal.position()
    news = s.journal.changes(max(0, position - RECALL_EVENTS), RECALL_EVENTS)
    names = {
        name.removeprefix("check:")
        for change in news
        if change.kind == LinesBumped.KIND
        for name in change.aggregates
    }
    since = s.clock.now_ms() - RECALL_MS_MAX
    found = [
        ticket
        for name in names
        for ticket in _of_check(s.journal.state(f"check:{name}"), station)
        if ticket.bumped_ms > since
    ]
    found.sort(key=lambda ticket: -ticket.bumped_ms)
    return found[:RECALL_TICKETS_MAX]
