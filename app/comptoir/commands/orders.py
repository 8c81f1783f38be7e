"""Taking orders: open a check, add and change lines, send them to the kitchen, bump them."""

from dataclasses import dataclass

from comptoir.commands.availability import enough_left, take_from_count
from comptoir.commands.desk import COOKS, SERVICE, Command, Desk, handles
from comptoir.commands.menu_lines import lines_of
from comptoir.domain import events as ev
from comptoir.domain.check import PROGRESS, SETTLED, UNSENT, Check, Line
from comptoir.domain.errors import (
    AmountRefused,
    CheckNotFound,
    CheckSettled,
    LineNotFound,
    NothingToSend,
)
from comptoir.domain.menu import EAT_IN, ORDER_TYPES
from comptoir.domain.price_lists import moment
from comptoir.journal import Writing

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
    ``price`` (minor units) is said for items of open price only.
    """

    check: str
    line: str
    item: str
    qty_milli: int = 1000
    modifiers: tuple[str, ...] = ()
    note: str = ""
    variant: str = ""
    price: int | None = None


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


@dataclass(frozen=True, slots=True)
class Fire(Command):
    """Send all waiting lines to the kitchen."""

    check: str


@dataclass(frozen=True, slots=True)
class Bump(Command):
    """Mark lines as ready or served."""

    check: str
    lines: tuple[str, ...]
    status: str


def known(writing: Writing, check: str) -> Check:
    """Return a check that was opened; raises CheckNotFound."""
    state: Check = writing.state(f"check:{check}")
    if not state.number:
        raise CheckNotFound(check)
    return state


def unpaid(writing: Writing, check: str) -> Check:
    """Return a check that still takes orders; raises CheckSettled when it is paid."""
    state = known(writing, check)
    if state.state == SETTLED:
        raise CheckSettled(state.number)
    return state


def _line(check: Check, name: str) -> Line:
    for line in check.live_lines:
        if line.id == name:
            return line
    raise LineNotFound(name, check.number)


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
    """Add a line with copies of names, price and taxes as they are now; of a set meal, each dish."""
    check = unpaid(writing, command.check)
    if len(check.lines) >= LINES_MAX:
        raise AmountRefused(f"Check {check.number} has {LINES_MAX} lines; open a second one.")
    _quantity(command.qty_milli)
    at = moment(desk.clock.now_ms(), writing.state("restaurant:it").timezone)
    for line in lines_of(command, check.order_type, writing.state("menu:it"), at):
        writing.append(take_from_count(writing, line))


@handles(SetQuantity, SERVICE)
def set_quantity(command: SetQuantity, writing: Writing, desk: Desk) -> None:
    """Change a quantity while the kitchen does not know of the line."""
    del desk
    check = unpaid(writing, command.check)
    line = _line(check, command.line)
    if line.status != UNSENT:
        raise AmountRefused("The kitchen has this line. Void it with a reason, or add another.")
    qty_milli = _quantity(command.qty_milli)
    for one in check.together(line):
        enough_left(writing, one, qty_milli - one.qty_milli)
        writing.append(ev.LineQtySet(command.check, one.id, qty_milli, one.count))


@handles(VoidLine, SERVICE)
def void_line(command: VoidLine, writing: Writing, desk: Desk) -> None:
    """Void a line; it stays on record with its reason."""
    del desk
    check = unpaid(writing, command.check)
    line = _line(check, command.line)
    if line.status != UNSENT and not command.reason.strip():
        raise AmountRefused("The kitchen has this line: say why it is voided.")
    reason = command.reason.strip()[:NOTE_CHARACTERS_MAX]
    for one in check.together(line):
        back = one.count if one.status == UNSENT else ""
        writing.append(ev.LineVoided(command.check, one.id, reason, back))


@handles(Fire, SERVICE)
def fire(command: Fire, writing: Writing, desk: Desk) -> None:
    """Send what waits."""
    del desk
    check = known(writing, command.check)
    if not check.unsent:
        raise NothingToSend(f"Nothing on check {check.number} waits to be sent.")
    writing.append(ev.LinesFired(command.check, tuple(line.id for line in check.unsent)))


@handles(Bump, COOKS)
def bump(command: Bump, writing: Writing, desk: Desk) -> None:
    """Move lines forward; the most advanced status wins."""
    del desk
    check = known(writing, command.check)
    if command.status not in PROGRESS[2:]:
        raise AmountRefused(f"{command.status!r} is no kitchen status; use ready or served.")
    lines = tuple(_line(check, name).id for name in command.lines)
    writing.append(ev.LinesBumped(command.check, lines, command.status))
