"""What peers say, checked at the door, and what follows: events taken in, claims, requests."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from comptoir.bus import Arrival, wire
from comptoir.domain.envelope import Head, LogId, Sealed, Vector
from comptoir.domain.errors import EventMalformed
from comptoir.domain.hlc import milliseconds
from comptoir.journal import Admission, Journal, event_of, joining, reading
from comptoir.journal.admission import BRANCH, GAP
from comptoir.replica.comparison import Comparison
from comptoir.replica.copies import CLOUD, Copies, Divergence
from comptoir.replica.member import Member, Pace, Seconds
from comptoir.replica.mender import CORRELATION as MEND
from comptoir.replica.mender import Mender
from comptoir.replica.mesh import Mesh
from comptoir.replica.newcomer import CORRELATION as PRESENT
from comptoir.replica.newcomer import Newcomer
from comptoir.replica.planner import Pulls, Want, wants
from comptoir.replica.voice import Seen, Voice

log = logging.getLogger(__name__)
PUSH_BATCHES_MAX = 5
ALARMS_MAX = 1000


class Exchange:
    """One terminal's side of the conversation; all calls come from one thread."""

    def __init__(
        self, journal: Journal, member: Member, pace: Pace, mesh: Mesh, seconds: Seconds
    ) -> None:
        self._journal = journal
        self._member = member
        self._pace = pace
        self._mesh = mesh
        self._seconds = seconds
        self.voice = Voice(member, mesh)
        self.copies = Copies()
        self.comparison = Comparison(journal)
        self.newcomer = Newcomer(journal, member, pace, self.voice, seconds)
        self.mender = Mender(journal, member, pace, self.voice, seconds)
        self.own: Vector = journal.vector()
        self._frozen: Vector = reading.forks(journal)
        self._newest_own_ms = self._read_own_ms()
        self.revision = 0
        self.stored = 0
        self.history = 0
        self.relays_mark = False
        self.asks_cloud = False
        self._pulls = Pulls()
        self._pushed = self._own_heads()
        self._order: dict[str, tuple[str, int]] = {}
        self._alarms: set[tuple[object, ...]] = set()
        self._forks: set[tuple[str, LogId]] = set()

    def push(self) -> None:
        """Send the own events that are new; a peer that misses some will ask.

        A peer whose address is not known may have come to us: it is in the claims.
        """
        peers = (self._mesh.connected() | self.copies.claims().keys()) - {CLOUD}
        for at, seq in self._own_heads().items():
            first = self._pushed.get(at, 0) + 1
            self._pushed[at] = seq
            for _ in range(PUSH_BATCHES_MAX if peers else 0):
                if first > seq:
                    break
                batch = self._read(at, first, self._pace.events_max, self._pace.bytes_max)
                self.voice.push(batch, peers)
                first += len(batch)

    def show_vector(self, peers: Collection[str]) -> None:
        """Show peers the whole vector, and with it the cloud's mark to those without internet."""
        mark = self.copies.claims().get(CLOUD, {}) if self.relays_mark else {}
        vector = self._whole(mark)
        for peer in sorted(peers):
            self.voice.show(peer, vector)

    def _whole(self, mark: Vector) -> wire.Vector:
        digest = self.comparison.digest(self.own, self._seconds())
        seen = Seen(self._frozen, digest, self.newcomer.present)
        return self.voice.vector(self.own, None, mark, seen)

    def heard_events(self, peer: str, arrival: Arrival) -> None:
        """Take pushed events in, and answer how far their log is held now."""
        batch = wire.sealed_of(wire.unpack(arrival.payload, wire.Events))
        self._take(peer, batch)
        self.voice.answer(peer, arrival, self._answer_to(batch))
        self.plan()

    def _take(self, peer: str, batch: list[Sealed]) -> None:
        """Take pushed events in: behind what is held, or, joining, behind the present."""
        stored = self.newcomer.goes_on(batch)
        if stored is None:
            self._admit(peer, batch)
        else:
            self._told_of_present(stored)

    def _told_of_present(self, stored: int) -> None:
        self.stored += stored
        self.copies.present_here = self.newcomer.present
        self.revision += 1

    def fold(self) -> None:
        """Fold for a moment what a terminal that joined left for later."""
        self.history += self.newcomer.fold()

    def _answer_to(self, batch: list[Sealed]) -> wire.Vector:
        """Return how far a batch's log is held, and the own: what was written before it came."""
        only = {*_last_of(batch), *self._own_heads()}
        present = {at: head for at, head in self.newcomer.present.items() if at in only}
        return self.voice.vector(self.own, only, {}, Seen({}, "", present))

    def heard_vector(self, peer: str, arrival: Arrival) -> None:
        """Take a peer's vector, and answer a whole one with the own."""
        vector = wire.unpack(arrival.payload, wire.Vector)
        self._take_vector(peer, vector)
        if vector.whole:
            self.voice.answer(peer, arrival, self._whole({}))
        self.plan()

    def heard_pull(self, peer: str, arrival: Arrival) -> None:
        """Answer with events of whatever log was asked for, within the own bounds."""
        pull = wire.unpack_asked(arrival.payload)
        events_max = min(pull.events_max, self._pace.events_max)
        bytes_max = min(pull.bytes_max, self._pace.bytes_max)
        if isinstance(pull, wire.AskPresent):
            self._tell_present(peer, arrival, pull.after, events_max, bytes_max)
            return
        at = (pull.terminal, pull.epoch)
        if pull.branch:
            batch = reading.set_aside(self._journal, at, pull.branch)
        else:
            self.mender.serves(peer, at, pull.first)
            batch = self._read(at, pull.first, events_max, bytes_max)
        self.voice.answer(peer, arrival, wire.events_of(batch))

    def _tell_present(
        self, peer: str, arrival: Arrival, after: wire.At, events_max: int, bytes_max: int
    ) -> None:
        """Answer with a page of the present, unless much of it lacks here too."""
        if self.newcomer.behind:
            return
        place = joining.Place(after.kind, after.name, after.events)
        page = joining.page(self._journal, place, events_max, bytes_max)
        events = wire.events_of(page.events).events
        end = wire.At(*page.end) if page.end is not None else None
        self.voice.answer(peer, arrival, wire.Present(events, wire.head_list(page.heads), end))

    def awaits(self, peer: str, arrival: Arrival) -> bool:
        """Tell whether this is what a peer was asked for: the own questions are its bound."""
        correlation = arrival.reply.correlation
        present = correlation == PRESENT and self.newcomer.asks(peer)
        return present or self._pulls.awaits(correlation, peer)

    def heard_answer(self, peer: str, arrival: Arrival) -> None:
        """Take what comes over a peer's broker: its vector, events asked for, or events pushed."""
        answer: Any = wire.unpack_answer(arrival.payload)
        if isinstance(answer, wire.Vector):
            self._take_vector(peer, answer)
        elif isinstance(answer, wire.Present):
            self._told_of_present(self.newcomer.heard(peer, answer))
        elif arrival.reply.correlation == MEND:
            self.mender.heard(wire.sealed_of(answer))
        elif (want := self._pulls.end(arrival.reply.correlation, peer)) is not None:
            self._take_pulled(want, wire.sealed_of(answer))
        elif not arrival.reply.correlation:
            batch = wire.sealed_of(answer)
            self._take(peer, batch)
            self.voice.show(peer, self._answer_to(batch))
        self.plan()

    def _take_pulled(self, want: Want, batch: list[Sealed]) -> None:
        """Take in what was asked for; joining, ask for what follows before it is all in."""
        if want.present:
            self._take(want.holder, batch)
            return
        self._ask_on(want, len(batch))
        admission = self._admit(want.holder, batch)
        if not admission.stored:
            self._pulls.shun(want, self._seconds())
        if any(problem.reason == BRANCH for problem in admission.problems):
            self._look_further_back(want, batch)

    def _ask_on(self, want: Want, count: int) -> None:
        claimed = self.copies.claims().get(want.holder, {}).get(want.log)
        first = want.first + count
        new = want.log not in self.own or want.first > self.own[want.log].seq  # else a branch's
        more = claimed is not None and claimed.seq >= first
        if self.newcomer.takes_in() and new and count and more:
            self._pull(Want(want.holder, want.log, first))

    def heard_mark(self, heads: Vector) -> None:
        """Take the cloud's mark as what the cloud holds."""
        self.copies.claim(CLOUD, heads, whole=True)
        self._settle()

    def heard_cloud(self, arrival: Arrival) -> None:
        """Take events that the cloud sends down, asked for here or by another of the restaurant."""
        batch = wire.sealed_of(wire.unpack(arrival.payload, wire.Events))
        self.mender.heard(batch)
        admission = self._admit(CLOUD, batch)
        for at in _last_of(batch):
            want = self._pulls.end_at(CLOUD, at)
            if want is not None and not admission.stored:
                self._pulls.shun(want, self._seconds())
        self.plan()

    def forget(self, peer: str) -> None:
        """Drop a peer that is out for ever: its copies count no more."""
        self.copies.forget(peer)
        self._order.pop(peer, None)

    def grown(self) -> None:
        """Look at the own journal again: it grew, here or in the till."""
        self._look()
        self._settle()

    def plan(self) -> None:
        """Ask for what is missing, of whoever has it."""
        now_s = self._seconds()
        self._pulls.expire(now_s)
        claims, busy = self.copies.claims(), self._pulls.busy
        near = self._mesh.connected() & claims.keys()
        self.newcomer.look(self.own, self._followed(claims), near - {CLOUD})
        self.copies.present_here = self.newcomer.present
        for want in self.newcomer.wants(claims, near - self._pulls.asked):
            self._pull(want)
        free = near - self._pulls.asked
        for want in wants(self.own, claims, free, busy, self._pulls.avoid | self._forks):
            self._pull(want)
        if self.asks_cloud and CLOUD not in self._pulls.asked:
            busy = self._pulls.busy | self._offered(claims)
            for want in wants(self.own, claims, {CLOUD}, busy, self._pulls.avoid):
                self._pull(want)

    def mend(self) -> None:
        """Look after what is stored: ask again for what the disk changed."""
        holders = self._mesh.connected() | ({CLOUD} if self.asks_cloud else set())
        self.mender.work(self.copies.claims(), holders)

    def _followed(self, claims: Mapping[str, Vector]) -> Mapping[str, Vector]:
        """Return claims without second branches: nobody joins for what is never taken in."""
        if not self._forks:
            return claims
        return {
            peer: {at: head for at, head in heads.items() if (peer, at) not in self._forks}
            for peer, heads in claims.items()
        }

    def _offered(self, claims: Mapping[str, Vector]) -> set[LogId]:
        """Return the logs of which a peer has more: near before far, the cloud is asked last."""
        near = self._mesh.connected() & claims.keys()
        return {
            at
            for peer in near
            for at, head in claims[peer].items()
            if at not in self.own or head.seq > self.own[at].seq
        }

    def _pull(self, want: Want) -> None:
        correlation = self._pulls.begin(want, self._seconds())
        bounds = (self._pace.events_max, self._pace.bytes_max)
        pull = wire.Pull(*want.log, want.first, *bounds, want.branch)
        asked = (
            self.voice.ask_cloud(pull)
            if want.holder == CLOUD
            else self.voice.ask(want.holder, pull, correlation)
        )
        if not asked:
            self._pulls.end(correlation, want.holder)

    def _take_vector(self, peer: str, vector: wire.Vector) -> None:
        instance, count = self._order.get(peer, ("", 0))
        if vector.instance == instance and vector.count <= count:
            return  # it came by a slower way than its successor
        if vector.instance != instance:
            self._forks = {pair for pair in self._forks if pair[0] != peer}
        self._order[peer] = (vector.instance, vector.count)
        self.copies.claim(peer, wire.heads_of(vector.heads), whole=vector.whole)
        if not self.relays_mark:
            self.copies.raise_claim(CLOUD, wire.heads_of(vector.cloud))
        self._settle()
        self.copies.note_present(peer, self._proven_present(vector))
        frozen = {at: head.seq for at, head in wire.heads_of(vector.frozen).items()}
        if frozen == {at: head.seq for at, head in self._frozen.items()}:
            self.comparison.heard(peer, vector, self.own, self._seconds())
        for at, other in wire.heads_of(vector.frozen).items():
            self._hear_of_branch(peer, at, other)

    def _proven_present(self, vector: wire.Vector) -> Vector:
        """Return how much of this terminal's own logs a peer that joins knows without the rest."""
        return {
            at: head
            for at, head in wire.heads_of(vector.present).items()
            if at[0] == self._member.terminal and self._journal.hash_at(at, head.seq) == head.hash
        }

    def _hear_of_branch(self, peer: str, at: LogId, other: Head) -> None:
        """Fetch the event by which a peer froze a log that is not frozen here, or later."""
        frozen = self._frozen.get(at)
        held = self._journal.hash_at(at, other.seq)
        known = frozen is not None and frozen.seq <= other.seq
        asked = at in self._pulls.busy or (peer, at) in self._pulls.avoid
        if held is not None and not known and not asked:
            self._pull(Want(peer, at, other.seq, "" if held == other.hash else other.hash))

    def _admit(self, peer: str, batch: list[Sealed]) -> Admission:
        later = self.newcomer.takes_in()
        admission = self._journal.admit(
            batch,
            restaurant=self._member.restaurant,
            trust=self._member.authors,
            fold_later=later,
        )
        if later:
            self.history += admission.stored
        else:
            self.stored += admission.stored
        if admission.stored:
            self._look()
            taken_back = {at for at in _last_of(batch) if at[0] == self._member.terminal}
            self._pushed.update({at: self.own[at].seq for at in taken_back if at in self.own})
        if any(problem.reason == BRANCH for problem in admission.problems):
            self._frozen = reading.forks(self._journal)
        for problem in admission.problems:
            if problem.reason != GAP:
                key = (problem.reason, problem.terminal, problem.epoch)
                self._alarm(key, f"events from {peer} refused: {problem}")
        if all(problem.reason == GAP for problem in admission.problems):
            self.copies.raise_claim(peer, _last_of(batch))  # it holds what it sends
        self._settle()
        return admission

    def _settle(self) -> None:
        for divergence in self.copies.settle(self.own, self._journal.hash_at):
            self._look_into(divergence)

    def _look_into(self, found: Divergence) -> None:
        """Fetch the other branch once, so that the journal can see it and freeze the epoch."""
        pair = (found.holder, found.log)
        text = f"{found.holder} holds another {found.log} at {found.seq} than we do"
        self._alarm(("divergence", *pair), text)
        asked = found.log in self._pulls.busy or pair in self._pulls.avoid
        if found.holder != CLOUD and pair not in self._forks and not asked:
            first = max(1, found.seq - self._pace.events_max + 1)
            self._pull(Want(found.holder, found.log, first))

    def _look_further_back(self, want: Want, batch: list[Sealed]) -> None:
        """Ask for earlier events while what a fetched branch grows from is not ours."""
        first = event_of(batch[0].payload).envelope
        parent = self._journal.hash_at(want.log, first.seq - 1) or ""
        if parent != first.prev_hash:
            earlier = max(1, first.seq - self._pace.events_max)
            self._pull(Want(want.holder, want.log, earlier))
        elif not want.branch:
            self._forks.add((want.holder, want.log))

    def _look(self) -> None:
        self.own = self._journal.vector()
        self._frozen = reading.forks(self._journal)
        self._newest_own_ms = self._read_own_ms()
        self.revision += 1

    def _read_own_ms(self) -> int:
        logs = reading.readings(self._journal).items()
        return max(
            (milliseconds(hlc) for at, hlc in logs if at[0] == self._member.terminal), default=0
        )

    def newest_own_ms(self) -> int:
        """Return the time of the newest own event held."""
        return self._newest_own_ms

    def _own_heads(self) -> dict[LogId, int]:
        me = self._member.terminal
        return {at: head.seq for at, head in self.own.items() if at[0] == me}

    def _read(self, at: LogId, first: int, events_max: int, bytes_max: int) -> list[Sealed]:
        return self._journal.range(at, first, events_max, bytes_max)

    def _alarm(self, key: tuple[object, ...], text: str) -> None:
        """Log a fault once."""
        if key not in self._alarms and len(self._alarms) < ALARMS_MAX:
            self._alarms.add(key)
            log.error("%s", text)


def _last_of(batch: list[Sealed]) -> dict[LogId, Head]:
    """Return the log and head that a batch ends with; nothing for what is no event."""
    try:
        envelope = event_of(batch[-1].payload).envelope
    except (IndexError, EventMalformed):
        return {}
    return {(envelope.terminal, envelope.epoch): Head(envelope.seq, batch[-1].digest.hex())}
