"""Whose turn it is to print a ticket: the terminal that sent it, then the others, one by one.

No terminal asks another for leave. Each knows the order, and how long the ones before it may take.
"""

from collections.abc import Collection
from dataclasses import dataclass

TAKE_OVER_S = 2.5  # a live terminal that does nothing about its ticket
CLAIM_S = 15.0  # a live terminal that claimed it, on a printer that is ready
STEP_S = 1.0  # between those who might take over
START_S = 3.0  # after a start: time for the others to tell what they printed meanwhile


@dataclass(frozen=True, slots=True)
class Circle:
    """Who prints for this restaurant: this terminal, and which others live (None: not yet told)."""

    me: str
    live: Collection[str] | None

    def lives(self, terminal: str) -> bool:
        """Tell whether a terminal lives, as far as is known."""
        return terminal == self.me or self.live is None or terminal in self.live

    def rank(self, owner: str) -> int:
        """Return how many others come before this terminal, after the owner."""
        others = sorted({self.me, *(self.live or ())} - {owner})
        return others.index(self.me)


def delay_s(circle: Circle, owner: str, *, claimed: bool) -> float:
    """Return how long this terminal waits before it prints what ``owner`` should print."""
    if owner == circle.me:
        return 0.0
    waited = circle.rank(owner) * STEP_S
    if not circle.lives(owner):
        return waited
    return waited + (CLAIM_S if claimed else TAKE_OVER_S)
