"""How guests are served: names of courses, eaten in or taken away, the bill they asked for."""

from dataclasses import dataclass

from comptoir.commands.bills import unpaid
from comptoir.commands.courses import COURSES_MAX
from comptoir.commands.desk import MANAGERS, SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.check import TAKEN, Check
from comptoir.domain.errors import AmountRefused, ItemNotFound
from comptoir.domain.menu import ORDER_TYPES, Menu, Names
from comptoir.domain.tax import TaxRate
from comptoir.journal import Writing

NAME_CHARACTERS_MAX = 40


@dataclass(frozen=True, slots=True)
class NameCourses(Command):
    """Say what the house calls its courses, by language, the first one first."""

    names: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class AskBill(Command):
    """Note that the guests want to pay, or not yet after all."""

    check: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class SetOrderType(Command):
    """Let a check be eaten in or taken away: its taxes follow, its prices stay."""

    check: str
    order_type: str


@handles(NameCourses, MANAGERS)
def name_courses(command: NameCourses, writing: Writing, desk: Desk) -> None:
    """Write the names; each course has one at least."""
    del desk
    if len(command.names) > COURSES_MAX:
        raise AmountRefused(f"There are at most {COURSES_MAX} courses.")
    names = tuple(
        {
            language: name.strip()[:NAME_CHARACTERS_MAX]
            for language, name in each.items()
            if name.strip()
        }
        for each in command.names
    )
    if not all(names):
        raise AmountRefused("Give each course a name in one language at least.")
    writing.append(ev.CoursesNamed(names))


@handles(AskBill, SERVICE)
def ask_bill(command: AskBill, writing: Writing, desk: Desk) -> None:
    """Write that the bill is wanted."""
    del desk
    bill = unpaid(writing, command.check)
    for check in bill.members or (bill,):
        writing.append(ev.BillAsked(check.id, command.asked))


@handles(SetOrderType, SERVICE)
def set_order_type(command: SetOrderType, writing: Writing, desk: Desk) -> None:
    """Write it for every check of the bill, with the taxes of its lines."""
    del desk
    if command.order_type not in ORDER_TYPES:
        raise AmountRefused(f"{command.order_type!r} is no order type; use eat_in or take_away.")
    bill = unpaid(writing, command.check)
    if any(payment.status == TAKEN for payment in bill.payments):
        raise AmountRefused(f"Check {bill.number} is paid in part; its taxes stay as they are.")
    menu: Menu = writing.state("menu:it")
    for check in bill.members or (bill,):
        taxes = _taxes(check, menu, command.order_type)
        body = ev.OrderTypeSet(check.id, command.order_type, tuple(taxes), tuple(taxes.values()))
        writing.append(body)


def _taxes(check: Check, menu: Menu, order_type: str) -> dict[str, tuple[TaxRate, ...]]:
    """Return the taxes of each line; one whose item is no longer on the menu keeps its own."""
    found = {}
    for line in check.live_lines:
        try:
            found[line.id] = menu.rates(menu.item(line.item), order_type)
        except ItemNotFound:
            continue
    return found
