"""Projections: aggregates folded anew whenever one of their events arrives, early or late."""

import hashlib
import logging
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any

import msgspec

from comptoir.domain.check import Check
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import Event, aggregates_of
from comptoir.domain.fold import FOLDS, STATES, State, fold
from comptoir.journal import rows
from comptoir.journal.decoding import event_of

log = logging.getLogger(__name__)
_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(state) for kind, state in STATES.items()
}
STATES_CACHED_MAX = 512
FASTEST = 1


class _States:
    """Decoded states by the hash of their text: what a name stands for never changes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: OrderedDict[tuple[str, str], State] = OrderedDict()

    def get(self, kind: str, digest: str) -> State | None:
        with self._lock:
            state = self._states.get((kind, digest))
            if state is not None:
                self._states.move_to_end((kind, digest))
            return state

    def put(self, kind: str, digest: str, state: State) -> None:
        with self._lock:
            self._states[kind, digest] = state
            while len(self._states) > STATES_CACHED_MAX:
                self._states.popitem(last=False)


_states = _States()


def file_under(db: sqlite3.Connection, position: int, aggregates: Iterable[str]) -> None:
    """Note which aggregates an event belongs to."""
    for aggregate in aggregates:
        db.execute(
            "INSERT OR IGNORE INTO aggregate_event (aggregate, position) VALUES (?, ?)",
            (aggregate, position),
        )


def file_under_aggregates(db: sqlite3.Connection, position: int, event: Event) -> tuple[str, ...]:
    """Note which aggregates an event belongs to; returns them."""
    names = aggregates_of(event)
    file_under(db, position, names)
    return names


def file_all(db: sqlite3.Connection, part: Iterable[tuple[int, bytes]]) -> set[str]:
    """Note which aggregates events (position, payload) belong to; returns them all.

    One that the disk made unreadable stays where it was filed.
    """
    touched: set[str] = set()
    for position, payload in part:
        try:
            touched.update(file_under_aggregates(db, position, event_of(payload)))
        except EventMalformed as error:
            log.error("event %d: %s", position, error)  # noqa: TRY400 - expected of old disks
    return touched


def refold(db: sqlite3.Connection, aggregates: Iterable[str]) -> None:
    """Fold the aggregates from all their events, in order, and store the states.

    One whose events all lie behind a freeze is as if they had never come.
    """
    for aggregate in sorted(set(aggregates)):
        if aggregate.partition(":")[0] not in FOLDS:
            continue
        if found := events(db, aggregate):
            store(db, aggregate, fold(aggregate, found))
        else:
            db.execute("DELETE FROM projection WHERE aggregate = ?", (aggregate,))


def refold_readable(db: sqlite3.Connection, aggregates: Iterable[str]) -> None:
    """Fold what can be: an aggregate with an unreadable event stays until that is put back."""
    for aggregate in sorted(set(aggregates)):
        try:
            refold(db, [aggregate])
        except EventMalformed as error:
            log.error("%s stays as it was: %s", aggregate, error)  # noqa: TRY400 - expected of old disks


def events(db: sqlite3.Connection, aggregate: str) -> list[Event]:
    """Return an aggregate's events in folding order, without those behind a freeze."""
    found = db.execute(
        """
        SELECT payload FROM aggregate_event JOIN entry AS event USING (position)
        WHERE aggregate = ? AND NOT EXISTS (
            SELECT 1 FROM frozen WHERE frozen.terminal = event.terminal
            AND frozen.epoch = event.epoch AND frozen.seq <= event.seq)
        ORDER BY hlc, terminal, epoch, seq""",
        (aggregate,),
    )
    return [event_of(payload) for (payload,) in found]


