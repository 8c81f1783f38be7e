"""Closing the day: a terminal's Z over its own events, or over a dead one's by a peer."""

from collections.abc import Callable
from dataclasses import dataclass

from comptoir.commands import queries
from comptoir.commands.bills import by_owner
from comptoir.commands.desk import SERVICE, TILLS, Command, Desk, handles, need_manager
from comptoir.commands.ledger import ledger
from comptoir.domain import events as ev
from comptoir.domain.cash import OpenDrawers
from comptoir.domain.check import FIRED, SERVED, SETTLED
from comptoir.domain.envelope import LogId, decode
from comptoir.domain.errors import DayRefused
from comptoir.domain.events.cash import OPEN_DRAWERS
from comptoir.domain.figures import ClosedDays, OpenNote, Range
from comptoir.domain.house import Terminal
from comptoir.journal import Journal, Writing

OPEN_CHECKS_MAX = 300
EVENT_BYTES_MAX = 1 << 20
FORGOTTEN_AFTER_MS = 2 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class CloseDay(Command):
    """Close the oldest open day of this terminal, or of one that is dead (a manager's to say)."""

    terminal: str = ""


@handles(CloseDay, TILLS, SERVICE - TILLS)
def close_day(command: CloseDay, writing: Writing, desk: Desk) -> None:
    """Write the Z: a cut through the log, the sums before it, and what was left open."""
    terminal = command.terminal or desk.log.terminal
    if terminal != desk.log.terminal:
        need_manager(writing, "Closing another terminal's day")
    journal = desk.log.journal
    days: ClosedDays = writing.state(f"day:{terminal}")
    spans = open_spans(writing, terminal, days)
    if not spans:
        raise DayRefused(f"Nothing has happened on {terminal} since its last close.")
    date = _oldest(journal, terminal, spans, days, desk.business_date())
    ranges = tuple(one for span in spans if (one := _until(journal, terminal, span, date)))
    found = ledger(journal, terminal, ranges)
    late = found.only(e for e in found.events if e.envelope.business_date <= days.newest)
    drawers: OpenDrawers = writing.state(OPEN_DRAWERS)
    writing.append(
        ev.DayClosed(
            terminal,
            date,
            len(days.closes) + 1,
            ranges,
            found.figures,
            _open_checks(journal),
            tuple(one.name for one in drawers.drawers if one.terminal == terminal),
            len(late.events),
            sum(one.net for one in late.figures.tenders),
        )
    )
    _clear_the_pass(writing, desk)


def _clear_the_pass(writing: Writing, desk: Desk) -> None:
    """Take what was paid and fired long ago as served: a kitchen of paper alone never says so."""
    before_ms = desk.clock.now_ms() - FORGOTTEN_AFTER_MS
    for check in queries.open_checks(desk.log.journal)[:OPEN_CHECKS_MAX]:
        cooked = tuple(
            line for line in check.live_lines if line.status == FIRED and line.fired_ms <= before_ms
        )
        if cooked and check.state == SETTLED:
            for owner, names in by_owner(check, cooked).items():
                writing.append(ev.LinesBumped(owner, names, SERVED))


def open_spans(writing: Writing, terminal: str, days: ClosedDays) -> tuple[Range, ...]:
    """Return what of a terminal's log no close covers; of a retired one, up to its cut-off."""
    state: Terminal = writing.state(f"terminal:{terminal}")
    spans = []
    for epoch, head in sorted(writing.heads(terminal).items()):
        last = min(head.seq, state.cutoff(epoch)) if state.retired else head.seq
        if (first := days.closed_to(epoch) + 1) <= last:
            spans.append(Range(epoch, first, last))
    return tuple(spans)


def _oldest(
    journal: Journal, terminal: str, spans: tuple[Range, ...], days: ClosedDays, today: str
) -> str:
    """Return the oldest day that is not closed and has events; else today."""
    for span in spans:
        dated = _dates(journal, (terminal, span.epoch))
        seq = _first(span, lambda seq, dated=dated: dated(seq) > days.newest)  # type: ignore[misc]
        if seq <= span.last:
            return dated(seq)
    return days.posted(today)


def _until(journal: Journal, terminal: str, span: Range, date: str) -> Range | None:
    """Return the part of a span up to a date, its last event included; None when there is none."""
    dated = _dates(journal, (terminal, span.epoch))
    last = _first(span, lambda seq: dated(seq) > date) - 1
    return Range(span.epoch, span.first, last) if last >= span.first else None


def _first(span: Range, holds: Callable[[int], bool]) -> int:
    """Return the first seq from which on it holds, by halving; one past the end when nowhere."""
    low, high = span.first, span.last + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _dates(journal: Journal, log: LogId) -> Callable[[int], str]:
    def dated(seq: int) -> str:
        (sealed,) = journal.range(log, seq, 1, EVENT_BYTES_MAX)
        return decode(sealed.payload).business_date

    return dated


def _open_checks(journal: Journal) -> tuple[OpenNote, ...]:
    """Return the checks that are still open, oldest first, as the Z names them."""
    return tuple(
        OpenNote(check.id, check.number, check.table, check.due, check.paid)
        for check in queries.open_checks(journal)[:OPEN_CHECKS_MAX]
    )
