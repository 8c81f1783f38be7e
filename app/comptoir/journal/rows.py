"""Rows of the event table: insert one, read ranges, move the head."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.events import Event

READ_AT_ONCE = 500


class HeadRow(NamedTuple):
    """How far a log is held, and the clock reading there."""

    seq: int
    hash: str
    hlc: int


def insert(db: sqlite3.Connection, event: Event, sealed: Sealed) -> tuple[int, HeadRow]:
    """Store an event and move its log's head; returns its position in this journal and the head."""
    return store(db, event, sealed), move_head(db, event, sealed)


def store(db: sqlite3.Connection, event: Event, sealed: Sealed) -> int:
    """Store an event; returns its position in this journal."""
    envelope = event.envelope
    cursor = db.execute(
        "INSERT INTO event (terminal, epoch, seq, hlc, kind, command, hash, payload, signature)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            envelope.terminal,
            envelope.epoch,
            envelope.seq,
            envelope.hlc,
            envelope.kind,
            envelope.command,
            sealed.digest.hex(),
            sealed.payload,
            sealed.signature,
        ),
    )
    return int(cursor.lastrowid or 0)


def move_head(db: sqlite3.Connection, event: Event, sealed: Sealed) -> HeadRow:
    """Note that a log is held up to an event."""
    envelope = event.envelope
    row = HeadRow(envelope.seq, sealed.digest.hex(), envelope.hlc)
    db.execute(
        "INSERT OR REPLACE INTO head (terminal, epoch, seq, hash, hlc) VALUES (?, ?, ?, ?, ?)",
        (envelope.terminal, envelope.epoch, *row),
    )
    return row


def head(db: sqlite3.Connection, log: LogId) -> Head:
    """Return how far a log is held; seq 0 and an empty hash when not at all."""
    row = db.execute("SELECT seq, hash FROM head WHERE terminal = ? AND epoch = ?", log).fetchone()
    return Head(*row) if row else Head(0, "")


def heads(db: sqlite3.Connection) -> dict[LogId, HeadRow]:
    """Return the head of every log held, with its clock reading."""
    found = db.execute("SELECT terminal, epoch, seq, hash, hlc FROM head")
    return {(terminal, epoch): HeadRow(*row) for terminal, epoch, *row in found}


def any_frozen(db: sqlite3.Connection) -> bool:
    """Tell whether any epoch was ever frozen here."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM frozen)").fetchone()[0])


def vector(db: sqlite3.Connection) -> dict[LogId, Head]:
    """Return the head of every log held."""
    rows = db.execute("SELECT terminal, epoch, seq, hash FROM head")
    return {(terminal, epoch): Head(seq, digest) for terminal, epoch, seq, digest in rows}


def hash_at(db: sqlite3.Connection, log: LogId, seq: int) -> str | None:
    """Return the hash of one event, or None when its log is not held so far."""
    return hash_stored(db, log, seq) if seq <= head(db, log).seq else None


def hash_stored(db: sqlite3.Connection, log: LogId, seq: int) -> str | None:
    """Return the hash of one event, also of one that came before those in front of it."""
    row = db.execute(
        "SELECT hash FROM event WHERE terminal = ? AND epoch = ? AND seq = ?", (*log, seq)
    ).fetchone()
    return str(row[0]) if row else None


def mark_at(db: sqlite3.Connection, log: LogId, seq: int) -> str | None:
    """Return the mark of one event's signature; None when the event is not held."""
    row = db.execute(
        "SELECT signature FROM entry WHERE terminal = ? AND epoch = ? AND seq = ?",
        (*log, seq),
    ).fetchone()
    return Sealed(b"", row[0]).mark if row else None


def payloads(
    db: sqlite3.Connection, source: str, after: int = 0, where: str = "1"
) -> Iterator[list[tuple[int, bytes]]]:
    """Read (position, payload) of ``event``, or of ``entry`` with what lies in day files, by parts.

    Only what stands ``after`` a position and meets ``where``, which is ours and no input.
    """
    query = (
        f"SELECT position, payload FROM {source} WHERE position > ? AND {where}"  # noqa: S608 - words of this module
        " ORDER BY position LIMIT ?"
    )
    while part := db.execute(query, (after, READ_AT_ONCE)).fetchall():
        after = part[-1][0]
        yield part


def bounded(rows: Iterable[tuple[bytes, bytes]], bytes_max: int) -> list[Sealed]:
    """Return events up to a size; always at least one, so that nobody waits for ever."""
    batch: list[Sealed] = []
    size = 0
    for payload, signature in rows:
        size += len(payload) + len(signature)
        if batch and size > bytes_max:
            break
        batch.append(Sealed(payload, signature))
    return batch
