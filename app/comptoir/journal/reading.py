"""Reads a log by kinds: what a day's report and the fiscal series are made from."""

import json
from collections.abc import Collection

from comptoir.domain.envelope import LogId, Sealed
from comptoir.domain.events import Event
from comptoir.journal import projections
from comptoir.journal.store import Journal


def newest(journal: Journal, log: LogId, kind: str) -> Sealed | None:
    """Return the newest event of a kind in a log, as it was sealed; None when there is none."""
    row = (
        journal.reader()
        .execute(
            "SELECT payload, signature FROM event"
            " WHERE terminal = ? AND epoch = ? AND kind = ? ORDER BY seq DESC LIMIT 1",
            (*log, kind),
        )
        .fetchone()
    )
    return Sealed(*row) if row else None


def sealed_of_kind(journal: Journal, log: LogId, kind: str) -> list[Sealed]:
    """Return all events of a kind in a log, oldest first."""
    found = journal.reader().execute(
        "SELECT payload, signature FROM event"
        " WHERE terminal = ? AND epoch = ? AND kind = ? ORDER BY seq",
        (*log, kind),
    )
    return [Sealed(payload, signature) for payload, signature in found]


def of_kinds(
    journal: Journal, log: LogId, first: int, last: int, kinds: Collection[str]
) -> list[Event]:
    """Return the events of these kinds in a log from seq ``first`` to ``last``, in order."""
    found = journal.reader().execute(
        "SELECT payload FROM event WHERE terminal = ? AND epoch = ?"
        " AND seq BETWEEN ? AND ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (*log, first, last, json.dumps(sorted(kinds))),
    )
    return [projections.event_of(payload) for (payload,) in found]
