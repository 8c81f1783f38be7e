"""A technician's visit: granted by a manager, ended by a manager or by its time."""

from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.errors import DomainError
from comptoir.domain.visit import MINUTES_MAX, VISIT, Visit, left_ms, public_key
from comptoir.journal import Journal, Writing

NAME_CHARACTERS_MAX = 60


class VisitRefused(DomainError):
    """A visit without a name, or for longer than one may last."""

    code = "visit-refused"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            f"A visit wants the technician's name, and 1 to {MINUTES_MAX} minutes. Type them again."
        )


def plain_name(text: str) -> str:
    """Return a name in which nothing hides; raises VisitRefused for none."""
    shown = " ".join(text.split())
    name = "".join(one for one in shown if one.isprintable())[:NAME_CHARACTERS_MAX]
    if not name:
        raise VisitRefused
    return name


@dataclass(frozen=True, slots=True)
class GrantVisit(Command):
    """Let a technician in to all terminals with their public SSH key, for some minutes."""

    technician: str
    key: str
    minutes: int = MINUTES_MAX


@dataclass(frozen=True, slots=True)
class EndVisit(Command):
    """End the technician's visit at once, on all terminals."""


@handles(GrantVisit, MANAGERS)
def grant(command: GrantVisit, writing: Writing, desk: Desk) -> None:
    """Grant a visit in place of any other."""
    del desk
    name = plain_name(command.technician)
    if not 1 <= command.minutes <= MINUTES_MAX:
        raise VisitRefused
    writing.append(ev.VisitGranted(name, public_key(command.key), command.minutes))


@handles(EndVisit, MANAGERS)
def end(command: EndVisit, writing: Writing, desk: Desk) -> None:
    """End the visit; over already, nothing is written."""
    del command
    state: Visit = writing.state(VISIT)
    if left_ms(state, desk.clock.now_ms()):
        writing.append(ev.VisitEnded(state.id))


def visit(journal: Journal) -> Visit:
    """Return the visit as last granted."""
    state: Visit = journal.state(VISIT)
    return state
