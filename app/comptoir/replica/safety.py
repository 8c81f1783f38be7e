"""What the till is told: which events are SAFE, which are in the CLOUD, and who lives."""

from collections.abc import Collection, Mapping

from comptoir.bus.wire import Newest, Safety
from comptoir.domain.envelope import LogId, Vector
from comptoir.replica.copies import CLOUD, Copies


def name_of(log: LogId) -> str:
    """Return a log as people and the till write it: ``t1/1``."""
    return f"{log[0]}/{log[1]}"


def newest_of(terminal: str, claims: Mapping[str, Vector]) -> Newest | None:
    """Return the newest event of a terminal that a peer has shown; None when none has answered."""
    if not claims:
        return None
    shown = [
        (log[1], head.seq)
        for heads in claims.values()
        for log, head in heads.items()
        if log[0] == terminal
    ]
    return Newest(*max(shown, default=(0, 0)))


def safety(
    terminal: str, own: Vector, copies: Copies, peers: Collection[str], needed: int
) -> Safety:
    """Return how far each log is SAFE and in the CLOUD; ``peers`` are the admitted others."""
    safe = copies.safe(own, peers, needed)
    cloud = {log: seq for log in own if (seq := copies.proven(CLOUD, log))}
    return Safety(
        own={str(log[1]): seq for log, seq in safe.items() if log[0] == terminal},
        safe={name_of(log): seq for log, seq in safe.items()},
        cloud={name_of(log): seq for log, seq in cloud.items()},
        peers=[],
        at=0,
        head=newest_of(terminal, {p: h for p, h in copies.claims().items() if p in peers}),
        everyone=bool(peers) and copies.claims().keys() >= set(peers),
        answered=answered(terminal, {**own, **copies.present_here}, copies, peers),
    )


def answered(
    terminal: str, own: Vector, copies: Copies, peers: Collection[str]
) -> dict[str, Newest]:
    """Return, by peer, the newest own event that it has stored, if nothing it wrote lacks here.

    A peer shows its own head with what it stored: what it wrote before, not knowing of our event,
    is below that head.
    """
    mine = max((log for log in own if log[0] == terminal), default=None)
    if mine is None:
        return {}
    claims = copies.claims()
    return {
        peer: Newest(mine[1], copies.answered(peer, mine))
        for peer in peers
        if peer in claims and _all_here(peer, claims[peer], own)
    }


def _all_here(peer: str, claimed: Vector, own: Vector) -> bool:
    log = max((log for log in claimed if log[0] == peer), default=None)
    return log is None or (log in own and own[log].seq >= claimed[log].seq)
