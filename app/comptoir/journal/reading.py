"""Reads a log by kinds: what a day's report and the fiscal series are made from."""

import json
from collections.abc import Collection

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.events import Event
from comptoir.journal import rows
from comptoir.journal.admission import RETIRED
from comptoir.journal.decoding import event_of
from comptoir.journal.store import Journal

LATE_MAX = 200


def readings(journal: Journal) -> dict[LogId, int]:
    """Return the clock reading of the newest event of every log."""
    return {log: head.hlc for log, head in rows.heads(journal.reader()).items()}


def forks(journal: Journal) -> dict[LogId, Head]:
    """Return, of each frozen log, the first event of the second branch as far as it is known."""
    found = journal.reader().execute(
        "SELECT terminal, epoch, seq, max(hash) FROM frozen LEFT JOIN quarantine"
        " USING (terminal, epoch, seq) GROUP BY terminal, epoch"
    )
    return {(name, epoch): Head(seq, digest or "") for name, epoch, seq, digest in found}


def set_aside(journal: Journal, log: LogId, digest: str) -> list[Sealed]:
    """Return an event that is kept in quarantine, by its hash."""
    found = journal.reader().execute(
        "SELECT payload, signature FROM quarantine WHERE terminal = ? AND epoch = ? AND hash = ?",
        (*log, digest),
    )
    return [Sealed(payload, signature) for payload, signature in found]


def late(journal: Journal, terminal: str) -> dict[str, Event]:
    """Return what a retired terminal wrote after its cut-off, by hash, in its order."""
    found = journal.reader().execute(
        "SELECT hash, payload FROM quarantine WHERE terminal = ? AND reason = ?"
        " ORDER BY epoch, seq LIMIT ?",
        (terminal, RETIRED, LATE_MAX),
    )
    return {digest: event_of(payload) for digest, payload in found}


def newest(journal: Journal, log: LogId, kind: str) -> Sealed | None:
    """Return the newest event of a kind in a log, as it was sealed; None when there is none."""
    row = (
        journal.reader()
        .execute(
            "SELECT payload, signature FROM entry"
            " WHERE terminal = ? AND epoch = ? AND kind = ? ORDER BY seq DESC LIMIT 1",
            (*log, kind),
        )
        .fetchone()
    )
    return Sealed(*row) if row else None


def sealed_of_kind(journal: Journal, log: LogId, kind: str) -> list[Sealed]:
    """Return all events of a kind in a log, oldest first."""
    found = journal.reader().execute(
        "SELECT payload, signature FROM entry"
        " WHERE terminal = ? AND epoch = ? AND kind = ? ORDER BY seq",
        (*log, kind),
    )
    return [Sealed(payload, signature) for payload, signature in found]


def of_kinds(
    journal: Journal, log: LogId, first: int, last: int, kinds: Collection[str]
) -> list[Event]:
    """Return the events of these kinds in a log from seq ``first`` to ``last``, in order."""
    found = journal.reader().execute(
        "SELECT payload FROM entry WHERE terminal = ? AND epoch = ?"
        " AND seq BETWEEN ? AND ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (*log, first, last, json.dumps(sorted(kinds))),
    )
    return [event_of(payload) for (payload,) in found]


def first_since(journal: Journal, log: LogId, hlc: int) -> int:
    """Return the seq of a log's first event at a clock reading or later; one more than its head.

    A log's readings only rise, so that few looks find it, however long the log is.
    """
    low, high = 1, journal.head(log).seq + 1
    query = "SELECT hlc FROM event WHERE terminal = ? AND epoch = ? AND seq = ?"
    while low < high:
        middle = (low + high) // 2
        row = journal.reader().execute(query, (*log, middle)).fetchone()
        if row is not None and row[0] >= hlc:
            high = middle
        else:
            low = middle + 1
    return low
