"""This terminal's own log: the one place where new events are made, signed and numbered."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from comptoir.domain import hlc
from comptoir.domain.envelope import GENESIS, Envelope, Head, Sealed, encode
from comptoir.domain.events import Body, Event
from comptoir.domain.records import dump
from comptoir.journal import rows
from comptoir.journal.decoding import event_of
from comptoir.journal.recent import Recent
from comptoir.journal.store import Journal
from comptoir.signer import Signer


class Clock(Protocol):
    """Tells the time; passed in, so that tests and fault runs can bend it."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who did it and when, as the envelope carries it; ``business_date`` is ISO 8601."""

    actor: str
    business_date: str
    command: str | None = None
    approver: str | None = None
    asked: str | None = None


class EpochNotOpen(Exception):
    """The own log was written to before ``open`` settled its epoch."""


class OwnLog:
    """Appends this terminal's events to the journal.

    ``open`` settles the epoch first, so that a (terminal, epoch, seq) is never used twice.
    """

    def __init__(
        self, journal: Journal, signer: Signer, clock: Clock, *, restaurant: str, terminal: str
    ) -> None:
        self.journal = journal
        self.restaurant = restaurant
        self.terminal = terminal
        self._signer = signer
        self._clock = clock
        self._epoch = 0

    @property
    def epoch(self) -> int:
        """Return the epoch that new events get; 0 before ``open``."""
        return self._epoch

    def held(self) -> tuple[int, int]:
        """Return (epoch, seq) of the newest own event held here; (0, 0) when there is none."""
        own = [
            (log[1], head.seq)
            for log, head in self.journal.vector().items()
            if log[0] == self.terminal
        ]
        return max(own, default=(0, 0))

    def open(
        self, *, peers_answered: bool, peers_head: tuple[int, int] = (0, 0), leap: int = 0
    ) -> int:
        """Settle the epoch and mark the log in use; returns the epoch.

        Call it once the events that peers hold of this terminal have been taken back:
        ``peers_head`` is the newest (epoch, seq) they hold, ``peers_answered`` that none of them is
        missing. A new epoch begins when one is and the last stop was not clean, or when not all
        events came back; it is ``leap``, if higher, when the disk is new or restored: who is
        missing may know later epochs than this disk does.
        """
        with self.journal.transaction() as db:
            row = db.execute(
                "SELECT epoch, clean FROM own_log WHERE terminal = ?", (self.terminal,)
            ).fetchone()
            noted, clean = row or (0, 0)
            held = self._newest_epoch(db)
            newest = max(noted, held, peers_head[0])
            whole = peers_head <= (held, rows.head(db, (self.terminal, held)).seq)
            sure = peers_answered or (clean and noted == newest)
            sure = newest > 0 and whole and bool(sure) and not self._runs_ahead(db, newest)
            self._epoch = newest if sure else newest + 1
            if not (noted or peers_answered):
                self._epoch = max(self._epoch, leap)
            self._mark(db, clean=False)
        return self._epoch

    def close(self) -> None:
        """Mark a clean stop: the next start may go on in this epoch without asking."""
        if self._epoch:
            with self.journal.transaction() as db:
                self._mark(db, clean=True)

    def _leave_frozen(self, db: sqlite3.Connection) -> None:
        """Begin a new epoch when this one has a second branch: nothing in it is folded any more."""
        query = "SELECT 1 FROM frozen WHERE terminal = ? AND epoch = ?"
        if db.execute(query, (self.terminal, self._epoch)).fetchone():
            self._epoch = max(self._epoch, self._newest_epoch(db)) + 1
            self._mark(db, clean=False)

    def _runs_ahead(self, db: sqlite3.Connection, epoch: int) -> bool:
        """Tell whether numbers past the head are taken: by own events that came out of turn."""
        query = "SELECT 1 FROM ahead WHERE terminal = ? AND epoch = ?"
        return db.execute(query, (self.terminal, epoch)).fetchone() is not None

    def _newest_epoch(self, db: sqlite3.Connection) -> int:
        query = "SELECT coalesce(max(epoch), 0) FROM head WHERE terminal = ?"
        return int(db.execute(query, (self.terminal,)).fetchone()[0])

    def _mark(self, db: sqlite3.Connection, *, clean: bool) -> None:
        db.execute(
            "INSERT OR REPLACE INTO own_log (terminal, epoch, clean) VALUES (?, ?, ?)",
            (self.terminal, self._epoch, clean),
        )

    @contextmanager
    def writing(self, stamp: Stamp) -> "Iterator[Writing]":
        """Hold a write transaction in which states are read and events appended."""
        if not self._epoch:
            raise EpochNotOpen("the till is still asking its peers for its own events")
        with self.journal.appending() as (db, recent):
            if recent.any_frozen:
                self._leave_frozen(db)
            writing = Writing(self, db, recent, stamp)
            yield writing
            recent.refold(db, writing.unfolded)
            writing.states = recent.states(writing.touched)

    def seal(
        self, db: sqlite3.Connection, recent: Recent, stamp: Stamp, body: Body
    ) -> tuple[Event, Sealed]:
        """Return a new event, numbered, chained, encoded and signed."""
        head = recent.head((self.terminal, self._epoch))
        envelope = Envelope(
            restaurant=self.restaurant,
            terminal=self.terminal,
            epoch=self._epoch,
            seq=head.seq + 1,
            hlc=self._tick(recent),
            business_date=stamp.business_date,
            actor=stamp.actor,
            approver=stamp.approver,
            kind=body.KIND,
            v=body.V,
            body=dump(body),
            prev_hash=head.hash if head.seq else GENESIS,
            command=stamp.command,
            asked=stamp.asked,
            prev_signature=recent.mark(db, (self.terminal, self._epoch)),
        )
        payload = encode(envelope)
        unsigned = Sealed(payload, b"")
        return Event(envelope, body), Sealed(payload, self._signer.sign(unsigned.digest))

    def _tick(self, recent: Recent) -> int:
        """Return a reading after everything seen here that is not absurdly far ahead."""
        now_ms = self._clock.now_ms()
        limit = hlc.reading(now_ms + hlc.AHEAD_MS_MAX)
        return hlc.tick(recent.newest_hlc(self.terminal, limit), now_ms)


