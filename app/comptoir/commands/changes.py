"""Changing a dish after it was ordered: a kitchen that has it is told, and says it has seen it."""

from dataclasses import dataclass

from comptoir.commands.availability import enough_left, take_from_count
from comptoir.commands.bills import known, line_of, sent, unpaid
from comptoir.commands.desk import COOKS, SERVICE, Command, Desk, handles
from comptoir.commands.menu_lines import lines_of
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.domain.line import SERVED
from comptoir.domain.price_lists import moment
from comptoir.journal import Writing

QTY_MILLI_MAX = 999_000
COPIED = (
    "item", "names", "qty_milli", "unit_price", "modifiers", "taxes", "station", "note",
    "variant", "kitchen", "receipt", "allergens", "sold_by", "price_list", "cost",
)  # fmt: skip
"""What a change takes from the line as it would be ordered now."""


@dataclass(frozen=True, slots=True)
class ChangeLine(Command):
    """Make a line another dish, quantity, choice or note, at the prices of now.

    The fields are those of AddLine; the line keeps its seats and its course.
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
class SeeChanges(Command):
    """Say that the kitchen has seen changes of dishes that it had."""

    check: str
    changes: tuple[str, ...]


@handles(ChangeLine, SERVICE)
def change_line(command: ChangeLine, writing: Writing, desk: Desk) -> None:
    """Write what a line is now; the change is named after the command."""
    check = unpaid(writing, command.check)
    old = line_of(check, command.line)
    if old.status == SERVED:
        raise AmountRefused("This was served. Void it with a reason, and order the other one.")
    if not 0 < command.qty_milli <= QTY_MILLI_MAX:
        raise AmountRefused(f"A quantity is between 0.001 and {QTY_MILLI_MAX // 1000}.")
    at = moment(desk.clock.now_ms(), writing.state("restaurant:it").timezone)
    made = list(lines_of(command, check.order_type, writing.state("menu:it"), at))
    if old.part_of or len(made) != 1:
        raise AmountRefused("A set meal is not changed into another. Void it and order anew.")
    new = made[0]
    if new.item == old.item:
        enough_left(writing, old, command.qty_milli - old.qty_milli)
    elif old.count or take_from_count(writing, new).count:
        raise AmountRefused("This is counted. Void it with a reason, and order the other one.")
    writing.append(
        ev.LineChanged(
            check.owner(old.id), old.id, command.id,
            **{name: getattr(new, name) for name in COPIED}, fired=sent(old),
        )
    )  # fmt: skip
    if old.count:
        quantity = ev.LineQtySet(check.owner(old.id), old.id, new.qty_milli, old.count)
        writing.append(quantity)


@handles(SeeChanges, COOKS)
def see_changes(command: SeeChanges, writing: Writing, desk: Desk) -> None:
    """Write that the kitchen knows."""
    del desk
    check = known(writing, command.check)
    owners: dict[str, tuple[str, ...]] = {}
    for line in check.lines:
        for change in line.unseen:
            if change.id in command.changes:
                owner = check.owner(line.id)
                owners[owner] = (*owners.get(owner, ()), change.id)
    if sum(map(len, owners.values())) != len(set(command.changes)) or not owners:
        raise AmountRefused("A change of these is not waiting to be seen. Reload the screen.")
    for owner, changes in owners.items():
        writing.append(ev.ChangesSeen(owner, changes))
