"""The manager's switch: nothing is sent to the cloud until it is turned back."""

from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.domain.events.terminals import OfflineSet
from comptoir.domain.offline import OFFLINE, Offline
from comptoir.journal import Journal, Writing

REASON_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class SetOffline(Command):
    """Keep the whole restaurant off the internet, or let it back."""

    offline: bool
    reason: str = ""


@handles(SetOffline, MANAGERS)
def set_offline(command: SetOffline, writing: Writing, desk: Desk) -> None:
    """Turn the switch on every terminal that hears of it; turned already, nothing is written."""
    del desk
    state: Offline = writing.state(OFFLINE)
    if state.on != command.offline:
        reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
        writing.append(OfflineSet(command.offline, reason))


def offline(journal: Journal) -> Offline:
    """Return how the switch stands."""
    state: Offline = journal.state(OFFLINE)
    return state
