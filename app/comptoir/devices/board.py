"""What waits to be printed: worked out anew from the journal, so that no restart loses any of it.

A ticket waits from the moment it is in the journal until somebody's ``ticket.printed`` is, or until
it is too old to be of use. Nothing else is kept, on this terminal or any other.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from comptoir.commands import queries
from comptoir.commands.papers import fresh, printer_of, recent
from comptoir.devices.turns import START_S, Circle, delay_s
from comptoir.domain.printing import Printing
from comptoir.domain.tickets import Mark, Ticket, Tickets, all_tickets, overlapping
from comptoir.journal import Clock, Journal

WAITING_MAX = 2000


@dataclass(slots=True)
class Waiting:
    """A ticket that waits, and what is known of tries to print it."""

    ticket: Ticket
    seen_s: float
    overlaps: bool
    claim: Mark | None = None
    claim_seen_s: float = 0.0
    at_start: bool = False
    begun: bool = False
    mine: bool = False


class Board:
    """The tickets that wait, for all printers; safe for threads."""

    def __init__(self, journal: Journal, terminal: str, clock: Clock) -> None:
        self._journal = journal
        self._terminal = terminal
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, Waiting] = {}
        self._live: frozenset[str] | None = None
        self._plan = Printing()
        self._peers = False

    @property
    def plan(self) -> Printing:
        """Return the plan in force."""
        return self._plan

    def start(self, now_s: float) -> int:
        """Find what waits in the journal as it is; returns the position up to which it looked."""
        position = self._journal.position()
        self.refresh({f"tickets:{name}" for name in recent(self._journal)} | {"printing:it"}, now_s)
        for one in self._waiting.values():
            one.at_start = True
        return position

    def hear_live(self, live: Iterable[str]) -> None:
        """Note which other terminals live."""
        self._live = frozenset(live)

    def refresh(self, aggregates: Iterable[str], now_s: float) -> None:
        """Look again at what changed."""
        names = set(aggregates)
        if "printing:it" in names:
            self._plan = queries.printing(self._journal)
        self._peers = len(queries.terminals(self._journal)) > 1
        checks = {n.partition(":")[2] for n in names if n.startswith(("check:", "tickets:"))}
        for check in checks:
            self._refresh_check(check, now_s)

    def _refresh_check(self, check: str, now_s: float) -> None:
        record: Tickets = self._journal.state(f"tickets:{check}")
        tickets = all_tickets(self._journal.events(f"check:{check}"), record)
        with self._lock:
            for ticket in tickets:
                if record.done(ticket.id) or not self._fresh(ticket):
                    self._waiting.pop(ticket.id, None)
                elif ticket.id in self._waiting or len(self._waiting) < WAITING_MAX:
                    self._note(ticket, overlapping(ticket, tickets, record), record, now_s)

    def _note(self, ticket: Ticket, overlaps: bool, record: Tickets, now_s: float) -> None:
        one = self._waiting.setdefault(ticket.id, Waiting(ticket, now_s, overlaps))
        one.overlaps = one.overlaps or overlaps
        claim = record.claim(ticket.id)
        if claim != one.claim:
            one.claim, one.claim_seen_s = claim, now_s

    def _fresh(self, ticket: Ticket) -> bool:
        return fresh(ticket, self._clock.now_ms())

    def for_printer(self, printer: str) -> list[Waiting]:
        """Return what waits for a printer, oldest first; what became too old is forgotten."""
        with self._lock:
            for name in [n for n, one in self._waiting.items() if not self._fresh(one.ticket)]:
                del self._waiting[name]
            mine = [one for one in self._waiting.values() if self._goes_to(one, printer)]
        return sorted(mine, key=lambda one: (one.ticket.at_ms, one.ticket.id))

    def _goes_to(self, one: Waiting, printer: str) -> bool:
        goes_to = printer_of(self._plan, one.ticket)
        return goes_to is not None and goes_to.id == printer

    def due(self, printer: str, ready_since_s: float, now_s: float) -> list[Waiting]:
        """Return the tickets that it is this terminal's turn to print, oldest first."""
        waiting = self.for_printer(printer)
        return [one for one in waiting if now_s >= self._turn_s(one, ready_since_s)]

    def _turn_s(self, one: Waiting, ready_since_s: float) -> float:
        if self._alone(one):
            return one.seen_s
        circle = Circle(self._terminal, self._live)
        owner = one.claim.terminal if one.claim else one.ticket.terminal
        since = max(one.seen_s, one.claim_seen_s)
        if owner != self._terminal:
            since = max(since, ready_since_s)
        if one.at_start and self._peers:
            since += START_S
        return since + delay_s(circle, owner, claimed=one.claim is not None)

    def may_be_second(self, one: Waiting) -> bool:
        """Tell whether another paper of this ticket may exist; then the paper says so."""
        tried = one.claim is not None and not one.mine
        if self._alone(one):
            return one.begun or tried or one.overlaps
        late = one.at_start and self._peers
        foreign = one.ticket.terminal != self._terminal
        return one.begun or tried or late or foreign or one.overlaps

    def _alone(self, one: Waiting) -> bool:
        """Tell whether its printer hangs on this terminal: nobody else can have printed it."""
        printer = printer_of(self._plan, one.ticket)
        return printer is not None and printer.terminal == self._terminal

    def claimed_by_me(self, ticket: str) -> bool:
        """Tell whether the newest claim is this terminal's, and nobody has printed it."""
        with self._lock:
            one = self._waiting.get(ticket)
            return bool(one and one.claim and one.claim.terminal == self._terminal)

    def waits(self, ticket: str) -> bool:
        """Tell whether a ticket still waits."""
        with self._lock:
            return ticket in self._waiting
