"""Updates of the terminals' system: offered, wanted at once, begun at one terminal, ended there."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body

UPDATES = "updates:it"


@dataclass(frozen=True, slots=True)
class UpdateBody(Body):
    """A body about one bundle, named by its SHA-256 in hex."""

    bundle: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the one aggregate of all updates: whose turn it is depends on them all."""
        return (UPDATES,)


@dataclass(frozen=True, slots=True)
class UpdateOffered(UpdateBody):
    """Head office or a manager offers a bundle to the terminals that it is made for.

    ``compatible`` names their base and profile; of those it replaces what was offered before.
    """

    KIND: ClassVar[str] = "update.offered"
    compatible: str
    version: str
    size: int


@dataclass(frozen=True, slots=True)
class UpdateWanted(UpdateBody):
    """A manager wants it at once, not only in the quiet hour; or again, after it went wrong."""

    KIND: ClassVar[str] = "update.wanted"


@dataclass(frozen=True, slots=True)
class UpdateBegun(UpdateBody):
    """The terminal that wrote this takes its turn; whoever wrote it first goes first."""

    KIND: ClassVar[str] = "update.begun"


@dataclass(frozen=True, slots=True)
class UpdateEnded(UpdateBody):
    """How it ended at the terminal that wrote this: ``kept``, ``went back`` or ``failed``.

    ``went back`` was tried and did not sell; ``failed`` was not installed. ``why`` says what ailed.
    """

    KIND: ClassVar[str] = "update.ended"
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class UpdateHourSet(Body):
    """When the house is quiet enough for updates: minutes after midnight; the last one counts.

    -1 is the end of the business day.
    """

    KIND: ClassVar[str] = "update.hour_set"
    minutes: int

    def aggregates(self) -> tuple[str, ...]:
        """Return the one aggregate of all updates."""
        return (UPDATES,)


@dataclass(frozen=True, slots=True)
class UpdateRuns(Body):
    """Which version runs on the terminal that wrote this, and for which updates it is made.

    It is said when it changes.
    """

    KIND: ClassVar[str] = "update.runs"
    version: str
    compatible: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the one aggregate of all updates."""
        return (UPDATES,)


BODIES = (UpdateOffered, UpdateWanted, UpdateBegun, UpdateEnded, UpdateHourSet, UpdateRuns)