class Writing:
    """One command's write transaction: what it reads cannot change before it has written.

    ``states`` are the touched aggregates' as committed, there once the transaction has ended.
    """

    def __init__(self, log: OwnLog, db: sqlite3.Connection, recent: Recent, stamp: Stamp) -> None:
        self._log = log
        self._db = db
        self._recent = recent
        self.stamp = stamp
        self.touched: set[str] = set()
        self.unfolded: set[str] = set()
        self.states: dict[str, Any] = {}
        self.events: list[Event] = []

    def state(self, aggregate: str) -> Any:
        """Return a state as of this transaction, events appended in it included."""
        if aggregate in self.unfolded:
            self._recent.refold(self._db, [aggregate])
            self.unfolded.discard(aggregate)
        return self._recent.state(self._db, aggregate)

    def append(self, body: Body) -> Event:
        """Append one event of this terminal."""
        event, sealed = self._log.seal(self._db, self._recent, self.stamp, body)
        touched = self._recent.add(self._db, event, sealed)
        self.touched.update(touched)
        self.unfolded.update(touched)
        self.events.append(event)
        return event

    def done_before(self) -> list[Event]:
        """Return the events that this command id already made, on any terminal."""
        if self.stamp.command is None:
            return []
        found = self._db.execute(
            "SELECT payload FROM entry WHERE command = ? ORDER BY hlc, terminal, epoch, seq",
            (self.stamp.command,),
        )
        return [event_of(payload) for (payload,) in found]

    def heads(self, terminal: str) -> dict[int, Head]:
        """Return how far each epoch of a terminal is held, as of this transaction."""
        held = rows.vector(self._db)
        return {log[1]: head for log, head in held.items() if log[0] == terminal}

    def checks_opened(self) -> int:
        """Return how many checks this terminal has opened in its epoch: the next number less 1."""
        row = self._db.execute(
            "SELECT count(*) FROM event WHERE terminal = ? AND epoch = ? AND kind = 'check.opened'",
            (self._log.terminal, self._log.epoch),
        ).fetchone()
        return int(row[0])
