"""What somebody at the till says that the time is, where no clock could."""

from dataclasses import dataclass, field
from typing import Self

from comptoir.commands.desk import EVERYBODY, Command, Desk, handles
from comptoir.commands.steered_clock import newest_ms
from comptoir.domain import events as ev
from comptoir.domain.errors import ClockRefused
from comptoir.journal import Writing
from comptoir.journal.known_time import Machine

MINUTE_MS = 60_000  # whoever answers names none of its seconds
LATEST_MS = 4_102_444_800_000  # the year 2100


@dataclass(frozen=True, slots=True)
class SetClock(Command):
    """Say what time it is: ``at_ms`` (since 1970, UTC) was ``uptime_ms`` after ``boot`` began."""

    at_ms: int
    uptime_ms: int = field(metadata={"secret": True})  # said again it is another
    boot: str

    @classmethod
    def now(cls, command_id: str, at_ms: int, machine: Machine) -> Self:
        """Return what somebody says at this moment, told in the machine's uptime."""
        return cls(command_id, at_ms, machine.uptime_ms(), machine.boot)


@handles(SetClock, EVERYBODY)
def set_clock(command: SetClock, writing: Writing, desk: Desk) -> None:
    """Write what somebody said; not earlier than what this terminal wrote last."""
    newest = newest_ms(desk.log.journal, desk.log.terminal)
    if not newest - MINUTE_MS < command.at_ms < LATEST_MS:
        raise ClockRefused
    writing.append(ev.ClockSet(command.boot, command.uptime_ms, command.at_ms))
