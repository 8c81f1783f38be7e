"""What is true of a whole check: its table, its server, its guests and what they must not eat."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import CheckBody


@dataclass(frozen=True, slots=True)
class CheckMoved(CheckBody):
    """A check is now at this table; the last one wins."""

    KIND: ClassVar[str] = "check.moved"
    table: str


@dataclass(frozen=True, slots=True)
class CheckHanded(CheckBody):
    """A check is now this server's; the last one wins."""

    KIND: ClassVar[str] = "check.handed"
    server: str


@dataclass(frozen=True, slots=True)
class CoversSet(CheckBody):
    """So many guests sit at a check; the last one wins."""

    KIND: ClassVar[str] = "check.covers_set"
    covers: int


@dataclass(frozen=True, slots=True)
class AllergySet(CheckBody):
    """A seat must not eat this, or may after all; seat 0 is the whole table."""

    KIND: ClassVar[str] = "check.allergy_set"
    seat: int
    allergy: str
    present: bool = True


BODIES = (CheckMoved, CheckHanded, CoversSet, AllergySet)
