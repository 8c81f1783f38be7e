"""Batches that overtook the one they continue: for a moment two workers may share a restaurant."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from comptoir.domain.envelope import Sealed
from comptoir.journal.admission import GAP, UNKNOWN

WAITS_S = (0.05, 0.25, 1.0)
EVENTS_MAX = 10_000
OVERTAKEN = frozenset({GAP, UNKNOWN})  # UNKNOWN: who admits the terminal is in another's hands


class Waiting(NamedTuple):
    """A batch to be tried again: when, for the how-manieth time."""

    due_s: float
    tries: int
    restaurant: str
    batch: Sequence[Sealed]


class Early:
    """Holds a bounded number of events for a bounded time; what is lost is sent again anyway."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._events = 0

    def hold(self, restaurant: str, batch: Sequence[Sealed], now_s: float, tries: int = 0) -> None:
        """Keep a batch until what it continues should be there; the last try was the last."""
        if tries < len(WAITS_S) and self._events + len(batch) <= EVENTS_MAX:
            self._events += len(batch)
            self._waiting.append(Waiting(now_s + WAITS_S[tries], tries + 1, restaurant, batch))

    def due(self, now_s: float) -> list[Waiting]:
        """Take out what is to be tried now."""
        found = [one for one in self._waiting if one.due_s <= now_s]
        self._waiting = deque(one for one in self._waiting if one.due_s > now_s)
        self._events -= sum(len(one.batch) for one in found)
        return found

    def wait_s(self, now_s: float, longest_s: float) -> float:
        """Return how long nothing is due."""
        first_s = min((one.due_s for one in self._waiting), default=now_s + longest_s)
        return min(longest_s, max(0.0, first_s - now_s))
