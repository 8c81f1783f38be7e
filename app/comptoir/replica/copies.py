"""Copies counted: an event is SAFE where enough holders have shown a hash that is ours too.

A claim counts only after its hash was compared with the own journal: equal hashes mean equal logs
up to that seq, because every event carries the hash of the one before.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from comptoir.domain.envelope import Head, LogId, Vector

CLOUD = "the cloud"
HashAt = Callable[[LogId, int], str | None]


class Divergence(NamedTuple):
    """A holder shows another hash than ours for the same event."""

    holder: str
    log: LogId
    seq: int


class Copies:
    """What every other holder claims to hold, and how much of it is proven.

    ``revision`` rises whenever what is proven or who has answered may have changed;
    ``present_here`` is up to where this terminal, joining, knows what matters now.
    """

    def __init__(self) -> None:
        self._claims: dict[str, dict[LogId, Head]] = {}
        self._proven: dict[str, dict[LogId, int]] = {}
        self._open: set[tuple[str, LogId]] = set()
        self._present: dict[str, Vector] = {}
        self.present_here: Vector = {}
        self.revision = 0

    def claim(self, holder: str, heads: Vector, *, whole: bool) -> None:
        """Note a holder's newest vector; a whole one replaces all that it claimed before."""
        self.revision += holder not in self._claims
        claims = self._claims.setdefault(holder, {})
        self._proven.setdefault(holder, {})
        for log in [log for log in claims if whole and log not in heads]:
            del claims[log]
            self._prove(holder, log, 0)
            self._open.discard((holder, log))
        for log, head in heads.items():
            if claims.get(log) != head:
                claims[log] = head
                self._open.add((holder, log))

    def raise_claim(self, holder: str, heads: Vector) -> None:
        """Note that a holder has at least this much."""
        known = self._claims.get(holder, {})
        risen = {at: h for at, h in heads.items() if at not in known or h.seq > known[at].seq}
        if risen:
            self.claim(holder, risen, whole=False)

    def settle(self, own: Vector, hash_at: HashAt) -> list[Divergence]:
        """Compare the claims that the own journal reaches; returns what does not agree."""
        found = []
        for holder, log in sorted(self._open):
            head = self._claims[holder][log]
            held = own[log].seq if log in own else 0
            if head.seq > held:
                continue  # until we hold as much; what was proven before stays
            if hash_at(log, head.seq) == head.hash:
                self._prove(holder, log, head.seq)
                self._open.discard((holder, log))
            else:
                self._prove(holder, log, 0)
                found.append(Divergence(holder, log, head.seq))
        return found

    def _prove(self, holder: str, log: LogId, seq: int) -> None:
        if self._proven[holder].get(log, 0) != seq:
            self._proven[holder][log] = seq
            self.revision += 1

    def note_present(self, holder: str, heads: Vector) -> None:
        """Note up to where a holder that joins knows what matters now: no copies, but answers."""
        if self._present.get(holder, {}) != heads:
            self._present[holder] = heads
            self.revision += 1

    def answered(self, holder: str, log: LogId) -> int:
        """Return the newest event of a log that a holder has stored, with or without the rest."""
        present = self._present.get(holder, {}).get(log)
        return max(self.proven(holder, log), present.seq if present else 0)

    def forget(self, holder: str) -> None:
        """Drop a holder that is out for ever."""
        self._present.pop(holder, None)
        if self._claims.pop(holder, None) is not None:
            del self._proven[holder]
            self._open = {pair for pair in self._open if pair[0] != holder}
            self.revision += 1

    def claims(self) -> Mapping[str, Vector]:
        """Return what each holder claims to hold."""
        return self._claims

    def proven(self, holder: str, log: LogId) -> int:
        """Return the seq up to which a holder has been proven to hold a log."""
        return self._proven.get(holder, {}).get(log, 0)

    def safe(self, own: Vector, peers: Iterable[str], copies: int) -> dict[LogId, int]:
        """Return, per log, the highest seq that ``copies`` terminals hold, or the cloud."""
        peers = list(peers)
        found = {}
        for log, head in own.items():
            held = sorted([head.seq, *(self.proven(p, log) for p in peers)], reverse=True)
            counted = held[copies - 1] if len(held) >= copies else 0
            if seq := max(counted, self.proven(CLOUD, log)):
                found[log] = seq
        return found
