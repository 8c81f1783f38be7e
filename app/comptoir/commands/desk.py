"""The desk: takes a command from somebody, and either refuses it or makes it a fact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from comptoir.commands.business_day import business_date
from comptoir.domain.errors import NotAllowed
from comptoir.domain.events import Event
from comptoir.domain.house import CASHIER, KITCHEN, MANAGER, SYSTEM, WAITER
from comptoir.journal import Clock, OwnLog, Stamp, Writing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person's or a program's id, and the role that says what they may do."""

    id: str
    role: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something asked for; ``id`` makes a retry harmless."""

    id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command became; ``replayed`` when its id had been carried out before."""

    events: tuple[Event, ...]
    replayed: bool = False


SERVICE = frozenset({WAITER, CASHIER, MANAGER, SYSTEM})
COOKS = SERVICE | {KITCHEN}
MANAGERS = frozenset({MANAGER, SYSTEM})
PROGRAM = frozenset({SYSTEM})

C = TypeVar("C", bound=Command)
Handler = Callable[[C, Writing, "Desk"], None]
_HANDLERS: dict[type[Command], tuple[frozenset[str], Handler[Any]]] = {}


def handles(command: type[C], roles: frozenset[str]) -> Callable[[Handler[C]], Handler[C]]:
    """Register the function that carries out a command, and the roles that may ask for it."""

    def register(handler: Handler[C]) -> Handler[C]:
        _HANDLERS[command] = (roles, handler)
        return handler

    return register


def may(role: str, command: type[Command]) -> bool:
    """Tell whether a role may ask for a command."""
    return role in _HANDLERS[command][0]


class Desk:
    """Carries out commands on this terminal, one transaction each."""

    def __init__(self, log: OwnLog, clock: Clock, *, letter: str) -> None:
        self.log = log
        self.clock = clock
        self.letter = letter

    def business_date(self) -> str:
        """Return the business day that is open now."""
        return business_date(self.clock.now_ms(), self.log.journal.state("restaurant:it"))

    def run(self, command: Command, actor: Actor) -> Outcome:
        """Carry out a command; raises a DomainError and changes nothing when it is refused."""
        roles, handler = _HANDLERS[type(command)]
        if actor.role not in roles:
            raise NotAllowed(
                f"A {actor.role} may not do this ({type(command).__name__}). Ask a manager."
            )
        stamp = Stamp(actor.id, self.business_date(), command.id)
        with self.log.writing(stamp) as writing:
            if before := writing.done_before():
                return Outcome(tuple(before), replayed=True)
            handler(command, writing, self)
        return Outcome(tuple(writing.events))
