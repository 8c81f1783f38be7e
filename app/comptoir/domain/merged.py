"""Checks that are paid together: each keeps its own facts, and all are read as one.

Nothing is copied, so that whatever happens to a merged check elsewhere still counts. Money decides:
checks that were paid together stay together, also when they were taken apart at the same time.
"""

from collections.abc import Callable
from dataclasses import replace

from comptoir.domain.check import TAKEN, Check, Payment

Find = Callable[[str], Check]


def head_of(check: Check, find: Find) -> Check:
    """Return the check that a bill is named after; of checks merged in a circle, the first id."""
    trail = [check]
    while name := _into(trail[-1], find):
        met = [one.id for one in trail]
        if name in met:
            return min(trail[met.index(name) :], key=lambda one: one.id)
        trail.append(find(name))
    return trail[-1]


def united(check: Check, find: Find) -> Check:
    """Return the whole bill that a check belongs to; the check itself when it is alone."""
    if not (check.merged_into or check.sources or check.left or check.leavers):
        return check
    head = head_of(check, find)
    members = _members(head, find)
    if len(members) == 1:
        return head
    payments: dict[str, Payment] = {}
    for payment in (payment for member in members for payment in member.payments):
        known = payments.get(payment.id)
        payments[payment.id] = _one(known, payment) if known else payment
    return replace(
        head,
        lines=tuple(line for member in members for line in member.lines),
        payments=tuple(payments.values()),
        allergies=tuple(dict.fromkeys(a for member in members for a in member.allergies)),
        covers=sum(member.covers for member in members),
        changed_ms=max(member.changed_ms for member in members),
        newer_version=any(member.newer_version for member in members),
        squared=(),
        members=tuple(members),
    )


def _into(check: Check, find: Find) -> str:
    """Return the check that one is paid with; one it was taken off from when money was for both."""
    if check.merged_into:
        return check.merged_into
    return next((name for name in check.left if _paid_together(check, find(name))), "")


def _paid_together(one: Check, other: Check) -> bool:
    pair = {one.id, other.id}
    money = (payment for check in (one, other) for payment in check.takings)
    return any(payment.kept > 0 and pair.issubset(payment.together) for payment in money)


def _one(first: Payment, second: Payment) -> Payment:
    """Return a payment of which two checks heard: taken on one, given back on the other."""
    taken, other = (second, first) if second.status == TAKEN else (first, second)
    tip = other.tip if other.tip_changes else taken.tip
    return replace(taken, tip=tip, refunds=(*taken.refunds, *other.refunds))


def _members(head: Check, find: Find) -> list[Check]:
    found = {head.id: head}
    waiting = [head]
    while waiting:
        one = waiting.pop(0)
        for name in (*one.sources, *one.leavers):
            source = find(name)
            if name not in found and _into(source, find) == one.id:
                found[name] = source
                waiting.append(source)
    return list(found.values())
