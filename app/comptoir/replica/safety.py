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
    )
