"""What to ask of whom: any holder serves any terminal's events, the dead one's too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from comptoir.domain.envelope import LogId, Vector

PULL_TIMEOUT_S = 3.0
REFUSED_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Want:
    """Events of a log from seq ``first`` on, from one holder; or one of a second branch.

    ``present`` marks those that are wanted before what is in front of them.
    """

    holder: str
    log: LogId
    first: int
    branch: str = ""
    present: bool = False


def wants(
    own: Vector,
    claims: Mapping[str, Vector],
    holders: Collection[str],
    busy: Collection[LogId],
    avoid: Collection[tuple[str, LogId]],
) -> list[Want]:
    """Return at most one request a holder and a log, from who holds most, its author first."""
    free = set(holders)
    found = []
    for log in sorted({log for holder in holders for log in claims.get(holder, {})} - set(busy)):
        have = own[log].seq if log in own else 0
        offers = [
            (claims[holder][log].seq, holder == log[0], holder)
            for holder in sorted(free, reverse=True)
            if log in claims.get(holder, {}) and (holder, log) not in avoid
        ]
        best = max(offers, default=(0, False, ""))
        if best[0] > have:
            free.discard(best[2])
            found.append(Want(best[2], log, have + 1))
    return found


@dataclass(slots=True)
class Pulls:
    """Requests under way, each known by its correlation, and holders that gave nonsense."""

    _open: dict[bytes, tuple[Want, float]] = field(default_factory=dict)
    _avoid: dict[tuple[str, LogId], float] = field(default_factory=dict)
    _count: int = 0

    def begin(self, want: Want, now_s: float) -> bytes:
        """Note a request; returns its correlation."""
        self._count += 1
        correlation = self._count.to_bytes(8, "big")
        self._open[correlation] = (want, now_s + PULL_TIMEOUT_S)
        return correlation

    def awaits(self, correlation: bytes, holder: str) -> bool:
        """Tell whether a holder was asked this, and has not answered yet."""
        want, _ = self._open.get(correlation, (None, 0.0))
        return want is not None and want.holder == holder

    def end(self, correlation: bytes, holder: str) -> Want | None:
        """Return what an answer belongs to, once; None for one that nobody asked for."""
        want, _ = self._open.get(correlation, (None, 0.0))
        if want is None or want.holder != holder:
            return None
        del self._open[correlation]
        return want

    def end_at(self, holder: str, log: LogId) -> Want | None:
        """Return what a holder was asked of a log, once: the cloud's answers name no question."""
        for correlation, (want, _) in self._open.items():
            if (want.holder, want.log) == (holder, log):
                return self.end(correlation, holder)
        return None

    def shun(self, want: Want, now_s: float) -> None:
        """Leave a holder alone about a log for a while."""
        self._avoid[want.holder, want.log] = now_s + REFUSED_PAUSE_S

    def expire(self, now_s: float) -> None:
        """Give up requests that nobody answered, and pauses that are over."""
        self._open = {c: (w, end) for c, (w, end) in self._open.items() if end > now_s}
        self._avoid = {pair: end for pair, end in self._avoid.items() if end > now_s}

    @property
    def busy(self) -> set[LogId]:
        """Return the logs that are being asked for."""
        return {want.log for want, _ in self._open.values() if not want.present}

    @property
    def asked(self) -> set[str]:
        """Return the holders that are being asked."""
        return {want.holder for want, _ in self._open.values()}

    @property
    def avoid(self) -> set[tuple[str, LogId]]:
        """Return the pairs of holder and log to leave alone."""
        return set(self._avoid)
