"""Lines of a check as people read them: equal dishes on one row, though each stays its own fact.

Two waiters adding the same dish at once therefore both count; a row is only a way of showing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comptoir.commands import Command, SetQuantity, VoidLine
from comptoir.domain.check import UNSENT, Check, Line

UNDONE = "undone"
QUANTITIES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20)  # offered in one tap


@dataclass(frozen=True, slots=True)
class Row:
    """Equal lines; ``id`` is the first one's."""

    lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        """Return the row's name: its first line's id."""
        return self.lines[0].id

    @property
    def line(self) -> Line:
        """Return the line that stands for all."""
        return self.lines[0]

    @property
    def qty_milli(self) -> int:
        """Return the quantity of all lines, in thousandths."""
        return sum(line.qty_milli for line in self.lines)

    @property
    def amount(self) -> int:
        """Return what the row costs, minor units."""
        return sum(line.amount for line in self.lines)

    @property
    def unsent(self) -> bool:
        """Tell whether the kitchen has not seen it."""
        return self.line.status == UNSENT


def rows(check: Check) -> list[Row]:
    """Return the rows of a check in the order in which they began.

    A line voided before it was sent leaves no row: nobody but the journal needs it.
    """
    return grouped(line for line in check.lines if not (line.voided and line.status == UNSENT))


def grouped(lines: Iterable[Line]) -> list[Row]:
    """Put equal lines on one row."""
    found: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        chosen = tuple(modifier.choice for modifier in line.modifiers)
        same = (
            line.item,
            line.variant,
            line.part_of,
            line.unit_price,
            chosen,
            line.note,
            line.status,
            line.voided,
            line.comped,
            line.seats,
            line.course,
            line.held,
            tuple(change.id for change in line.changes),
        )
        found.setdefault((*same, line.fired_ms), []).append(line)
    return [Row(tuple(equal)) for equal in found.values()]


def row_of(check: Check, line: str) -> Row | None:
    """Return the row on which a line stands."""
    for row in rows(check):
        if any(one.id == line for one in row.lines):
            return row
    return None


def set_row(check: str, row: Row, wanted_milli: int, command: str) -> Iterator[Command]:
    """Return the commands that make an unsent row's quantity ``wanted_milli``; 0 undoes it."""
    more = wanted_milli - row.qty_milli
    if more > 0:
        first = row.lines[0]
        yield SetQuantity(f"{command}-0", check, first.id, first.qty_milli + more)
    for i, line in enumerate(reversed(row.lines)):
        if more >= 0:
            return
        if line.qty_milli + more <= 0:
            yield VoidLine(f"{command}-{i}", check, line.id, UNDONE)
        else:
            yield SetQuantity(f"{command}-{i}", check, line.id, line.qty_milli + more)
        more += line.qty_milli