def store(
    db: sqlite3.Connection, aggregate: str, state: State, was_active: bool | None = None
) -> bool:
    """Store a state in its aggregate's row, and tell whether it is active.

    ``was_active`` is what the writer knows to stand there; None when it does not know.
    """
    text = _ENCODER.encode(state)
    digest = hashlib.sha256(text).hexdigest()
    active = state.active if isinstance(state, Check) else True
    if active == was_active:
        # leaves the indices alone
        query = "UPDATE projection SET hash = ?, state = ? WHERE aggregate = ?"
        db.execute(query, (digest, zlib.compress(text, FASTEST), aggregate))
    else:
        db.execute(
            "INSERT INTO projection (aggregate, active, hash, state) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (aggregate) DO UPDATE"
            " SET active = excluded.active, hash = excluded.hash, state = excluded.state",
            (aggregate, active, digest, zlib.compress(text, FASTEST)),
        )
    _states.put(aggregate.partition(":")[0], digest, state)
    return active


def state(db: sqlite3.Connection, aggregate: str) -> Any:
    """Return an aggregate's state, or its empty state when nothing is known of it."""
    kind, _, name = aggregate.partition(":")
    where = "FROM projection WHERE aggregate = ?"
    row = db.execute(f"SELECT hash {where}", (aggregate,)).fetchone()
    if row is None:
        return FOLDS[kind](name, [])
    known = _states.get(kind, *row)
    if known is None:
        columns = f"SELECT aggregate, hash, state {where}"
        known = _decoded(db, *db.execute(columns, (aggregate,)).fetchone())
    return known


def states(db: sqlite3.Connection, kind: str, *, active: bool) -> list[Any]:
    """Return all states of a kind, or only those that someone still has to deal with."""
    only = " AND active = 1" if active else ""
    where = f"FROM projection WHERE aggregate >= ? AND aggregate < ?{only} ORDER BY aggregate"
    span = (f"{kind}:", f"{kind};")  # the next character after the colon
    found = [_states.get(kind, *row) for row in db.execute(f"SELECT hash {where}", span)]
    if all(state is not None for state in found):
        return found
    kept = db.execute(f"SELECT aggregate, hash, state {where}", span).fetchall()
    return [_decoded(db, *row) for row in kept]


def _decoded(db: sqlite3.Connection, aggregate: str, digest: str, deflated: bytes) -> State:
    kind = aggregate.partition(":")[0]
    known = _states.get(kind, digest)
    if known is None:
        try:
            known = _DECODERS[kind].decode(zlib.decompress(deflated))
        except msgspec.ValidationError:  # an older version's, not yet folded anew
            return fold(aggregate, events(db, aggregate))
        _states.put(kind, digest, known)
    return known


def rebuild(db: sqlite3.Connection) -> None:
    """Throw the projections away and fold them anew from the events."""
    db.execute("DELETE FROM aggregate_event")
    db.execute("DELETE FROM projection")
    db.execute("DELETE FROM unfolded")
    db.execute("DELETE FROM refiling")
    touched: set[str] = set()
    for part in rows.payloads(db, "entry"):
        touched.update(file_all(db, part))
    refold_readable(db, touched)


def stale(db: sqlite3.Connection) -> list[str]:
    """Return the aggregates whose stored state is not what their events fold to."""
    query = "SELECT aggregate FROM projection EXCEPT SELECT aggregate FROM unfolded"
    found = db.execute(query).fetchall()
    return [aggregate for (aggregate,) in found if not right(db, aggregate)]


def right(db: sqlite3.Connection, aggregate: str) -> bool:
    """Tell whether an aggregate's stored state is what its events fold to."""
    query = "SELECT hash, state FROM projection WHERE aggregate = ?"
    stored = db.execute(query, (aggregate,)).fetchone()
    made = events(db, aggregate)
    if stored is None or not made:
        return stored is None and not made
    anew = _ENCODER.encode(fold(aggregate, made))
    try:
        kept = zlib.decompress(stored[1])
    except zlib.error:
        return False
    return kept == anew and hashlib.sha256(anew).hexdigest() == stored[0]


def digest(db: sqlite3.Connection) -> str:
    """Return one hash over all projections: equal on all terminals at equal vectors."""
    sums = hashlib.sha256()
    for aggregate, text in db.execute("SELECT aggregate, hash FROM projection ORDER BY aggregate"):
        sums.update(f"{aggregate} {text}\n".encode())
    return sums.hexdigest()
