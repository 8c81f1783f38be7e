"""Charging less, or more: comps, discounts of a line or a check, the service charge."""

from dataclasses import dataclass

from comptoir.commands.bills import line_of, reason_of, unpaid
from comptoir.commands.desk import MANAGERS, SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.domain.menu import Menu
from comptoir.domain.money import PPM
from comptoir.journal import Writing

AMOUNT_MAX = 100_000_000
NAME_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class CompLine(Command):
    """Give a line for nothing, or charge it again; it stays on the check."""

    check: str
    line: str
    reason: str = ""
    comped: bool = True


@dataclass(frozen=True, slots=True)
class SetDiscount(Command):
    """Discount a line, or the whole check when none is named; neither takes it away.

    ``ppm`` is parts per million (10 % is 100,000), ``amount`` minor units.
    """

    check: str
    line: str = ""
    ppm: int = 0
    amount: int = 0
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetServiceCharge(Command):
    """Add so many parts per million for service; ``taxes`` are ids of the menu's rates on it."""

    check: str
    ppm: int
    name: str = ""
    taxes: tuple[str, ...] = ()


@handles(CompLine, MANAGERS, approved=SERVICE)
def comp_line(command: CompLine, writing: Writing, desk: Desk) -> None:
    """Write who was given what, and why."""
    del desk
    check = unpaid(writing, command.check)
    line = line_of(check, command.line)
    reason = reason_of(command.reason, "giving something for nothing") if command.comped else ""
    for one in check.together(line):
        writing.append(ev.LineComped(check.owner(one.id), one.id, reason, command.comped))


@handles(SetDiscount, MANAGERS, approved=SERVICE)
def set_discount(command: SetDiscount, writing: Writing, desk: Desk) -> None:
    """Write a discount; of checks paid together, a line's on its own check."""
    del desk
    check = unpaid(writing, command.check)
    if not (0 <= command.ppm <= PPM and 0 <= command.amount <= AMOUNT_MAX):
        raise AmountRefused("A discount is 0 to 100 %, and no amount below 0.")
    reason = ""
    if command.ppm or command.amount:
        reason = reason_of(command.reason, "a discount")
    owner = command.check
    if command.line:
        owner = check.owner(line_of(check, command.line).id)
    name = command.name.strip()[:NAME_CHARACTERS_MAX]
    writing.append(ev.DiscountSet(owner, command.line, command.ppm, command.amount, name, reason))


@handles(SetServiceCharge, SERVICE)
def set_service_charge(command: SetServiceCharge, writing: Writing, desk: Desk) -> None:
    """Write the service charge with copies of its taxes."""
    del desk
    unpaid(writing, command.check)
    if not 0 <= command.ppm <= PPM:
        raise AmountRefused("A service charge is 0 to 100 %.")
    menu: Menu = writing.state("menu:it")
    taxes = tuple(rate for rate in menu.taxes if rate.id in command.taxes)
    if unknown := set(command.taxes) - {rate.id for rate in taxes}:
        raise AmountRefused(f"The menu has no tax {', '.join(sorted(unknown))}.")
    name = command.name.strip()[:NAME_CHARACTERS_MAX]
    writing.append(ev.ServiceChargeSet(command.check, command.ppm, name, taxes))
