"""What becomes of a line after it was added: its seats, its course, held, changed, comped."""

from dataclasses import dataclass, field
from typing import ClassVar

from comptoir.domain.events.base import CheckBody
from comptoir.domain.menu import EACH, Modifier, Names
from comptoir.domain.tax import TaxRate


@dataclass(frozen=True, slots=True)
class LineSeatsSet(CheckBody):
    """A line belongs to these seats, to the whole table when there is none; the last one wins."""

    KIND: ClassVar[str] = "check.line_seats_set"
    line: str
    seats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinesCourseSet(CheckBody):
    """Lines belong to this course; the last one wins."""

    KIND: ClassVar[str] = "check.course_set"
    lines: tuple[str, ...]
    course: int


@dataclass(frozen=True, slots=True)
class LinesHeld(CheckBody):
    """Lines wait until they are fired by name or with their course; or wait no more."""

    KIND: ClassVar[str] = "check.held"
    lines: tuple[str, ...]
    held: bool = True


@dataclass(frozen=True, slots=True)
class LineChanged(CheckBody):
    """A line is now this dish: ``fired`` when the kitchen had the old one and must be told.

    ``change`` names the change, for the kitchen to say that it has seen it.
    """

    KIND: ClassVar[str] = "check.line_changed"
    line: str
    change: str
    item: str
    names: Names
    qty_milli: int
    unit_price: int
    modifiers: tuple[Modifier, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    station: str = "kitchen"
    note: str = ""
    fired: bool = False
    variant: str = ""
    kitchen: Names = field(default_factory=dict)
    receipt: Names = field(default_factory=dict)
    allergens: tuple[str, ...] = ()
    sold_by: str = EACH
    price_list: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class LineComped(CheckBody):
    """A line stays on the check and is given for nothing; or is charged again."""

    KIND: ClassVar[str] = "check.line_comped"
    line: str
    reason: str
    comped: bool = True


@dataclass(frozen=True, slots=True)
class ChangesSeen(CheckBody):
    """The kitchen has seen changes of dishes that it had."""

    KIND: ClassVar[str] = "kitchen.changes_seen"
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinesRecalled(CheckBody):
    """The kitchen called bumped lines back: they are to be cooked, or looked at, again."""

    KIND: ClassVar[str] = "kitchen.recalled"
    lines: tuple[str, ...]


BODIES = (
    LineSeatsSet,
    LinesCourseSet,
    LinesHeld,
    LineChanged,
    LineComped,
    ChangesSeen,
    LinesRecalled,
)
