"""Splitting a bill: by item, by seat, in equal parts, by amount; splitting again, and undoing."""

from dataclasses import dataclass

from comptoir.commands.bills import known, unpaid
from comptoir.commands.desk import SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.errors import SplitRefused
from comptoir.domain.parts import AMOUNTS, EVEN, ITEMS, SEATS, WAYS, Plan, Split, with_money
from comptoir.domain.payment import CANCELLED
from comptoir.journal import Writing

PARTS_MAX = 60
SPLITS_MAX = 50
WEIGHT_MAX = 999_000


@dataclass(frozen=True, slots=True)
class SplitCheck(Command):
    """Divide a check, or parts of it (``of``) that are still to pay, into parts.

    ``how`` is ``items``, ``seats``, ``even`` or ``amounts``; ids of parts are the caller's.
    """

    check: str
    split: str
    how: str
    parts: tuple[Plan, ...]
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoSplit(Command):
    """Put together what a split divided, and what its parts were divided into."""

    check: str
    split: str


@handles(SplitCheck, SERVICE)
def split_check(command: SplitCheck, writing: Writing, desk: Desk) -> None:
    """Write how a bill is divided."""
    del desk
    check = unpaid(writing, command.check)
    _refuse_nonsense(command, check)
    if check.parts and not command.of:
        raise SplitRefused(f"Check {check.number} is split. Undo that, or split its parts.")
    for name in command.of:
        if check.part(name).state != "open":
            raise SplitRefused("A part of these is paid. Split those that are still to pay.")
    writing.append(ev.CheckSplit(check.id, command.split, command.how, command.parts, command.of))


def _refuse_nonsense(command: SplitCheck, check: Check) -> None:
    names = [plan.id for plan in command.parts]
    taken = {name for split in check.splits for name in (split.id, *split.ids)}
    if command.how not in WAYS:
        raise SplitRefused(f"{command.how!r} is no way to split; use {', '.join(WAYS)}.")
    if not 1 < len(names) <= PARTS_MAX or len(check.splits) >= SPLITS_MAX:
        raise SplitRefused(f"A bill is split into 2 to {PARTS_MAX} parts, {SPLITS_MAX} times.")
    if len({*names, command.split}) != len(names) + 1 or taken & {*names, command.split}:
        raise SplitRefused("Every split and every part needs an id of its own.")
    if len(set(command.of)) != len(command.of) or "" in {*names, *command.of}:
        raise SplitRefused("A part to split stands twice, or has no id.")
    for plan in command.parts:
        _refuse_plan(plan, command.how, check)


def _refuse_plan(plan: Plan, how: str, check: Check) -> None:
    lines = {line.id for line in check.lines}
    weights = [plan.weight, *(share.weight for share in plan.lines)]
    if not all(0 < weight <= WEIGHT_MAX for weight in weights) or plan.amount < 0:
        raise SplitRefused("Shares and amounts are above zero.")
    if how == ITEMS and not {share.line for share in plan.lines} <= lines:
        raise SplitRefused(f"A line of part {plan.name or plan.id} is not on the check. Reload it.")
    if how == SEATS and not plan.seats:
        raise SplitRefused(f"Say which seats part {plan.name or plan.id} pays for.")
    if how == EVEN and plan.amount:
        raise SplitRefused("Equal parts have no amounts. Split by amounts instead.")
    if how != AMOUNTS and plan.amount:
        raise SplitRefused("Only a split by amounts has amounts.")


@handles(UndoSplit, SERVICE)
def undo_split(command: UndoSplit, writing: Writing, desk: Desk) -> None:
    """Write that a split counts no more, with those of its parts and its rivals."""
    del desk
    check = known(writing, command.check)
    split = next((one for one in check.splits if one.id == command.split), None)
    if split is None or split.undone:
        raise SplitRefused("This split is not there any more. Reload the check.")
    gone = _with_descendants(split, check.splits)
    busy = {payment.part for payment in check.payments if payment.status != CANCELLED}
    if with_money(check.splits, busy) & gone:
        raise SplitRefused(
            "A part of this split is paid, or just being paid. Split the unpaid parts again."
        )
    rivals = {one.id for one in check.splits if set(one.sources) & set(split.sources)}
    free = rivals - with_money(check.splits, busy)
    names = (one.id for one in check.splits if one.id in gone | free and not one.undone)
    writing.append(ev.SplitsUndone(check.id, tuple(names)))


def _with_descendants(split: Split, splits: tuple[Split, ...]) -> set[str]:
    found, parts = {split.id}, set(split.ids)
    grown = True
    while grown:
        more = [one for one in splits if one.id not in found and parts.intersection(one.of)]
        found |= {one.id for one in more}
        parts |= {name for one in more for name in one.ids}
        grown = bool(more)
    return found
