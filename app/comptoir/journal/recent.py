"""What the writer remembers from one of its transactions to the next.

A line added to a check would otherwise read back what the same process wrote a moment ago. Whatever
is remembered is worth nothing once somebody else wrote: ``renew`` asks SQLite, inside the
transaction, whether another connection did.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.events import Event, aggregates_of
from comptoir.domain.fold import FOLDS, fold, fold_on
from comptoir.journal import projections, rows, unfolded

AGGREGATES_MAX = 128
NEVER = -1
EVENTS_MAX = 2048  # of one aggregate; a longer one is read anew each time


@dataclass(slots=True)
class _Known:
    """An aggregate's state, and what else is known: its events in order, its row's mark.

    ``folded`` of the events are in the state.
    """

    state: Any
    events: list[Event] | None = None
    folded: int = 0
    active: bool | None = None


class Recent:
    """Heads and aggregates of the one connection that writes; used under the journal's lock."""

    def __init__(self) -> None:
        self._version = NEVER
        self._heads: dict[LogId, rows.HeadRow] = {}
        self._marks: dict[LogId, str | None] = {}
        self._frozen = True
        self._behind = True
        self._aggregates: OrderedDict[str, _Known] = OrderedDict()

    def forget(self) -> None:
        """Know nothing: the next ``renew`` reads everything again."""
        self._version = NEVER
        self._aggregates.clear()

    def renew(self, db: sqlite3.Connection) -> None:
        """Begin a transaction: keep what is known if nobody else wrote since the last one."""
        (version,) = db.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return
        self.forget()
        self._version = version
        self._heads = rows.heads(db)
        self._marks.clear()
        self._frozen = rows.any_frozen(db)
        self._behind = unfolded.some(db)

    @property
    def any_frozen(self) -> bool:
        """Tell whether any epoch was ever frozen here."""
        return self._frozen

    def head(self, log: LogId) -> Head:
        """Return how far a log is held."""
        row = self._heads.get(log)
        return Head(row.seq, row.hash) if row else Head(0, "")

    def mark(self, db: sqlite3.Connection, log: LogId) -> str | None:
        """Return the mark of the signature at a log's head; None when there is no event."""
        if log not in self._marks:
            self._marks[log] = rows.mark_at(db, log, self.head(log).seq)
        return self._marks[log]

    def newest_hlc(self, terminal: str, limit: int) -> int:
        """Return the newest reading of this terminal, or of others up to ``limit``."""
        return max(
            (row.hlc for log, row in self._heads.items() if log[0] == terminal or row.hlc <= limit),
            default=0,
        )

    def state(self, db: sqlite3.Connection, aggregate: str) -> Any:
        """Return an aggregate's state as last stored."""
        known = self._aggregates.get(aggregate)
        if known is not None:
            self._aggregates.move_to_end(aggregate)
            return known.state
        if self._behind and unfolded.waits(db, aggregate):
            projections.refold(db, [aggregate])
            unfolded.done(db, [aggregate])
        state = projections.state(db, aggregate)
        self._keep(aggregate, _Known(state))
        return state

    def states(self, aggregates: Iterable[str]) -> dict[str, Any]:
        """Return what is remembered of some aggregates, after they were folded."""
        return {name: known.state for name in aggregates if (known := self._aggregates.get(name))}

    def add(self, db: sqlite3.Connection, event: Event, sealed: Sealed) -> tuple[str, ...]:
        """Store a new event of this terminal; returns the aggregates it belongs to."""
        envelope = event.envelope
        position, head = rows.insert(db, event, sealed)
        self._heads[envelope.terminal, envelope.epoch] = head
        self._marks[envelope.terminal, envelope.epoch] = sealed.mark
        touched = aggregates_of(event)
        projections.file_under(db, position, touched)
        for aggregate in touched:
            self._append(aggregate, event)
        return touched

    def _append(self, aggregate: str, event: Event) -> None:
        """Put the event at the end of its aggregate's, if it is the newest; else forget them."""
        known = self._aggregates.get(aggregate)
        if known is None or known.events is None:
            return
        last = known.events[-1].envelope.order if known.events else None
        if last is None or event.envelope.order > last:
            known.events.append(event)
        else:
            known.events = None

    def refold(self, db: sqlite3.Connection, aggregates: Iterable[str]) -> None:
        """Fold aggregates from all their events, in order, and store the states."""
        for aggregate in sorted(set(aggregates)):
            if aggregate.partition(":")[0] in FOLDS:
                self._refold(db, aggregate)

    def _refold(self, db: sqlite3.Connection, aggregate: str) -> None:
        known = self._aggregates.get(aggregate)
        if known is None or known.events is None:
            events = projections.events(db, aggregate)
            state = fold(aggregate, events)
        elif known.folded == len(known.events) - 1:
            events = known.events
            state = fold_on(aggregate, known.state, events)
        else:
            events = known.events
            state = fold(aggregate, events)
        active = projections.store(db, aggregate, state, known.active if known else None)
        # an epoch that is frozen leaves out events: then nothing can be added at the end
        whole = not self._frozen and len(events) < EVENTS_MAX
        self._keep(aggregate, _Known(state, events if whole else None, len(events), active))

    def _keep(self, aggregate: str, known: _Known) -> None:
        self._aggregates[aggregate] = known
        self._aggregates.move_to_end(aggregate)
        while len(self._aggregates) > AGGREGATES_MAX:
            self._aggregates.popitem(last=False)
