"""What a terminal was told about the time."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev


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
