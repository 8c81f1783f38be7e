"""What somebody said that the time is where no clock could, and whose clock runs ahead."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body


@dataclass(frozen=True, slots=True)
class ClockSet(Body):
    """Somebody said what time it is at this terminal; counts until it is switched off.

    ``at_ms`` was the time (milliseconds since 1970, UTC) ``uptime_ms`` after ``boot`` began.
    """

    KIND: ClassVar[str] = "clock.set"
    boot: str
    uptime_ms: int
    at_ms: int

    def aggregates(self) -> tuple[str, ...]:
        return ()

    def authored(self, terminal: str) -> tuple[str, ...]:
        return (f"clock:{terminal}",)


@dataclass(frozen=True, slots=True)
class ClockSeenAhead(Body):
    """A terminal held another's log up to ``seq`` while its own time was ``at_ms`` (since 1970).

    The newest of it was written ``ahead_ms`` later than that, by the clock of who wrote it. All up
    to there that is more than ten minutes later than ``at_ms`` is marked.
    """

    KIND: ClassVar[str] = "clock.seen_ahead"
    SINCE: ClassVar[int] = 2
    terminal: str
    epoch: int
    seq: int
    at_ms: int
    ahead_ms: int

    def aggregates(self) -> tuple[str, ...]:
        return (f"ahead:{self.terminal}",)


BODIES = (ClockSet, ClockSeenAhead)
