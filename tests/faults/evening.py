"""How large an evening is: the whole one of eight terminals, and brief ones, a part of its work.

A brief evening has as many disasters a minute of work as a whole one has; its seed says how many
terminals it has, so that many seeds see restaurants of every small size. ``eight`` has them all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

SIZES = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Evening:
    """Times in seconds; ``left_min`` terminals are never stolen or broken for good."""

    nodes: int
    warm_s: float
    service_s: float
    rate_s: float
    disaster_s: float
    left_min: int

    @property
    def end_s(self) -> float:
        return self.warm_s + self.service_s

    @property
    def newcomer_s(self) -> float:
        return self.warm_s + 0.36 * self.service_s

    @property
    def newcomers(self) -> bool:
        """Tell whether one may join: there must be some left who know it."""
        return self.nodes > self.left_min + 1


WHOLE = Evening(8, warm_s=6.0, service_s=25.0, rate_s=0.25, disaster_s=1.2, left_min=3)


def brief(seed: int) -> Evening:
    """Return a seed's brief evening."""
    nodes = SIZES[seed // len(SIZES) % len(SIZES)]  # seeds of each remainder have every size
    return Evening(nodes, warm_s=5.0, service_s=9.0, rate_s=0.4, disaster_s=0.7, left_min=2)


def eight(seed: int) -> Evening:
    """Return a seed's brief evening with eight terminals: briefer, for each does its own work."""
    return replace(brief(seed), nodes=WHOLE.nodes, warm_s=4.0, service_s=6.0)


def whole(_seed: int) -> Evening:
    """Return the whole evening, whatever the seed."""
    return WHOLE


FORMS: dict[str, Callable[[int], Evening]] = {
    "brief": brief,
    "eight": eight,
    "whole": whole,
}
