"""What a terminal was told about the time, and whose clock others saw run ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.hlc import too_far_ahead


@dataclass(frozen=True, slots=True)
class ToldTime:
    """The last answer: ``at_ms`` (UTC) was the time ``uptime_ms`` after ``boot`` began."""

    terminal: str
    boot: str = ""
    uptime_ms: int = 0
    at_ms: int = 0
    by: str = ""


def fold_told_time(terminal: str, events: Sequence[ev.Event]) -> ToldTime:
    """Fold what somebody said at a terminal; the last one counts."""
    state = ToldTime(terminal)
    for event in events:
        if isinstance(body := event.body, ev.ClockSet):
            actor = event.envelope.actor
            state = ToldTime(terminal, body.boot, body.uptime_ms, body.at_ms, actor)
    return state


@dataclass(frozen=True, slots=True)
class Sighting:
    """By whose clock, and when by it, a log was held up to ``seq`` that was ``ahead_ms`` ahead."""

    by: str
    epoch: int
    seq: int
    at_ms: int
    ahead_ms: int


@dataclass(frozen=True, slots=True)
class RunsAhead:
    """When a terminal's clock was seen more than ten minutes ahead, oldest first."""

    terminal: str
    sightings: tuple[Sighting, ...] = ()

    def mark(self, epoch: int, seq: int, hlc: int) -> Sighting | None:
        """Return who held an event before its time came; None for one that nobody doubts."""
        for seen in self.sightings:
            if epoch == seen.epoch and seq <= seen.seq and too_far_ahead(hlc, seen.at_ms):
                return seen
        return None


def fold_ahead(terminal: str, events: Sequence[ev.Event]) -> RunsAhead:
    """Fold who saw a terminal's clock ahead; it says nothing of its own."""
    seen = [
        Sighting(event.envelope.terminal, body.epoch, body.seq, body.at_ms, body.ahead_ms)
        for event in events
        if isinstance(body := event.body, ev.ClockSeenAhead) and event.envelope.terminal != terminal
    ]
    return RunsAhead(terminal, tuple(seen))
