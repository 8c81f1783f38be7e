"""Which terminals take part, which never again, and whether all keep off the internet."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body
from comptoir.domain.house import Card

OFFLINE = "offline:it"


@dataclass(frozen=True, slots=True)
class TerminalAdmitted(Body):
    """A manager let a terminal take part: its card says how to know it."""

    KIND: ClassVar[str] = "terminal.admitted"
    card: Card

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.card.terminal}",)


@dataclass(frozen=True, slots=True)
class TerminalRetired(Body):
    """A terminal is out for ever: stolen, broken or replaced. Names no cut-off."""

    KIND: ClassVar[str] = "terminal.retired"
    terminal: str
    reason: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.terminal}",)

    def authored(self, terminal: str) -> tuple[str, ...]:
        return (f"terminal:{terminal}",)


@dataclass(frozen=True, slots=True)
class TerminalLastSeen(Body):
    """How far a terminal held a retired one's log; the highest of all is the cut-off."""

    KIND: ClassVar[str] = "terminal.last_seen"
    terminal: str
    epoch: int
    seq: int
    hash: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.terminal}",)


@dataclass(frozen=True, slots=True)
class TerminalDecided(Body):
    """Of two terminals that retired each other, whether this one is ``out`` or takes part again."""

    KIND: ClassVar[str] = "terminal.decided"
    terminal: str
    out: bool

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.terminal}",)


@dataclass(frozen=True, slots=True)
class EventAdopted(Body):
    """A manager took over what a retired terminal wrote too late; its fact follows, as ours."""

    KIND: ClassVar[str] = "event.adopted"
    terminal: str
    epoch: int
    seq: int
    hash: str
    kind: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.terminal}",)


@dataclass(frozen=True, slots=True)
class OfflineSet(Body):
    """A manager keeps the restaurant off the internet, or lets it back; the last one counts."""

    KIND: ClassVar[str] = "offline.set"
    offline: bool
    reason: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (OFFLINE,)


BODIES = (
    TerminalAdmitted,
    TerminalRetired,
    TerminalLastSeen,
    TerminalDecided,
    EventAdopted,
    OfflineSet,
)
