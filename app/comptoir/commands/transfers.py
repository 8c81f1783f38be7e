"""Moving checks: to another table, to another server, together on one bill."""

from dataclasses import dataclass

from comptoir.commands.bills import known, unpaid
from comptoir.commands.desk import SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.errors import AmountRefused, MergeRefused
from comptoir.domain.house import Staff
from comptoir.domain.payment import INTENDED
from comptoir.journal import Writing

MEMBERS_MAX = 20


@dataclass(frozen=True, slots=True)
class MoveCheck(Command):
    """Take a check to another table; an empty one is no table."""

    check: str
    table: str


@dataclass(frozen=True, slots=True)
class HandCheck(Command):
    """Give a check to another server."""

    check: str
    server: str


@dataclass(frozen=True, slots=True)
class MergeChecks(Command):
    """Let ``source`` be paid with this check; its dishes stay on record under their own check."""

    check: str
    source: str


@dataclass(frozen=True, slots=True)
class UnmergeCheck(Command):
    """Let ``source`` be paid for itself again, while nothing was paid for both."""

    check: str
    source: str


@handles(MoveCheck, SERVICE)
def move_check(command: MoveCheck, writing: Writing, desk: Desk) -> None:
    """Write where a bill's guests sit now."""
    del desk
    for check in _members(known(writing, command.check)):
        writing.append(ev.CheckMoved(check.id, command.table))


@handles(HandCheck, SERVICE)
def hand_check(command: HandCheck, writing: Writing, desk: Desk) -> None:
    """Write whose bill it is now."""
    del desk
    bill = known(writing, command.check)
    person: Staff = writing.state(f"staff:{command.server}")
    if not (person.name and person.active):
        raise AmountRefused(f"Nobody here is {command.server!r}. Choose one of the staff.")
    for check in _members(bill):
        writing.append(ev.CheckHanded(check.id, command.server))


@handles(MergeChecks, SERVICE)
def merge_checks(command: MergeChecks, writing: Writing, desk: Desk) -> None:
    """Put two bills together; both must still be to pay, and the second one whole."""
    del desk
    bill, source = unpaid(writing, command.check), unpaid(writing, command.source)
    if bill.id == source.id:
        raise MergeRefused(f"Check {bill.number} is one bill with that one already.")
    if source.parts:
        raise MergeRefused(f"Check {source.number} is split. Undo the split, or merge into it.")
    if any(payment.status == INTENDED for payment in source.payments):
        raise MergeRefused(f"Check {source.number} is just being paid. Wait, or cancel that.")
    if len(_members(bill)) + len(_members(source)) > MEMBERS_MAX:
        raise MergeRefused(f"A bill has at most {MEMBERS_MAX} checks.")
    writing.append(ev.ChecksMerged(bill.id, source.id))


@handles(UnmergeCheck, SERVICE)
def unmerge_check(command: UnmergeCheck, writing: Writing, desk: Desk) -> None:
    """Take a check off a bill, with those that were merged into it before."""
    del desk
    bill = known(writing, command.check)
    source: Check = writing.state(f"check:{command.source}")
    if source.id == bill.id or source not in bill.members:
        raise MergeRefused(f"Check {source.number or source.id} is not on this bill. Reload it.")
    if bill.parts:
        raise MergeRefused(f"Check {bill.number} is split. Undo the split first.")
    if any(payment.status == INTENDED for payment in bill.payments):
        raise MergeRefused(f"Check {bill.number} is just being paid. Wait, or cancel that.")
    if any(payment.together and payment.kept > 0 for payment in bill.takings):
        raise MergeRefused(f"Check {bill.number} was paid together. Give that money back first.")
    writing.append(ev.ChecksUnmerged(source.merged_into, source.id))


def _members(bill: Check) -> tuple[Check, ...]:
    return bill.members or (bill,)


def square(writing: Writing, check: str) -> None:
    """Note of each check of a bill that was paid together what it came to, so that it rests."""
    bill = known(writing, check)
    if bill.due != 0:
        return
    for member in bill.members:
        writing.append(ev.Squared(member.id, member.total, member.paid))
