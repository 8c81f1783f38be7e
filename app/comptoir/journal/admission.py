"""Letting foreign events in: chain, signature, admission and retirement are checked first.

What is refused is never folded: it is not stored (forged, unknown author, a hole before it) or kept
in quarantine (a second branch, a retired terminal).
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import Event, aggregates_of
from comptoir.domain.house import Card, Terminal
from comptoir.journal import projections, rows, unfolded
from comptoir.journal.decoding import event_of
from comptoir.journal.signing import Verifier, proven

MALFORMED, FOREIGN, UNKNOWN, FORGED = "malformed", "foreign restaurant", "unknown author", "forged"
GAP, BRANCH, RETIRED = "gap", "equivocation", "retired"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why events of a log were not folded, from which seq."""

    reason: str
    terminal: str = ""
    epoch: int = 0
    seq: int = 0


@dataclass(slots=True)
class Admission:
    """What became of a batch: how many events are new here, and what was wrong."""

    stored: int = 0
    problems: list[Problem] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


Arrival = tuple[Event, Sealed]


class Gatekeeper:
    """Decides about a batch of foreign events inside one write transaction."""

    def __init__(self, db: sqlite3.Connection, restaurant: str, trust: Mapping[str, Card]) -> None:
        self._db = db
        self._restaurant = restaurant
        self._trust = trust
        self._result = Admission()
        self._terminals: dict[str, Terminal] = {}
        self._any_ahead = bool(db.execute("SELECT EXISTS (SELECT 1 FROM ahead)").fetchone()[0])

    def admit(self, batch: Iterable[Sealed], *, fold_later: bool = False) -> Admission:
        """Store what is right and fold it, much of it later if so asked; returns what happened."""
        logs: dict[LogId, list[Arrival]] = {}
        for sealed in batch:
            if (event := self._read(sealed)) is not None:
                log = (event.envelope.terminal, event.envelope.epoch)
                logs.setdefault(log, []).append((event, sealed))
        for log in sorted(logs):
            self._admit_log(log, sorted(logs[log], key=lambda a: a[0].envelope.seq))
        self._release()
        self._expel()
        touched: Iterable[str] = self._result.touched
        if fold_later:
            touched = unfolded.put_off(self._db, touched)
        projections.refold(self._db, touched)
        return self._result

    def _read(self, sealed: Sealed) -> Event | None:
        try:
            event = event_of(sealed.payload)
        except EventMalformed:
            self._problem(MALFORMED)
            return None
        if event.envelope.restaurant != self._restaurant:
            self._problem(FOREIGN, event)
            return None
        return event

    def _admit_log(self, log: LogId, arrivals: Sequence[Arrival]) -> None:
        card = self._card(log[0])
        if card is None:
            self._problem(UNKNOWN, arrivals[0][0])
            return
        run, parted = self._next_run(log, arrivals)
        pairs = [(event.envelope, sealed) for event, sealed in run]
        count = proven(pairs, Verifier(card.signing_key))
        for event, sealed in run[:count]:
            self._keep(event, sealed)
        if count < len(run):
            self._problem(FORGED, run[count][0])
        elif parted is not None:
            self._branch(*parted)

    def _next_run(
        self, log: LogId, arrivals: Sequence[Arrival]
    ) -> tuple[list[Arrival], Arrival | None]:
        """Return the arrivals that continue the log without a hole and with the right chain.

        And the first that the chain does not lead to: another branch, if the run is its author's.
        """
        head = rows.head(self._db, log)
        run: list[Arrival] = []
        for event, sealed in arrivals:
            seq = event.envelope.seq
            if seq <= head.seq:
                self._compare(log, event, sealed)
            elif seq > head.seq + 1:
                self._problem(GAP, event)
                break
            elif event.envelope.prev_hash != head.hash:
                return run, (event, sealed)
            else:
                run.append((event, sealed))
                head = Head(seq, sealed.digest.hex())
        return run, None

    def _compare(self, log: LogId, event: Event, sealed: Sealed) -> None:
        """Tell a duplicate from a second branch."""
        held = rows.hash_at(self._db, log, event.envelope.seq)
        if held is not None and held != sealed.digest.hex():
            self._branch(event, sealed)

    def _branch(self, event: Event, sealed: Sealed) -> None:
        """Freeze the epoch where two branches differ; only the author's own signature counts."""
        card = self._card(event.envelope.terminal)
        if card is None or not Verifier(card.signing_key).accepts(sealed.digest, sealed.signature):
            self._problem(FORGED, event)
            return
        envelope = event.envelope
        at = min(envelope.seq, rows.head(self._db, (envelope.terminal, envelope.epoch)).seq)
        self._freeze(envelope.terminal, envelope.epoch, at)
        self._quarantine(event, sealed, BRANCH)

    def _freeze(self, terminal: str, epoch: int, at: int) -> None:
        self._db.execute(
            "INSERT INTO frozen (terminal, epoch, seq) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET seq = min(seq, excluded.seq)",
            (terminal, epoch, at),
        )
        self._result.touched.update(self._aggregates_from(terminal, epoch, at))

    def _aggregates_from(self, terminal: str, epoch: int, seq: int) -> list[str]:
        found = self._db.execute(
            "SELECT DISTINCT aggregate FROM aggregate_event JOIN event USING (position)"
            " WHERE terminal = ? AND epoch = ? AND seq >= ?",
            (terminal, epoch, seq),
        )
        return [aggregate for (aggregate,) in found]

    def _keep(self, event: Event, sealed: Sealed) -> None:
        envelope = event.envelope
        terminal = self._terminal(envelope.terminal)
        if terminal.retired and envelope.seq > terminal.cutoff(envelope.epoch):
            self._quarantine(event, sealed, RETIRED)
            return
        self._result.stored += 1
        if self._any_ahead and self._was_ahead(event, sealed):
            rows.move_head(self._db, event, sealed)
            return
        position, _ = rows.insert(self._db, event, sealed)
        touched = projections.file_under_aggregates(self._db, position, event)
        self._result.touched.update(touched)
        self._fold_terminals(touched)

    def _fold_terminals(self, touched: Sequence[str]) -> None:
        """Fold at once what the next event may depend on."""
        if any(name.startswith("terminal:") for name in touched):
            projections.refold(self._db, touched)
            self._terminals.clear()

    def _was_ahead(self, event: Event, sealed: Sealed) -> bool:
        """Tell whether an event came before those in front of it; another in its place parts here.

        The chain is what its author signed, and the other is its author's too.
        """
        envelope = event.envelope
        log = (envelope.terminal, envelope.epoch)
        held = rows.hash_stored(self._db, log, envelope.seq)
        if held is None:
            return False
        if held == sealed.digest.hex():
            query = "DELETE FROM ahead WHERE terminal = ? AND epoch = ? AND seq = ?"
            self._db.execute(query, (*log, envelope.seq))
            return True
        self._set_aside(*log, envelope.seq, BRANCH)
        self._freeze(*log, envelope.seq)
        return False

    def _expel(self) -> None:
        """Set aside what a retired terminal wrote too late, and what came before its turn."""
        if not self._any_ahead:
            return
        for (name,) in self._db.execute("SELECT DISTINCT terminal FROM ahead").fetchall():
            terminal = self._terminal(name)
            if terminal.retired:
                query = "SELECT epoch, seq FROM ahead WHERE terminal = ?"
                for epoch, seq in self._db.execute(query, (name,)).fetchall():
                    if seq > terminal.cutoff(epoch):
                        self._set_aside(name, epoch, seq, RETIRED)

    def _set_aside(self, terminal: str, epoch: int, seq: int, reason: str) -> None:
        """Move an event that came before its turn into quarantine."""
        at = (terminal, epoch, seq)
        found = self._db.execute(
            "SELECT position, payload, signature FROM entry"
            " WHERE terminal = ? AND epoch = ? AND seq = ?",
            at,
        ).fetchone()
        position, sealed = found[0], Sealed(*found[1:])
        event = event_of(sealed.payload)
        names = set(aggregates_of(event))
        self._result.touched.update(names)
        query = "DELETE FROM aggregate_event WHERE aggregate = ? AND position = ?"
        self._db.executemany(query, [(name, position) for name in names])
        self._db.execute("DELETE FROM event WHERE position = ?", (position,))
        self._db.execute("DELETE FROM ahead WHERE terminal = ? AND epoch = ? AND seq = ?", at)
        self._quarantine(event, sealed, reason)

    def _release(self) -> None:
        """Let out of quarantine what a risen cut-off now covers."""
        waiting = self._db.execute(
            "SELECT payload, signature FROM quarantine WHERE reason = ?"
            " ORDER BY terminal, epoch, seq",
            (RETIRED,),
        ).fetchall()
        for payload, signature in waiting:
            event, sealed = event_of(payload), Sealed(payload, signature)
            envelope = event.envelope
            covered = envelope.seq <= self._terminal(envelope.terminal).cutoff(envelope.epoch)
            if covered and self._in_its_place(event, sealed):
                self._db.execute(
                    "DELETE FROM quarantine WHERE terminal = ? AND epoch = ? AND seq = ?",
                    (envelope.terminal, envelope.epoch, envelope.seq),
                )

    def _in_its_place(self, event: Event, sealed: Sealed) -> bool:
        """Keep an event that continues its log; tells whether the log holds it now."""
        envelope = event.envelope
        log = (envelope.terminal, envelope.epoch)
        head = rows.head(self._db, log)
        if (head.seq + 1, head.hash) == (envelope.seq, envelope.prev_hash):
            self._keep(event, sealed)
            return True
        return rows.hash_at(self._db, log, envelope.seq) == sealed.digest.hex()

    def _quarantine(self, event: Event, sealed: Sealed, reason: str) -> None:
        envelope = event.envelope
        self._db.execute(
            "INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                envelope.terminal,
                envelope.epoch,
                envelope.seq,
                sealed.digest.hex(),
                reason,
                sealed.payload,
                sealed.signature,
            ),
        )
        self._problem(reason, event)

    def _terminal(self, name: str) -> Terminal:
        if name not in self._terminals:
            self._terminals[name] = projections.state(self._db, f"terminal:{name}")
        return self._terminals[name]

    def _card(self, name: str) -> Card | None:
        """Return the card under which a terminal is known: from the start, or admitted since."""
        return self._trust.get(name) or self._terminal(name).card

    def _problem(self, reason: str, event: Event | None = None) -> None:
        if event is None:
            self._result.problems.append(Problem(reason))
            return
        envelope = event.envelope
        self._result.problems.append(
            Problem(reason, envelope.terminal, envelope.epoch, envelope.seq)
        )
