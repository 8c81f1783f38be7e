"""The time of a terminal that may start without any idea of it.

Its machine's clock counts once something confirms it: a time server, a battery. Until then counts
what somebody at the till said since power came on, told in the machine's uptime, which runs evenly.
"""

from collections.abc import Callable
from dataclasses import dataclass

from comptoir.domain.clock import ToldTime
from comptoir.journal.own_log import Clock
from comptoir.journal.store import Journal


@dataclass(frozen=True, slots=True)
class Machine:
    """What a terminal knows by itself: its clock, whether it is confirmed, and how long it is on.

    ``boot`` names the time since power came on.
    """

    clock: Clock
    confirmed: Callable[[], bool]
    uptime_ms: Callable[[], int]
    boot: str


class KnownTime:
    """A clock that knows whether it is right; for every program of the terminal."""

    def __init__(self, machine: Machine, journal: Journal, terminal: str) -> None:
        self.machine = machine
        self._journal = journal
        self._aggregate = f"clock:{terminal}"
        self._confirmed = False

    @property
    def confirmed(self) -> bool:
        """Tell whether the machine's own clock is confirmed; once it is, it stays so."""
        self._confirmed = self._confirmed or self.machine.confirmed()
        return self._confirmed

    @property
    def known(self) -> bool:
        """Tell whether the machine or somebody at the till says what time it is."""
        return self.confirmed or self._told() is not None

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        told = None if self.confirmed else self._told()
        if told is None:
            return self.machine.clock.now_ms()
        return told.at_ms + self.machine.uptime_ms() - told.uptime_ms

    def _told(self) -> ToldTime | None:
        told: ToldTime = self._journal.state(self._aggregate)
        return told if told.boot == self.machine.boot else None
