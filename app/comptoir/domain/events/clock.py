"""What somebody said that the time is, where no clock could."""

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


BODIES = (ClockSet,)
