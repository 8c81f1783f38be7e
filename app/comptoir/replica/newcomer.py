"""A terminal that lacks much asks for the present first, sells, and takes the history in behind it.

The present is asked of two peers, one after the other: what one leaves out the other tells. From
then on what peers write is taken in at once, whatever is missing in front of it. Nothing of it
counts as a copy until the history has reached it.
"""

import logging
from collections.abc import Collection, Mapping

from comptoir.bus import wire
from comptoir.domain.envelope import Head, LogId, Sealed, Vector
from comptoir.journal import Journal, event_of, joining
from comptoir.replica.member import Member, Pace, Seconds
from comptoir.replica.planner import Want
from comptoir.replica.voice import Voice

log = logging.getLogger(__name__)
PEERS_ASKED = 2
ANSWER_S = 3.0
STILL_S = 5.0  # nothing comes any more: what is here is folded
PRESENT_EVENTS_MAX = 20_000
FOLD_S, FOLDED_AT_ONCE = 0.2, 20
CORRELATION = b"present"


class Newcomer:
    """Decides whether this terminal joins, and asks; all calls come from one thread."""

    def __init__(
        self, journal: Journal, member: Member, pace: Pace, voice: Voice, seconds: Seconds
    ) -> None:
        self._journal = journal
        self._member = member
        self._pace = pace
        self._voice = voice
        self._seconds = seconds
        self._moved_s = seconds()
        self._total = 0
        self._peer = ""
        self._until_s = 0.0
        self._page = wire.At()
        self._taken = 0
        self._begun: Vector = {}
        self._told: set[str] = set()
        self._mute: dict[str, float] = {}
        self._near: dict[LogId, Head] = {}
        self.behind = False

    def look(self, own: Vector, claims: Mapping[str, Vector], connected: Collection[str]) -> None:
        """See how much is missing of what connected peers hold, and ask for the present if much."""
        now_s = self._seconds()
        total = sum(head.seq for head in own.values())
        if total != self._total:
            self._total, self._moved_s = total, now_s
        offers = [claims[peer] for peer in connected if peer in claims]
        was_behind, self.behind = self.behind, _lacks(own, offers) >= self._pace.join_events
        self._near = {
            at: head for at, head in self._near.items() if at not in own or head.seq > own[at].seq
        }
        if not self.behind:
            self._told.clear()
            self._peer = ""
            if was_behind:
                self.fold()
        elif not self._asking(now_s):
            self._choose(claims, connected, now_s)

    def takes_in(self) -> bool:
        """Tell whether history comes in now, so that folding it can wait."""
        return self.behind and self._seconds() - self._moved_s < STILL_S

    @property
    def present(self) -> Vector:
        """Return up to where what matters now is known of logs that are not held so far."""
        return self._near

    def _asking(self, now_s: float) -> bool:
        if self._peer and now_s >= self._until_s:
            self._mute[self._peer] = now_s + STILL_S
            self._peer = ""
        return bool(self._peer)

    def _choose(
        self, claims: Mapping[str, Vector], connected: Collection[str], now_s: float
    ) -> None:
        """Ask who holds most of those that have not told yet."""
        self._mute = {peer: until for peer, until in self._mute.items() if until > now_s}
        left = (set(connected) & claims.keys()) - self._told - self._mute.keys()
        if not left or len(self._told) >= PEERS_ASKED:
            return
        self._peer = max(left, key=lambda peer: (sum(h.seq for h in claims[peer].values()), peer))
        self._page, self._taken, self._begun = wire.At(), 0, {}
        self._ask(now_s)

    def _ask(self, now_s: float) -> None:
        asked = wire.AskPresent(self._page, self._pace.events_max, self._pace.bytes_max)
        self._until_s = now_s + ANSWER_S
        if not self._voice.ask(self._peer, asked, CORRELATION):
            self._until_s = now_s

    def asks(self, peer: str) -> bool:
        """Tell whether this peer was asked for the present."""
        return bool(peer) and peer == self._peer

    def heard(self, peer: str, page: wire.Present) -> int:
        """Take a page of the present in, and ask for the next; returns how many events are new."""
        if not self.asks(peer):
            return 0
        now_s = self._seconds()
        stored = self.take(wire.sealed_of(page))
        self._begun = self._begun or wire.heads_of(page.heads)
        self._taken += len(page.events)
        if page.end is not None and page.end != self._page and self._taken < PRESENT_EVENTS_MAX:
            self._page = page.end
            self._ask(now_s)
            return stored
        log.info("%s told the present: %d events", peer, self._taken)
        self._told.add(peer)
        self._peer = ""
        for at, head in self._begun.items():
            self._reach(at, head)
        return stored

    def _reach(self, at: LogId, head: Head) -> None:
        if at not in self._near or self._near[at].seq < head.seq:
            self._near[at] = head

    def take(self, batch: list[Sealed]) -> int:
        """Let events in before those in front of them; returns how many are new."""
        admission = joining.admit_ahead(
            self._journal, batch, restaurant=self._member.restaurant, trust=self._member.authors
        )
        for problem in admission.problems:
            log.warning("of the present, refused: %s", problem)
        return admission.stored

    def goes_on(self, batch: list[Sealed]) -> int | None:
        """Take consecutive events that go on where the present ends; None when they do not."""
        if not self._near or not batch:
            return None
        first, last = event_of(batch[0].payload).envelope, event_of(batch[-1].payload).envelope
        at = (first.terminal, first.epoch)
        near = self._near.get(at)
        if near is None or first.seq != near.seq + 1 or first.prev_hash != near.hash:
            return None
        stored = self.take(batch)
        self._near[at] = Head(last.seq, batch[-1].digest.hex())
        return stored

    def wants(self, claims: Mapping[str, Vector], free: Collection[str]) -> list[Want]:
        """Return what to ask for past the present's end, where a push was missed."""
        found: list[Want] = []
        for at, near in sorted(self._near.items()):
            holders = {peer for peer in free if at in claims[peer]} - {w.holder for w in found}
            best = max(holders, key=lambda peer: (claims[peer][at].seq, peer), default="")
            if best and claims[best][at].seq > near.seq:
                found.append(Want(best, at, near.seq + 1, present=True))
        return found

    def fold(self) -> bool:
        """Fold for a moment what was left for later; tells whether anything was folded."""
        if self.takes_in() or not joining.waiting(self._journal):
            return False
        end_s = self._seconds() + FOLD_S
        while joining.fold(self._journal, FOLDED_AT_ONCE) and self._seconds() < end_s:
            pass
        return True


def _lacks(own: Vector, offers: Collection[Vector]) -> int:
    """Return how many events others hold that are not here."""
    newest: dict[LogId, int] = {}
    for heads in offers:
        for at, head in heads.items():
            newest[at] = max(newest.get(at, 0), head.seq)
    return sum(max(0, seq - (own[at].seq if at in own else 0)) for at, seq in newest.items())
