"""Whether all who are left agree: the same events, and the same restaurant folded from them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

AGREE_S, ASK_S = 15.0, 0.3


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What one of them holds: how far each log, and the digest over all projections."""

    name: str
    vector: tuple[tuple[str, int, int], ...]
    digest: str


def differing(points: Sequence[Standpoint]) -> int:
    """Return how many differ from what most of them hold."""
    groups: dict[tuple[object, str], int] = {}
    for point in points:
        key = (point.vector, point.digest)
        groups[key] = groups.get(key, 0) + 1
    return len(points) - max(groups.values(), default=0)


def wait(ask: Callable[[], Sequence[Standpoint]]) -> int:
    """Wait until nobody differs, for a while; returns how many still do."""
    until = time.monotonic() + AGREE_S
    while (left := differing(ask())) and time.monotonic() < until:
        time.sleep(ASK_S)
    return left
