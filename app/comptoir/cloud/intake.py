"""One restaurant's batch inside a PostgreSQL transaction: read what is needed, judge, write."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from comptoir.cloud.inspection import Arrival, Inspection, inspect
from comptoir.cloud.store import Receipt
from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import Event
from comptoir.domain.fold import fold
from comptoir.domain.house import Card, Terminal
from comptoir.domain.records import load
from comptoir.journal import Problem, event_of
from comptoir.journal.admission import FOREIGN, MALFORMED, RETIRED

Connection = psycopg.Connection[tuple[Any, ...]]


class Intake:
    """Judges and stores a batch; the caller holds the restaurant's lock and commits."""

    def __init__(self, db: Connection, restaurant: str) -> None:
        self._db = db
        self._restaurant = restaurant
        self._receipt = Receipt()
        self._heads = self._read_heads()
        self._cards = self._read_cards()
        self._facts = self._read_terminal_events()

    def admit(self, batch: Sequence[Sealed]) -> Receipt:
        """Store what is right; returns what happened."""
        logs: dict[LogId, list[Arrival]] = {}
        for sealed in batch:
            if (event := self._read(sealed)) is not None:
                at = event.envelope
                logs.setdefault((at.terminal, at.epoch), []).append((event, sealed))
        for log in sorted(logs):
            self._admit_log(log, logs[log])
        self._release()
        return self._receipt

    def _read(self, sealed: Sealed) -> Event | None:
        try:
            event = event_of(sealed.payload)
        except EventMalformed:
            self._receipt.problems.append(Problem(MALFORMED))
            return None
        at = event.envelope
        if "\0" in at.terminal + at.kind:  # no text for PostgreSQL
            self._receipt.problems.append(Problem(MALFORMED))
            return None
        if at.restaurant != self._restaurant:
            self._receipt.problems.append(Problem(FOREIGN, at.terminal, at.epoch, at.seq))
            return None
        return event

    def _admit_log(self, log: LogId, arrivals: Sequence[Arrival]) -> None:
        terminal = self._terminal(log[0])
        card = self._cards.get(log[0]) or terminal.card
        arrivals = sorted(arrivals, key=lambda arrival: arrival[0].envelope.seq)
        head = self._heads.get(log, Head(0, ""))
        found = inspect(arrivals, head, card, terminal, lambda seq: self._hash_at(log, seq))
        self._receipt.problems += found.problems
        self._store(log, found)

    def _store(self, log: LogId, found: Inspection) -> None:
        for (event, sealed), reason in found.aside:
            self._put_aside(event, sealed, reason)
        if not found.keep:
            return
        self._insert(found.keep)
        event, sealed = found.keep[-1]
        self._heads[log] = Head(event.envelope.seq, sealed.digest.hex())
        self._db.execute(
            "INSERT INTO head VALUES (%s, %s, %s, %s, %s) ON CONFLICT (restaurant, terminal, epoch)"
            " DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            (self._restaurant, *log, *self._heads[log]),
        )
        for event, _ in found.keep:
            if event.envelope.kind.startswith("terminal."):
                self._facts.append(event)

    def _insert(self, keep: Sequence[Arrival]) -> None:
        rows = [
            (
                self._restaurant,
                event.envelope.terminal,
                event.envelope.epoch,
                event.envelope.seq,
                event.envelope.hlc,
                event.envelope.kind,
                sealed.digest.hex(),
                sealed.payload,
                sealed.signature,
            )
            for event, sealed in keep
        ]
        with self._db.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO event (restaurant, terminal, epoch, seq, hlc, kind, hash, payload,"
                " signature) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                rows,
            )
            self._receipt.stored += cursor.rowcount

    def _put_aside(self, event: Event, sealed: Sealed, reason: str) -> None:
        at = event.envelope
        self._db.execute(
            "INSERT INTO quarantine VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                *(self._restaurant, at.terminal, at.epoch, at.seq, sealed.digest.hex()),
                *(reason, sealed.payload, sealed.signature),
            ),
        )

    def _release(self) -> None:
        """Let out of quarantine what a risen cut-off now covers."""
        waiting = self._db.execute(
            "SELECT payload, signature FROM quarantine WHERE restaurant = %s AND reason = %s"
            " ORDER BY terminal, epoch, seq",
            (self._restaurant, RETIRED),
        ).fetchall()
        for payload, signature in waiting:
            event, sealed = event_of(bytes(payload)), Sealed(payload, signature)
            at = event.envelope
            log = (at.terminal, at.epoch)
            head = self._heads.get(log, Head(0, ""))
            follows = (head.seq + 1, head.hash) == (at.seq, at.prev_hash)
            if follows and at.seq <= self._terminal(at.terminal).cutoff(at.epoch):
                self._store(log, Inspection([(event, sealed)]))
                self._db.execute(
                    "DELETE FROM quarantine WHERE restaurant = %s AND terminal = %s"
                    " AND epoch = %s AND seq = %s AND reason = %s",
                    (self._restaurant, *log, at.seq, RETIRED),
                )

    def _terminal(self, name: str) -> Terminal:
        aggregate = f"terminal:{name}"
        about = [e for e in self._facts if e.body and aggregate in e.body.aggregates()]
        terminal: Terminal = fold(aggregate, sorted(about, key=lambda e: e.envelope.order))
        return terminal

    def _read_heads(self) -> dict[LogId, Head]:
        rows = self._db.execute(
            "SELECT terminal, epoch, seq, hash FROM head WHERE restaurant = %s",
            (self._restaurant,),
        )
        return {(terminal, epoch): Head(seq, digest) for terminal, epoch, seq, digest in rows}

    def _read_cards(self) -> dict[str, Card]:
        rows: Iterable[tuple[Any, ...]] = self._db.execute(
            "SELECT terminal, card FROM card WHERE restaurant = %s", (self._restaurant,)
        )
        return {terminal: load(Card, card) for terminal, card in rows}

    def _read_terminal_events(self) -> list[Event]:
        rows = self._db.execute(
            "SELECT payload FROM event WHERE restaurant = %s AND kind LIKE 'terminal.%%'",
            (self._restaurant,),
        )
        return [event_of(bytes(payload)) for (payload,) in rows]

    def _hash_at(self, log: LogId, seq: int) -> str | None:
        row = self._db.execute(
            "SELECT hash FROM event WHERE restaurant = %s AND terminal = %s AND epoch = %s"
            " AND seq = %s",
            (self._restaurant, *log, seq),
        ).fetchone()
        return None if row is None else str(row[0])
