"""What is ordered on a check, and how far the kitchen is with it."""

from dataclasses import dataclass, field
from typing import ClassVar

from comptoir.domain.events.base import CheckBody
from comptoir.domain.menu import EACH, Modifier, Names
from comptoir.domain.pricing import Terms
from comptoir.domain.tax import TaxRate


def _with_count(check: str, count: str) -> tuple[str, ...]:
    return (f"check:{check}", f"count:{count}") if count else (f"check:{check}",)


@dataclass(frozen=True, slots=True)
class CheckOpened(CheckBody):
    """A check was opened; its number belongs to the terminal's own series.

    ``terms`` says how it is priced, whatever the house decides later.
    """

    KIND: ClassVar[str] = "check.opened"
    number: str
    order_type: str
    table: str = ""
    covers: int = 0
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class LineAdded(CheckBody):
    """A line was added, with copies of names, price and taxes.

    Each dish of a set meal is a line of its own with its share of the meal's price; ``part_of`` is
    the id of the meal's first line, ``meal`` the meal's name. ``count`` names the count of what is
    left that this line takes from, each piece of it ``portion_milli`` thousandths.
    ``cost`` is what one costs the house, without taxes; 0 is not known.
    """

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
    variant: str = ""
    kitchen: Names = field(default_factory=dict)
    receipt: Names = field(default_factory=dict)
    allergens: tuple[str, ...] = ()
    sold_by: str = EACH
    price_list: str = ""
    part_of: str = ""
    meal: Names = field(default_factory=dict)
    count: str = ""
    portion_milli: int = 1000
    cost: int = 0

    def aggregates(self) -> tuple[str, ...]:
        """Return the check, and the count of what is left when the item is counted."""
        return _with_count(self.check, self.count)


@dataclass(frozen=True, slots=True)
class LineQtySet(CheckBody):
    """The quantity of a line is now this, in thousandths."""

    KIND: ClassVar[str] = "check.line_qty_set"
    line: str
    qty_milli: int
    count: str = ""

    def aggregates(self) -> tuple[str, ...]:
        """Return the check, and the count of what is left when the item is counted."""
        return _with_count(self.check, self.count)


@dataclass(frozen=True, slots=True)
class LineVoided(CheckBody):
    """A line does not count any more; void beats every edit."""

    KIND: ClassVar[str] = "check.line_voided"
    line: str
    reason: str
    count: str = ""

    def aggregates(self) -> tuple[str, ...]:
        """Return the check, and the count that the line goes back to."""
        return _with_count(self.check, self.count)


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
