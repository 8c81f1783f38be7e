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
    """What every other holder claims to hold, and how much of it is proven."""

    def __init__(self) -> None:
        self._claims: dict[str, dict[LogId, Head]] = {}
        self._proven: dict[str, dict[LogId, int]] = {}

    def claim(self, holder: str, heads: Vector, *, whole: bool) -> None:
        """Note a holder's newest vector; a whole one replaces all that it claimed before."""
        claims = self._claims.setdefault(holder, {})
        proven = self._proven.setdefault(holder, {})
        for log in [log for log in proven if whole and log not in heads]:
            del proven[log]
        if whole:
            claims.clear()
        claims.update(heads)

    def raise_claim(self, holder: str, heads: Vector) -> None:
        """Note that a holder has at least this much."""
        known = self._claims.get(holder, {})
        risen = {at: h for at, h in heads.items() if at not in known or h.seq > known[at].seq}
        if risen:
            self.claim(holder, risen, whole=False)

    def settle(self, own: Vector, hash_at: HashAt) -> list[Divergence]:
        """Compare the claims that the own journal reaches; returns what does not agree."""
        found = []
        for holder, claims in self._claims.items():
            proven = self._proven[holder]
            for log, head in claims.items():
                held = own[log].seq if log in own else 0
                if head.seq > held or proven.get(log) == head.seq:
                    proven[log] = min(proven.get(log, 0), head.seq)
                elif hash_at(log, head.seq) == head.hash:
                    proven[log] = head.seq
                else:
                    proven[log] = 0
                    found.append(Divergence(holder, log, head.seq))
        return found

    def forget(self, holder: str) -> None:
        """Drop a holder that is out for ever."""
        self._claims.pop(holder, None)
        self._proven.pop(holder, None)

    def claims(self) -> Mapping[str, Vector]:
        """Return what each holder claims to hold."""
        return self._claims

    def proven(self, holder: str, log: LogId) -> int:
        """Return the seq up to which a holder has been proven to hold a log."""
        return self._proven.get(holder, {}).get(log, 0)

    def heard_of(self, holder: str) -> bool:
        """Tell whether a holder has ever shown its vector."""
        return holder in self._claims

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
