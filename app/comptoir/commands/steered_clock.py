"""The time that a till writes down: its machine's, unless its peers or its own past know better.

A Compute Module may start without any idea of the time. It takes its peers' median, and is never
earlier than what it wrote last, so that no business day opens before the last event.
"""

from collections.abc import Callable

from comptoir.domain.envelope import LogId
from comptoir.domain.hlc import milliseconds
from comptoir.journal import Clock, Journal, reading


def newest_ms(journal: Journal, terminal: str) -> int:
    """Return the time of the newest event that a terminal wrote, 0 when there is none."""
    logs: dict[LogId, int] = reading.readings(journal)
    return max((milliseconds(hlc) for log, hlc in logs.items() if log[0] == terminal), default=0)


class SteeredClock:
    """A machine's clock, put right; ``off_ms`` is what peers say that it is behind."""

    def __init__(
        self,
        machine: Clock,
        seconds: Callable[[], float],
        off_ms: Callable[[], int],
        floor_ms: int = 0,
    ) -> None:
        self._machine = machine
        self._seconds = seconds
        self._off_ms = off_ms
        self._floor_ms = floor_ms
        self._begin_s = seconds()

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        passed_ms = int((self._seconds() - self._begin_s) * 1000)
        return max(self._machine.now_ms() + self._off_ms(), self._floor_ms + passed_ms)
