"""What is taken while the cloud cannot be asked: up to which amounts, and when it was so."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body
from comptoir.domain.events.terminals import OFFLINE


def during(away: str) -> tuple[str, ...]:
    """Return the time without the cloud that something belongs to, if any."""
    return (f"away:{away}",) if away else ()


@dataclass(frozen=True, slots=True)
class OfflineLimitsSet(Body):
    """Up to what card and account are taken offline without a manager; the last one counts.

    Minor units: ``each_max`` for one payment, ``total_max`` for all of one terminal.
    """

    KIND: ClassVar[str] = "offline.limits_set"
    each_max: int
    total_max: int

    def aggregates(self) -> tuple[str, ...]:
        return (OFFLINE,)


@dataclass(frozen=True, slots=True)
class AwayEnded(Body):
    """The cloud answers this terminal's restaurant again; times in milliseconds since 1970."""

    KIND: ClassVar[str] = "offline.ended"
    away: str
    since_ms: int
    until_ms: int

    def aggregates(self) -> tuple[str, ...]:
        return (OFFLINE, *during(self.away))


BODIES = (OfflineLimitsSet, AwayEnded)
