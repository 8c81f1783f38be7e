"""The oracle: knows what everybody was told, and looks at every disk to see whether it is true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from comptoir.bus import wire
from comptoir.commands import Outcome, queries
from comptoir.domain import events as ev
from comptoir.domain.check import OVERPAID
from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.journal import Journal, reading
from tests.faults.terminal import Terminal

Hashes = dict[LogId, dict[int, str]]


class Note(NamedTuple):
    """An event that somebody was told of."""

    log: LogId
    seq: int
    hash: str


def hashes(journal: Journal) -> Hashes:
    """Return every event's hash that a disk holds."""
    found: Hashes = {}
    for terminal, epoch, seq, digest in journal.reader().execute(
        "SELECT terminal, epoch, seq, hash FROM event"
    ):
        found.setdefault((terminal, epoch), {})[seq] = digest
    return found


@dataclass
class Counts:
    """What a run comes to."""

    events: int = 0
    told_safe: int = 0
    lost_disks: int = 0
    payments: int = 0
    overpaid: int = 0
    lost: int = 0
    duplicated: int = 0
    diverged: int = 0


@dataclass
class Oracle:
    """Collects what was told; ``faults`` are sentences, none when all is well."""

    copies: int = 2
    branched: set[LogId] = field(default_factory=set)
    findable: set[LogId] = field(default_factory=set)
    counts: Counts = field(default_factory=Counts)
    faults: list[str] = field(default_factory=list)
    terminals: list[Terminal] = field(default_factory=list)
    safe: dict[LogId, Note] = field(default_factory=dict)
    cloud: Journal | None = None
    _told: list[tuple[str, int, Note]] = field(default_factory=list)
    _paid: dict[str, tuple[str, int, Note]] = field(default_factory=dict)
    _ghosts: list[Hashes] = field(default_factory=list)
    _lives: dict[str, int] = field(default_factory=dict)
    _twins: list[tuple[LogId, dict[int, str]]] = field(default_factory=list)

    def watch(self, terminal: Terminal) -> None:
        self.terminals.append(terminal)
        terminal.told.append(self.reported)

    def fault(self, text: str) -> None:
        if len(self.faults) < 20:
            self.faults.append(text)

    def answered(self, terminal: Terminal, outcome: Outcome) -> None:
        """Note that somebody was told: this is done."""
        if outcome.replayed or terminal.journal is None:
            return
        for event in outcome.events:
            at = event.envelope
            log = (at.terminal, at.epoch)
            digest = terminal.journal.hash_at(log, at.seq)
            note = Note(log, at.seq, digest or "")
            self.counts.events += 1
            self._told.append((terminal.name, self._lives.get(terminal.name, 0), note))
            if isinstance(body := event.body, ev.PaymentTaken):
                self._paid[body.payment] = (body.check, body.amount, note)

    def reported(self, terminal: Terminal, report: wire.Safety) -> None:
        """Look at once whether what is reported SAFE lies where it must."""
        if terminal._stored is None or terminal.stolen:
            return  # what one that is retired says, to another maybe, is no promise
        for name, seq in report.safe.items():
            author, _, epoch = name.partition("/")
            log = (author, int(epoch))
            known = self.safe.get(log)
            if known is not None and known.seq >= seq:
                continue
            note = Note(log, seq, terminal._stored.hash_at(log, seq) or "")
            self.safe[log] = note
            self.counts.told_safe += seq - (known.seq if known else 0)
            holders = sum(self._holds(one, note) for one in self.terminals)
            ghosts = sum(ghost.get(log, {}).get(seq) == note.hash for ghost in self._ghosts)
            in_cloud = self.cloud is not None and self.cloud.hash_at(log, seq) == note.hash
            if holders + ghosts < self.copies and not in_cloud:
                self.fault(f"{terminal.name} says {name} up to {seq} is SAFE: {holders} hold it")

    def _holds(self, terminal: Terminal, note: Note) -> bool:
        if terminal.gone:
            return False
        journal = terminal._stored or terminal.journal
        if journal is not None:
            return journal.hash_at(note.log, note.seq) == note.hash
        eye = terminal.eye()
        try:
            return eye.hash_at(note.log, note.seq) == note.hash
        finally:
            eye.close()

    def may_lose(self, terminal: Terminal) -> bool:
        """Tell whether the promise covers the loss of this disk now; nobody asks who is retired."""
        left = [one for one in self.terminals if not (one.gone or one.stolen)]
        others = [one for one in left if one is not terminal]
        held = all(any(self._holds(other, note) for other in others) for note in self.safe.values())
        return held and all(self._all_know(left, one) for one in left)

    def _all_know(self, left: Sequence[Terminal], newcomer: Terminal) -> bool:
        """Tell whether all have heard of an admission, or none: those who have may be lost."""
        return len({_knows(one, newcomer) for one in left if one is not newcomer}) <= 1

    def lost_disk(self, terminal: Terminal) -> None:
        """Remember what a disk held that is lost, or is put back to an older state."""
        eye = terminal.eye()
        self._ghosts.append(hashes(eye))
        eye.close()
        self._lives[terminal.name] = self._lives.get(terminal.name, 0) + 1
        self.counts.lost_disks += 1

    def watch_branch(self, log: LogId, batch: list[Sealed]) -> None:
        """Note that a log may have two branches now; at the end it is seen whether it has."""
        self._twins.append((log, {n: one.digest.hex() for n, one in enumerate(batch, 1)}))

    def count_branches(self) -> None:
        """Find the logs of which survivors, dead or living disks hold two branches.

        ``findable`` are those of which who is left holds both, folded or set aside: what only a
        lost disk knew is known to nobody.
        """
        for log, twin in self._twins:
            left: set[tuple[int, str]] = set()
            for terminal in self.terminals:
                eye = terminal.eye()
                held = hashes(eye).get(log, {})
                query = "SELECT seq, hash FROM quarantine WHERE terminal = ? AND epoch = ?"
                aside = eye.reader().execute(query, log).fetchall()
                eye.close()
                if any(held.get(seq, digest) != digest for seq, digest in twin.items()):
                    self.branched.add(log)
                if not (terminal.gone or terminal.stolen):
                    left |= {*held.items(), *aside}
            if len({seq for seq, _ in left}) < len(left):
                self.findable.add(log)

    # the end

    def judge(self, survivors: Sequence[Terminal]) -> None:
        """Look at everything once all is healed and quiet."""
        journals = {one.name: one._stored for one in survivors if one._stored is not None}
        held = {name: hashes(journal) for name, journal in journals.items()}
        self._judge_vectors(journals)
        self._judge_gaps(held)
        self._judge_promises(survivors, held)
        if journals:
            self._judge_money(next(iter(journals.values())), next(iter(held.values())))

    def _judge_vectors(self, journals: dict[str, Journal]) -> None:
        vectors = {name: self.unbranched(journal) for name, journal in journals.items()}
        digests = {name: journal.digest() for name, journal in journals.items()}
        self.counts.diverged = len(set(digests.values())) - 1
        if len({tuple(sorted(v.items())) for v in vectors.values()}) > 1:
            self.fault(f"vectors differ: {differences(vectors)}")
        if self.counts.diverged:
            self.fault(f"projections differ: {_projections(journals)}")
        for name, journal in journals.items():
            frozen = set(reading.forks(journal))
            if frozen - self.branched:
                self.fault(f"{name} froze an epoch: a number was used twice")
            if self.findable - frozen:
                self.fault(f"{name} does not know of the second branch of {self.findable - frozen}")

    def unbranched(self, journal: Journal) -> dict[LogId, Head]:
        """Return a vector without the logs of which there are two."""
        return {log: head for log, head in journal.vector().items() if log not in self.branched}

    def _judge_gaps(self, held: dict[str, Hashes]) -> None:
        for name, logs in held.items():
            for log, seqs in logs.items():
                if sorted(seqs) != list(range(1, len(seqs) + 1)):
                    self.fault(f"{name} has a hole in {log}")

    def _judge_promises(self, survivors: Sequence[Terminal], held: dict[str, Hashes]) -> None:
        for name, logs in held.items():
            for note in self.safe.values():
                if note.log in self.branched:
                    continue
                if logs.get(note.log, {}).get(note.seq) != note.hash:
                    self.counts.lost += 1
                    self.fault(f"{name} lost SAFE {note.log} up to {note.seq}")
        names = {one.name for one in survivors}
        for author, life, note in self._told:
            kept = author in names and self._lives.get(author, 0) == life
            kept = kept and note.log not in self.branched
            for name, logs in held.items():
                if kept and logs.get(note.log, {}).get(note.seq) != note.hash:
                    self.counts.lost += 1
                    self.fault(f"{name} lost {note.log} {note.seq}, whose disk was never lost")
        if self.cloud is not None and held:
            theirs, ours = hashes(self.cloud), next(iter(held.values()))
            if any(theirs.get(log) != ours[log] for log in ours.keys() - self.branched):
                self.fault(f"the cloud differs: {self.cloud.vector()}")

    def _judge_money(self, journal: Journal, held: Hashes) -> None:
        """Compare what clients were told about money with the checks, counted independently."""
        told: dict[str, int] = {}
        unsure: set[str] = set()
        for check, amount, note in self._paid.values():
            if note.log in self.branched:
                unsure.add(check)
            if held.get(note.log, {}).get(note.seq) == note.hash:
                told[check] = told.get(check, 0) + amount
                self.counts.payments += 1
        for check in sorted(told.keys() - unsure):
            self._judge_check(journal, check, told[check])

    def _judge_check(self, journal: Journal, name: str, told: int) -> None:
        state = journal.state(f"check:{name}")
        if not state.number:
            if not self.branched:
                self.fault(f"{name}: its opening is folded nowhere")
            return
        taken = sum(p.amount for p in state.payments if p.status == "taken")
        twice = sum(max(0, payment.takes - 1) for payment in state.payments)
        if twice:
            self.counts.duplicated += twice
            self.fault(f"{name}: {twice} payments were taken twice")
        if taken != told:
            self.fault(f"{name}: guests were told {told}, the check says {taken}")
        bill = queries.check(journal, name)
        if bill.due < 0:
            self.counts.overpaid += 1
            if bill.state != OVERPAID or not bill.active:
                self.fault(f"{name} is overpaid by {-bill.due} and nobody is told")


def _knows(terminal: Terminal, other: Terminal) -> bool:
    eye = terminal.eye()
    try:
        return other.name in terminal.trust or eye.state(f"terminal:{other.name}").card is not None
    finally:
        eye.close()


def _head(head: Head | None) -> str:
    return f"{head.seq}/{head.hash[:4]}" if head else "0"


def differences(vectors: dict[str, dict[LogId, Head]]) -> str:
    """Name the logs in which vectors differ."""
    logs: set[LogId] = set().union(*vectors.values())
    rows: Iterable[str] = (
        f"{log}: "
        + ", ".join(f"{name} {_head(vector.get(log))}" for name, vector in vectors.items())
        for log in sorted(logs)
        if len({vector.get(log) for vector in vectors.values()}) > 1
    )
    return "; ".join(rows)


def _projections(journals: dict[str, Journal]) -> str:
    query = "SELECT aggregate, hash FROM projection"
    rows = {name: set(journal.reader().execute(query)) for name, journal in journals.items()}
    common = set.intersection(*rows.values())
    return ", ".join(sorted({agg for one in rows.values() for agg, _ in one - common})[:5])
