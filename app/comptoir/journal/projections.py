"""Projections: aggregates folded anew whenever one of their events arrives, early or late."""

import hashlib
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from comptoir.domain.check import Check
from comptoir.domain.envelope import decode
from comptoir.domain.events import Event, aggregates_of, understand
from comptoir.domain.fold import FOLDS, STATES, State, fold

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(state) for kind, state in STATES.items()
}
EVENTS_CACHED_MAX = 8192
STATES_CACHED_MAX = 512


@lru_cache(maxsize=EVENTS_CACHED_MAX)
def event_of(payload: bytes) -> Event:
    """Decode a stored payload; the hot check's events stay decoded."""
    return understand(decode(payload))


@lru_cache(maxsize=STATES_CACHED_MAX)
def _state_of(kind: str, text: str) -> State:
    return _DECODERS[kind].decode(text)


def file_under_aggregates(db: sqlite3.Connection, position: int, event: Event) -> tuple[str, ...]:
    """Note which aggregates an event belongs to; returns them."""
    names = aggregates_of(event)
    db.executemany(
        "INSERT OR IGNORE INTO aggregate_event (aggregate, position) VALUES (?, ?)",
        [(name, position) for name in names],
    )
    return names


def refold(db: sqlite3.Connection, aggregates: Iterable[str]) -> None:
    """Fold the aggregates from all their events, in order, and store the states."""
    for aggregate in sorted(set(aggregates)):
        kind = aggregate.partition(":")[0]
        if kind in FOLDS:
            _store(db, aggregate, kind, fold(aggregate, events(db, aggregate)))


def events(db: sqlite3.Connection, aggregate: str) -> list[Event]:
    """Return an aggregate's events in folding order, without those behind a freeze."""
    rows = db.execute(
        """
        SELECT event.payload FROM aggregate_event JOIN event USING (position)
        WHERE aggregate = ? AND NOT EXISTS (
            SELECT 1 FROM frozen WHERE frozen.terminal = event.terminal
            AND frozen.epoch = event.epoch AND frozen.seq <= event.seq)
        ORDER BY hlc, terminal, epoch, seq""",
        (aggregate,),
    )
    return [event_of(payload) for (payload,) in rows]


def _store(db: sqlite3.Connection, aggregate: str, kind: str, state: State) -> None:
    text = _ENCODER.encode(state)
    active = state.active if isinstance(state, Check) else True
    db.execute(
        "INSERT OR REPLACE INTO projection (aggregate, kind, active, state, hash)"
        " VALUES (?, ?, ?, ?, ?)",
        (aggregate, kind, active, text.decode(), hashlib.sha256(text).hexdigest()),
    )


def state(db: sqlite3.Connection, aggregate: str) -> Any:
    """Return an aggregate's state, or its empty state when nothing is known of it."""
    kind, _, name = aggregate.partition(":")
    query = "SELECT state FROM projection WHERE aggregate = ?"
    row = db.execute(query, (aggregate,)).fetchone()
    return FOLDS[kind](name, []) if row is None else _state_of(kind, row[0])


def states(db: sqlite3.Connection, kind: str, *, active: bool) -> list[Any]:
    """Return all states of a kind, or only those that someone still has to deal with."""
    only = " AND active = 1" if active else ""
    query = f"SELECT state FROM projection WHERE kind = ?{only} ORDER BY aggregate"  # noqa: S608 - two constants
    return [_state_of(kind, text) for (text,) in db.execute(query, (kind,))]


def rebuild(db: sqlite3.Connection) -> None:
    """Throw the projections away and fold them anew from the events."""
    db.execute("DELETE FROM aggregate_event")
    db.execute("DELETE FROM projection")
    touched: set[str] = set()
    for position, payload in db.execute("SELECT position, payload FROM event").fetchall():
        touched.update(file_under_aggregates(db, position, event_of(payload)))
    refold(db, touched)


def stale(db: sqlite3.Connection) -> list[str]:
    """Return the aggregates whose stored state is not what their events fold to."""
    found = []
    for aggregate, stored in db.execute("SELECT aggregate, hash FROM projection").fetchall():
        anew = _ENCODER.encode(fold(aggregate, events(db, aggregate)))
        if hashlib.sha256(anew).hexdigest() != stored:
            found.append(aggregate)
    return found


def digest(db: sqlite3.Connection) -> str:
    """Return one hash over all projections: equal on all terminals at equal vectors."""
    sums = hashlib.sha256()
    for aggregate, text in db.execute("SELECT aggregate, hash FROM projection ORDER BY aggregate"):
        sums.update(f"{aggregate} {text}\n".encode())
    return sums.hexdigest()
