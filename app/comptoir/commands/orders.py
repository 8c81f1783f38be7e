"""Taking orders: open a check, add lines, set quantities, void."""

from dataclasses import dataclass, replace

from comptoir.commands.availability import enough_left, take_from_count
from comptoir.commands.bills import known, line_of, reason_of, sent, unpaid
from comptoir.commands.courses import course_of
from comptoir.commands.desk import SERVICE, Command, Desk, handles, need_manager
from comptoir.commands.menu_lines import lines_of
from comptoir.commands.seats import seats_of
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.domain.menu import EAT_IN, ORDER_TYPES
from comptoir.domain.price_lists import moment
from comptoir.journal import Writing

__all__ = ["AddLine", "OpenCheck", "SetQuantity", "VoidLine", "known", "unpaid"]
QTY_MILLI_MAX = 999_000
COVERS_MAX = 999
LINES_MAX = 500
NOTE_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class OpenCheck(Command):
    """Open a check at a table, or for taking away."""

    check: str
    order_type: str = EAT_IN
    table: str = ""
    covers: int = 0


@dataclass(frozen=True, slots=True)
class AddLine(Command):
    """Add an item to a check; ``qty_milli`` in thousandths (grams of what is sold by weight).

    ``modifiers`` are modifier ids, with prefix and way when they have one: ``duck/extra:pancakes``.
    ``price`` (minor units) is said for items of open price only. Without seats it is the whole
    table's; without a course it has its item's.
    """

    check: str
    line: str
    item: str
    qty_milli: int = 1000
    modifiers: tuple[str, ...] = ()
    note: str = ""
    variant: str = ""
    price: int | None = None
    seats: tuple[int, ...] = ()
    course: int = 0


@dataclass(frozen=True, slots=True)
class SetQuantity(Command):
    """Change the quantity of a line that the kitchen has not seen."""

    check: str
    line: str
    qty_milli: int


@dataclass(frozen=True, slots=True)
class VoidLine(Command):
    """Take a line off the check; once it was sent, a reason is needed."""

    check: str
    line: str
    reason: str = ""


def _quantity(qty_milli: int) -> int:
    if not 0 < qty_milli <= QTY_MILLI_MAX:
        raise AmountRefused(f"A quantity is between 0.001 and {QTY_MILLI_MAX // 1000}.")
    return qty_milli


@handles(OpenCheck, SERVICE)
def open_check(command: OpenCheck, writing: Writing, desk: Desk) -> None:
    """Open a check under the next number of this terminal's own series."""
    if command.order_type not in ORDER_TYPES:
        raise AmountRefused(f"{command.order_type!r} is no order type; use eat_in or take_away.")
    if not 0 <= command.covers <= COVERS_MAX:
        raise AmountRefused(f"Covers are between 0 and {COVERS_MAX}.")
    number = f"{desk.letter}{desk.log.epoch}-{writing.checks_opened() + 1}"
    where = (command.order_type, command.table, command.covers)
    terms = writing.state("terms:it").copied
    writing.append(ev.CheckOpened(command.check, number, *where, terms))


@handles(AddLine, SERVICE)
def add_line(command: AddLine, writing: Writing, desk: Desk) -> None:
    """Add a line with copies of names, price and taxes as of now; of a set meal, each dish."""
    check = unpaid(writing, command.check)
    if len(check.lines) >= LINES_MAX:
        raise AmountRefused(f"Check {check.number} has {LINES_MAX} lines; open a second one.")
    _quantity(command.qty_milli)
    seats = seats_of(command.seats)
    at = moment(desk.clock.now_ms(), writing.state("restaurant:it").timezone)
    for line in lines_of(command, check.order_type, writing.state("menu:it"), at):
        course = course_of(command.course) if command.course else line.course
        placed = replace(line, seats=seats, course=course)
        writing.append(take_from_count(writing, placed))


@handles(SetQuantity, SERVICE)
def set_quantity(command: SetQuantity, writing: Writing, desk: Desk) -> None:
    """Change a quantity while the kitchen does not know of the line."""
    del desk
    check = unpaid(writing, command.check)
    line = line_of(check, command.line)
    if sent(line):
        raise AmountRefused("The kitchen has this line. Void it with a reason, or add another.")
    qty_milli = _quantity(command.qty_milli)
    for one in check.together(line):
        enough_left(writing, one, qty_milli - one.qty_milli)
        writing.append(ev.LineQtySet(check.owner(one.id), one.id, qty_milli, one.count))


@handles(VoidLine, SERVICE)
def void_line(command: VoidLine, writing: Writing, desk: Desk) -> None:
    """Void a line; it stays on record. One that was sent needs a reason and a manager."""
    del desk
    check = unpaid(writing, command.check)
    line = line_of(check, command.line)
    reason = command.reason.strip()[:NOTE_CHARACTERS_MAX]
    if sent(line):
        reason = reason_of(command.reason, "voiding what the kitchen has")
        need_manager(writing, "Voiding what the kitchen has")
    for one in check.together(line):
        back = "" if sent(one) else one.count
        writing.append(ev.LineVoided(check.owner(one.id), one.id, reason, back))
