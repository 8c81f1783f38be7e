"""Denied attempts: kept as facts, and read by who runs the house."""

from dataclasses import dataclass

from comptoir.commands.desk import PROGRAM, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.events.denials import DENIALS
from comptoir.domain.hlc import milliseconds
from comptoir.journal import Journal, Writing

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class NoteDenied(Command):
    """Keep that somebody was refused.

    Their proof, when they wanted to ``sign_in`` or to ``approve``; or their role, to ``act``.
    """

    what: str
    staff: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """A denied attempt, and the terminal it was made on."""

    what: str
    staff: str
    reason: str
    terminal: str
    at_ms: int


@handles(NoteDenied, PROGRAM)
def note(command: NoteDenied, writing: Writing, desk: Desk) -> None:
    """Write it; how often anybody may try is the caller's to bound."""
    del desk
    writing.append(ev.AccessDenied(command.what, command.staff, command.reason))


def denials(journal: Journal, limit: int = SHOWN_MAX) -> list[Denial]:
    """Return the last denied attempts of the whole restaurant, newest first."""
    found = [
        Denial(
            event.body.what,
            event.body.staff,
            event.body.reason,
            event.envelope.terminal,
            milliseconds(event.envelope.hlc),
        )
        for event in journal.events(DENIALS)
        if isinstance(event.body, ev.AccessDenied)
    ]
    return found[: -limit - 1 : -1]
