"""What is ordered on a check, and how far the kitchen is with it."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import CheckBody
from comptoir.domain.menu import Modifier, Names
from comptoir.domain.tax import TaxRate


@dataclass(frozen=True, slots=True)
class CheckOpened(CheckBody):
    """A check was opened; its number belongs to the terminal's own series."""

    KIND: ClassVar[str] = "check.opened"
    number: str
    order_type: str
    table: str = ""
    covers: int = 0


@dataclass(frozen=True, slots=True)
class LineAdded(CheckBody):
    """A line was added, with copies of name, price and taxes."""

    KIND: ClassVar[str] = "check.line_added"
    line: str
    item: str
    names: Names
    qty_milli: int
    unit_price: int
    modifiers: tuple[Modifier, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    station: str = "kitchen"
    course: int = 1
    note: str = ""
    seats: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LineQtySet(CheckBody):
    """The quantity of a line is now this, in thousandths."""

    KIND: ClassVar[str] = "check.line_qty_set"
    line: str
    qty_milli: int


@dataclass(frozen=True, slots=True)
class LineVoided(CheckBody):
    """A line does not count any more; void beats every edit."""

    KIND: ClassVar[str] = "check.line_voided"
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinesFired(CheckBody):
    """Lines were sent to the kitchen."""

    KIND: ClassVar[str] = "check.fired"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinesBumped(CheckBody):
    """The kitchen finished lines; ``status`` is ``ready`` or ``served``."""

    KIND: ClassVar[str] = "kitchen.bumped"
    lines: tuple[str, ...]
    status: str


BODIES = (CheckOpened, LineAdded, LineQtySet, LineVoided, LinesFired, LinesBumped)
