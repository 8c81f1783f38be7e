"""Updates of the terminals' system: offer one, want it at once, and what a terminal did with it."""

import re
from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, PROGRAM, Command, Desk, handles
from comptoir.domain.errors import DomainError
from comptoir.domain.events.updates import (
    UPDATES,
    UpdateBegun,
    UpdateEnded,
    UpdateHourSet,
    UpdateOffered,
    UpdateRuns,
    UpdateWanted,
)
from comptoir.domain.updates import AT_DAYS_END, Updates
from comptoir.domain.versions import is_older, known
from comptoir.journal import Journal, Writing

BUNDLE = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SIZE_MAX = 1 << 33
MINUTES_A_DAY = 1440
WHY_CHARACTERS_MAX = 300


class UpdateRefused(DomainError):
    """What is offered cannot be an update, or is none."""

    code = "update-refused"


class UpdateOlder(DomainError):
    """Terminals never go back to an older version by an update."""

    code = "update-older"

    def __init__(self, version: str, offered: str) -> None:
        super().__init__(
            f"Version {version} is older than {offered}, which was offered before: what was sold"
            " since may not be readable to it. Flash the terminals anew to go back."
        )


@dataclass(frozen=True, slots=True)
class OfferUpdate(Command):
    """Offer a bundle, by its SHA-256, to the terminals that it is made for."""

    bundle: str
    compatible: str
    version: str
    size: int


@dataclass(frozen=True, slots=True)
class WantUpdate(Command):
    """Install what is offered at once, one terminal after the other; or go on after a failure."""

    bundle: str


@dataclass(frozen=True, slots=True)
class SetUpdateHour(Command):
    """Say when the house is quiet, in minutes after midnight; -1: when the business day ends."""

    minutes: int


@dataclass(frozen=True, slots=True)
class BeginUpdate(Command):
    """Take this terminal's turn."""

    bundle: str


@dataclass(frozen=True, slots=True)
class EndUpdate(Command):
    """Say how it ended at this terminal."""

    bundle: str
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class TellSystem(Command):
    """Say which version this terminal runs, and for which updates it is made."""

    version: str
    compatible: str


@handles(OfferUpdate, MANAGERS)
def offer(command: OfferUpdate, writing: Writing, desk: Desk) -> None:
    """Offer a bundle that is not older than what was offered to the same terminals."""
    del desk
    fits = BUNDLE.fullmatch(command.bundle) and NAME.fullmatch(command.compatible)
    if not fits or not known(command.version) or not 0 < command.size <= SIZE_MAX:
        raise UpdateRefused("This is no update for terminals. Offer a bundle of image/build.")
    state: Updates = writing.state(UPDATES)
    before = state.offer_for(command.compatible)
    if before is not None and is_older(command.version, before.version):
        raise UpdateOlder(command.version, before.version)
    if before is None or before.bundle != command.bundle:
        about = (command.bundle, command.compatible, command.version, command.size)
        writing.append(UpdateOffered(*about))


@handles(WantUpdate, MANAGERS)
def want(command: WantUpdate, writing: Writing, desk: Desk) -> None:
    """Install at once what is offered; said again, what went wrong is tried again."""
    del desk
    _require_offer(command.bundle, writing)
    writing.append(UpdateWanted(command.bundle))


@handles(SetUpdateHour, MANAGERS)
def set_hour(command: SetUpdateHour, writing: Writing, desk: Desk) -> None:
    """Set the quiet hour of the house."""
    del desk
    if not AT_DAYS_END <= command.minutes < MINUTES_A_DAY:
        raise UpdateRefused("The quiet hour is a time of day. Choose it again.")
    writing.append(UpdateHourSet(command.minutes))


@handles(BeginUpdate, PROGRAM)
def begin(command: BeginUpdate, writing: Writing, desk: Desk) -> None:
    """Take a turn, unless this terminal has one."""
    _require_offer(command.bundle, writing)
    state: Updates = writing.state(UPDATES)
    mine = state.mine(desk.log.terminal)
    if mine is None or mine.outcome or mine.bundle != command.bundle:
        writing.append(UpdateBegun(command.bundle))


@handles(EndUpdate, PROGRAM)
def end(command: EndUpdate, writing: Writing, desk: Desk) -> None:
    """End this terminal's turn; one that has no turn says nothing."""
    state: Updates = writing.state(UPDATES)
    mine = state.mine(desk.log.terminal)
    if mine is not None and (mine.bundle, mine.outcome) == (command.bundle, ""):
        why = command.why[:WHY_CHARACTERS_MAX]
        writing.append(UpdateEnded(command.bundle, command.outcome, why))


@handles(TellSystem, PROGRAM)
def tell_system(command: TellSystem, writing: Writing, desk: Desk) -> None:
    """Write down what runs here, if that is news."""
    state: Updates = writing.state(UPDATES)
    said = state.system(desk.log.terminal)
    if said is None or (said.version, said.compatible) != (command.version, command.compatible):
        writing.append(UpdateRuns(command.version, command.compatible))


def _require_offer(bundle: str, writing: Writing) -> None:
    state: Updates = writing.state(UPDATES)
    if state.offer(bundle) is None:
        raise UpdateRefused("This update is not offered any more. Look at the terminals again.")


def updates(journal: Journal) -> Updates:
    """Return what is offered, and whose turn it is."""
    state: Updates = journal.state(UPDATES)
    return state
