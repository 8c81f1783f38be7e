"""The offline switch: a manager keeps the restaurant off the internet, and lets it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain.events import Event
from comptoir.domain.events.terminals import OFFLINE, OfflineSet
from comptoir.domain.hlc import milliseconds

__all__ = ["OFFLINE", "Offline", "fold_offline"]


@dataclass(frozen=True, slots=True)
class Offline:
    """Whether the restaurant stays off the internet, since when, and who wanted it and why."""

    on: bool = False
    since_ms: int = 0
    by: str = ""
    terminal: str = ""
    reason: str = ""


def fold_offline(_: str, events: Sequence[Event]) -> Offline:
    """Fold the switch: the last one who turned it counts, on all terminals."""
    state = Offline()
    for event in events:
        if isinstance(body := event.body, OfflineSet) and body.offline != state.on:
            at, envelope = milliseconds(event.envelope.hlc), event.envelope
            state = Offline(body.offline, at, envelope.actor, envelope.terminal, body.reason)
    return state
