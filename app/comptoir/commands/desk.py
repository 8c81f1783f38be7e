"""The desk: takes a command from somebody, and either refuses it or makes it a fact."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from comptoir.commands.business_day import business_date
from comptoir.commands.permissions import (
    COOKS,
    EVERYBODY,
    MANAGERS,
    NOBODY,
    PROGRAM,
    SERVICE,
    TILLS,
    Rule,
    Verdict,
    enter,
    verdict,
)
from comptoir.domain.errors import ApprovalNeeded, CommandIdReused, NotAllowed, VersionsMixed
from comptoir.domain.events import SPEAKS, Event
from comptoir.domain.figures import ClosedDays
from comptoir.domain.house import MANAGER, SYSTEM
from comptoir.domain.records import canonical, dump
from comptoir.journal import Clock, OwnLog, Stamp, Writing

__all__ = [
    "COOKS",
    "EVERYBODY",
    "MANAGERS",
    "PROGRAM",
    "SECRET",
    "SERVICE",
    "SYSTEM_ACTOR",
    "TILLS",
    "Actor",
    "Command",
    "Desk",
    "Outcome",
    "handles",
    "may",
    "need_manager",
    "need_role",
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person's or a program's id, and the role that says what they may do."""

    id: str
    role: str


SYSTEM_ACTOR = Actor(SYSTEM, SYSTEM)  # what a terminal, or the cloud, does of its own accord


@dataclass(frozen=True, slots=True)
class Command:
    """Something asked for; ``id`` makes a retry harmless."""

    id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command became; ``replayed`` when its id had been carried out before.

    ``states`` are those of the aggregates that it touched, as committed.
    """

    events: tuple[Event, ...]
    replayed: bool = False
    states: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking(Stamp):
    """The stamp of a command's events, and in which role it was asked for."""

    role: str = SYSTEM


# of a command's field: its mark must not let anybody find out the value
SECRET: Mapping[str, bool] = {"secret": True}
MARK_CHARACTERS = 16

C = TypeVar("C", bound=Command)
Handler = Callable[[C, Writing, "Desk"], None]
WORD = re.compile(r"([A-Z])")
_HANDLERS: dict[type[Command], Handler[Any]] = {}


def handles(
    command: type[C], roles: frozenset[str], approved: frozenset[str] = NOBODY
) -> Callable[[Handler[C]], Handler[C]]:
    """Register the function that carries out a command, and its row of the permission matrix.

    ``roles`` may ask for it; ``approved`` may once a manager approves this one command.
    """
    enter(command, Rule(roles, approved))

    def register(handler: Handler[C]) -> Handler[C]:
        _HANDLERS[command] = handler
        return handler

    return register


def may(role: str, command: type[Command]) -> bool:
    """Tell whether a role may ask for a command by itself."""
    return verdict(role, command) is Verdict.YES


def need_manager(writing: Writing, what: str) -> None:
    """Raise ApprovalNeeded unless a manager asks, or one approved this command.

    For handlers whose need depends on the state: ``need_manager(writing, "Voiding a sent line")``.
    """
    need_role(writing, MANAGERS, what)


def need_role(writing: Writing, roles: frozenset[str], what: str) -> None:
    """Raise ApprovalNeeded unless who asks has one of the roles, or a manager approved."""
    stamp = writing.stamp
    role = stamp.role if isinstance(stamp, Asking) else SYSTEM
    if role not in roles and stamp.approver is None:
        raise ApprovalNeeded(what)


@dataclass(frozen=True, slots=True)
class Around:
    """What a terminal hears of the rest of the world, as of now.

    ``off_ms`` is what its machine's clock lacks, as far as peers know, ``time_known`` whether
    anything confirms it; ``away_since_ms`` since when the cloud does not answer, 0 while it does;
    ``alive`` which other terminals are heard; ``speaks`` the newest language of events that all
    of them and the cloud understand.
    """

    off_ms: Callable[[], int] = lambda: 0
    away_since_ms: Callable[[], int] = lambda: 0
    alive: Callable[[], Collection[str]] = tuple
    time_known: Callable[[], bool] = lambda: True
    speaks: Callable[[], int] = lambda: SPEAKS


class Desk:
    """Carries out commands on this terminal, one transaction each."""

    def __init__(
        self, log: OwnLog, clock: Clock, *, letter: str, around: Around | None = None
    ) -> None:
        self.log = log
        self.clock = clock
        self.letter = letter
        around = around or Around()
        self.away_since_ms = around.away_since_ms
        self.alive = around.alive
        self.time_known = around.time_known
        self.speaks = around.speaks

    def business_date(self) -> str:
        """Return the business day that is open now; never one that was closed here."""
        journal = self.log.journal
        today = business_date(self.clock.now_ms(), journal.state("restaurant:it"))
        days: ClosedDays = journal.state(f"day:{self.log.terminal}")
        return days.posted(today)

    def run(self, command: Command, actor: Actor, approver: Actor | None = None) -> Outcome:
        """Carry out a command; raises a DomainError and changes nothing when it is refused.

        ``approver`` is the manager whose PIN or badge approved this one command.
        """
        _refuse_unless_allowed(command, actor, approver)
        handler = _HANDLERS[type(command)]
        stamp = Asking(
            actor.id,
            self.business_date(),
            command.id,
            approver.id if approver else None,
            _mark(command),
            actor.role,
        )
        with self.log.writing(stamp) as writing:
            if before := writing.done_before():
                if before[0].envelope.asked not in {None, stamp.asked}:
                    raise CommandIdReused
                return Outcome(tuple(before), replayed=True)
            handler(command, writing, self)
            self._refuse_unless_understood(writing.events)
        return Outcome(tuple(writing.events), states=writing.states)

    def _refuse_unless_understood(self, events: Collection[Event]) -> None:
        """Write nothing that a terminal of the version before, or an older cloud, cannot fold."""
        newest = max((event.body.SINCE for event in events if event.body), default=0)
        if newest > self.speaks():
            raise VersionsMixed


def _mark(command: Command) -> str:
    """Return the same text for the same request under the same id, whatever terminal hears it."""
    said = dump(command)
    for one in fields(command):
        if "secret" in one.metadata:
            said.pop(one.name, None)
    text = canonical([type(command).__name__, said])
    return hashlib.sha256(text).hexdigest()[:MARK_CHARACTERS]


def _refuse_unless_allowed(command: Command, actor: Actor, approver: Actor | None) -> None:
    name = type(command).__name__
    if not actor.id:
        raise NotAllowed(f"Here nobody says whose command this is ({name}). Sign in first.")
    if approver is not None and (approver.role != MANAGER or approver.id == actor.id):
        raise NotAllowed("Only a manager approves, and nobody their own command. Ask another one.")
    match verdict(actor.role, type(command)):
        case Verdict.NO:
            raise NotAllowed(f"A {actor.role} may not do this ({name}). Ask a manager.")
        case Verdict.APPROVAL if approver is None:
            raise ApprovalNeeded(WORD.sub(r" \1", name).strip().capitalize())
        case _:
            pass
