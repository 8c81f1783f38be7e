"""The journal's file: one write transaction at a time, as many readers as there are threads."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.events import Event, aggregates_of
from comptoir.domain.house import Card
from comptoir.journal import projections, rows
from comptoir.journal.admission import Admission, Gatekeeper
from comptoir.journal.connections import JournalUnusable, connect
from comptoir.journal.decoding import event_of
from comptoir.journal.recent import Recent

TIDY_COMMITS = 100


class Change(NamedTuple):
    """One event as it entered this journal: its local position and what it touched."""

    position: int
    terminal: str
    epoch: int
    seq: int
    kind: str
    aggregates: tuple[str, ...]


class Journal:
    """Events and projections in one SQLite file; ``migrate`` must have run before the first use.

    Safe for threads of one process, and for several processes on one file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._keeper: sqlite3.Connection | None = None
        self._readers = threading.local()
        self._open: set[sqlite3.Connection] = set()
        self._listeners: list[Callable[[], None]] = []
        self._untidied = 0
        self._recent = Recent()

    def migrate(self) -> list[str]:
        """Bring the tables up to this version; returns the names of the migrations applied."""
        from comptoir.journal import schema  # noqa: PLC0415 - 4 MB that only this needs

        with self._lock:
            return schema.apply(self._write_connection())

    def close(self) -> None:
        """Close every connection; safe to call twice."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._writer = self._keeper = None
            self._readers = threading.local()
            self._recent.forget()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit that added events; it must return at once."""
        self._listeners.append(listener)

    def _write_connection(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = connect(self.path)
            self._open.add(self._writer)
        return self._writer

    def reader(self) -> sqlite3.Connection:
        """Return this thread's read-only connection; for the journal's own modules."""
        if getattr(self._readers, "db", None) is None:
            with self._lock:
                self._readers.db = connect(self.path, read_only=True)
                self._open.add(self._readers.db)
        reader: sqlite3.Connection = self._readers.db
        return reader

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write transaction; all of it is on disk when the block ends, or none."""
        with self._writing() as db:
            self._recent.forget()
            yield db

    @contextmanager
    def appending(self) -> Iterator[tuple[sqlite3.Connection, Recent]]:
        """Hold the write transaction for own events, which go through what is remembered."""
        with self._writing() as db:
            self._recent.renew(db)
            yield db, self._recent

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            db = self._write_connection()
            before = db.total_changes
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except sqlite3.Error as error:
                self._recent.forget()
                _roll_back(db)
                raise JournalUnusable(
                    f"Journal {self.path}: {error}. Nothing was kept of this step; try again."
                ) from error
            except BaseException:
                self._recent.forget()
                _roll_back(db)
                raise
            grown = db.total_changes != before
            self._untidied += grown
        if grown:
            for listener in self._listeners:
                listener()

    def tidy(self) -> None:
        """Copy the write-ahead log into the file, if it has grown; to be called between sales.

        Left alone, every so many commits one has to do it, and somebody waits for that.
        """
        if self._untidied < TIDY_COMMITS:
            return
        with self._lock:
            if self._keeper is None:
                self._keeper = connect(self.path)
                self._open.add(self._keeper)
            self._untidied = 0
        try:
            self._keeper.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            raise JournalUnusable(f"Journal {self.path}: {error}. Check the disk.") from error

    def admit(
        self,
        batch: Iterable[Sealed],
        *,
        restaurant: str,
        trust: Mapping[str, Card],
        fold_later: bool = False,
    ) -> Admission:
        """Let foreign events in, after checks; duplicates change nothing.

        With ``fold_later`` what there is much of waits for ``joining.fold``.
        """
        with self.transaction() as db:
            return Gatekeeper(db, restaurant, trust).admit(batch, fold_later=fold_later)

    def vector(self) -> dict[LogId, Head]:
        """Return the head of every log held here."""
        return rows.vector(self.reader())

    def head(self, log: LogId) -> Head:
        """Return how far one log is held."""
        return rows.head(self.reader(), log)

    def hash_at(self, log: LogId, seq: int) -> str | None:
        """Return the hash of one event, or None when it is not held."""
        return rows.hash_at(self.reader(), log, seq)

    def range(self, log: LogId, first: int, events_max: int, bytes_max: int) -> list[Sealed]:
        """Return consecutive events of a log from seq ``first`` on, within both bounds."""
        found = self.reader().execute(
            "SELECT payload, signature FROM entry"
            " WHERE terminal = ? AND epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?",
            (*log, first, self.head(log).seq, events_max),
        )
        return rows.bounded(found, bytes_max)

    def state(self, aggregate: str) -> Any:
        """Return an aggregate's state (``check:9f…``, ``menu:it``), empty when unknown."""
        return projections.state(self.reader(), aggregate)

    def states(self, kind: str, *, active: bool = False) -> list[Any]:
        """Return the states of a kind; ``active`` leaves out checks that are done with."""
        return projections.states(self.reader(), kind, active=active)

    def events(self, aggregate: str) -> list[Event]:
        """Return an aggregate's events in folding order: the audit behind a figure."""
        return projections.events(self.reader(), aggregate)

    def changes(self, after: int, limit: int = 500) -> list[Change]:
        """Return what entered this journal after a position, oldest first."""
        found = self.reader().execute(
            "SELECT position, payload FROM entry WHERE position > ? ORDER BY position LIMIT ?",
            (after, limit),
        )
        return [_change(position, event_of(payload)) for position, payload in found]

    def position(self) -> int:
        """Return the position of the newest event, 0 when there is none."""
        row = self.reader().execute("SELECT coalesce(max(position), 0) FROM event").fetchone()
        return int(row[0])

    def quarantined(self) -> list[tuple[str, int, int, str]]:
        """Return (terminal, epoch, seq, reason) of what was kept but not folded."""
        found = self.reader().execute("SELECT terminal, epoch, seq, reason FROM quarantine")
        return list(found)

    def digest(self) -> str:
        """Return one hash over all projections."""
        return projections.digest(self.reader())

    def rebuild(self) -> None:
        """Fold all projections anew from the events."""
        with self.transaction() as db:
            projections.rebuild(db)


def _change(position: int, event: Event) -> Change:
    envelope = event.envelope
    log = (envelope.terminal, envelope.epoch, envelope.seq)
    return Change(position, *log, envelope.kind, aggregates_of(event))


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")
