"""Many restaurants' batches inside one PostgreSQL transaction: judged apart, written at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comptoir.cloud.database import Connection
from comptoir.cloud.inspection import Arrival, Inspection, inspect, problem, read
from comptoir.cloud.known import Known, lock
from comptoir.cloud.store import UNREGISTERED, Receipt
from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.errors import EventMalformed
from comptoir.journal import Problem
from comptoir.journal.admission import FOREIGN, MALFORMED, RETIRED

Row = tuple[Any, ...]
Logs = dict[LogId, list[Arrival]]
NOT_HELD = Head(0, "")


@dataclass(slots=True)
class Batch:
    """One restaurant's batch, read before anything is locked."""

    logs: Logs = field(default_factory=dict)
    receipt: Receipt = field(default_factory=Receipt)


def read_batch(restaurant: str, batch: Sequence[Sealed]) -> Batch:
    """Read a batch and put it in order; what is no event of the restaurant is refused."""
    made = Batch()
    for sealed in batch:
        try:
            arrival = read(sealed)
        except EventMalformed:
            made.receipt.problems.append(Problem(MALFORMED))
            continue
        at = arrival.envelope
        if at.restaurant != restaurant:
            made.receipt.problems.append(problem(FOREIGN, arrival))
        elif "\0" in at.terminal:  # no name of a terminal, and no text for PostgreSQL
            made.receipt.problems.append(Problem(MALFORMED))
        else:
            made.logs.setdefault((at.terminal, at.epoch), []).append(arrival)
    for arrivals in made.logs.values():
        arrivals.sort(key=lambda arrival: arrival.envelope.seq)
    return made


def admit(db: Connection, batches: Mapping[str, Batch]) -> dict[str, Receipt]:
    """Judge and store every restaurant's batch; the caller commits."""
    known = lock(db, batches)
    writes = Writes(db)
    receipts = {}
    for restaurant, batch in sorted(batches.items()):
        if restaurant in known:
            Intake(restaurant, known[restaurant], batch.receipt, writes).admit(batch.logs)
        else:
            batch.receipt.problems = [Problem(UNREGISTERED)]
        receipts[restaurant] = batch.receipt
    writes.flush()
    return receipts


class Writes:
    """Rows gathered over all restaurants, each table written once."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.events: list[Row] = []
        self.heads: dict[tuple[str, str, int], Row] = {}
        self.aside: list[Row] = []
        self.released: list[Row] = []

    def hashes(self, restaurant: str, log: LogId, seqs: Sequence[int]) -> dict[int, str]:
        """Return the hashes of those events of a log that are held."""
        rows = self._db.execute(
            "SELECT seq, hash FROM event WHERE restaurant = %s AND terminal = %s AND epoch = %s"
            " AND seq = ANY(%s)",
            (restaurant, *log, list(seqs)),
        )
        return dict(rows.fetchall())

    def flush(self) -> None:
        """Write everything; COPY takes events several times faster than INSERT."""
        with self._db.cursor() as cursor:
            if self.events:
                with cursor.copy(
                    "COPY event (restaurant, terminal, epoch, seq, hlc, kind, hash, payload,"
                    " signature) FROM STDIN (FORMAT BINARY)"
                ) as copy:
                    copy.set_types(
                        ["text", "text", "int8", "int8", "int8", "text", "text", "bytea", "bytea"]
                    )
                    for row in self.events:
                        copy.write_row(row)
            if self.heads:
                cursor.execute(
                    "INSERT INTO head (restaurant, terminal, epoch, seq, hash)"
                    " SELECT * FROM unnest(%s::text[], %s::text[], %s::int8[], %s::int8[],"
                    " %s::text[]) ON CONFLICT (restaurant, terminal, epoch)"
                    " DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
                    [list(column) for column in zip(*self.heads.values(), strict=True)],
                )
            self._move_aside()

    def _move_aside(self) -> None:
        """Write what is kept apart, which is rare."""
        with self._db.cursor() as cursor:
            if self.aside:
                cursor.executemany(
                    "INSERT INTO quarantine VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    self.aside,
                )
            if self.released:
                cursor.executemany(
                    "DELETE FROM quarantine WHERE restaurant = %s AND terminal = %s"
                    " AND epoch = %s AND seq = %s AND reason = %s",
                    self.released,
                )


class Intake:
    """Judges one restaurant's batch; what is right goes into ``writes``."""

    def __init__(self, restaurant: str, known: Known, receipt: Receipt, writes: Writes) -> None:
        self._restaurant = restaurant
        self._known = known
        self._receipt = receipt
        self._writes = writes

    def admit(self, logs: Logs) -> None:
        """Take in logs; those that may say who takes part come first."""
        for log in sorted(logs, key=lambda log: (not _introduces(logs[log]), log)):
            self._admit_log(log, logs[log])
        self._release()
        self._receipt.heads = self._known.heads

    def _admit_log(self, log: LogId, arrivals: Sequence[Arrival]) -> None:
        head = self._known.heads.get(log, NOT_HELD)
        held: dict[int, str] | None = None

        def hash_at(seq: int) -> str | None:
            nonlocal held
            if held is None:
                seqs = [a.envelope.seq for a in arrivals if a.envelope.seq <= head.seq]
                held = self._writes.hashes(self._restaurant, log, seqs)
            return held.get(seq)

        terminal = self._known.terminal(log[0])
        found = inspect(arrivals, head, self._known.card(terminal), terminal, hash_at)
        self._receipt.problems += found.problems
        self._store(log, found)

    def _store(self, log: LogId, found: Inspection) -> None:
        place = (self._restaurant, *log)
        for (at, sealed, digest), reason in found.aside:
            self._writes.aside.append(
                (*place, at.seq, digest.hex(), reason, sealed.payload, sealed.signature)
            )
        for arrival in found.keep:
            at, sealed, _ = arrival
            kind = at.kind.replace("\0", "")  # the payload has it whole; PostgreSQL's text cannot
            self._writes.events.append(
                (*place, at.seq, at.hlc, kind, arrival.hash, sealed.payload, sealed.signature)
            )
            if fact := arrival.fact():
                self._known.facts.append(fact)
        if found.keep:
            last = found.keep[-1]
            self._known.heads[log] = Head(last.envelope.seq, last.hash)
            self._writes.heads[place] = (*place, *self._known.heads[log])
            self._receipt.stored += len(found.keep)

    def _release(self) -> None:
        """Let out of quarantine what a risen cut-off now covers."""
        for arrival in self._known.waiting:
            at = arrival.envelope
            log = (at.terminal, at.epoch)
            head = self._known.heads.get(log, NOT_HELD)
            follows = (head.seq + 1, head.hash) == (at.seq, at.prev_hash)
            if follows and at.seq <= self._known.terminal(at.terminal).cutoff(at.epoch):
                self._store(log, Inspection([arrival]))
                self._writes.released.append((self._restaurant, *log, at.seq, RETIRED))


def _introduces(arrivals: Sequence[Arrival]) -> bool:
    return any(arrival.of_terminals for arrival in arrivals)
