"""Checks that are paid together: each keeps its own facts, and all are read as one.

Nothing is copied, so that whatever happens to a merged check elsewhere still counts.
"""

from collections.abc import Callable
from dataclasses import replace

from comptoir.domain.check import TAKEN, Check, Payment

Find = Callable[[str], Check]


def head_of(check: Check, find: Find) -> Check:
    """Return the check that a bill is named after; of checks merged in a circle, the first id."""
    trail = [check]
    while trail[-1].merged_into:
        name = trail[-1].merged_into
        met = [one.id for one in trail]
        if name in met:
            return min(trail[met.index(name) :], key=lambda one: one.id)
        trail.append(find(name))
    return trail[-1]


def united(check: Check, find: Find) -> Check:
    """Return the whole bill that a check belongs to; the check itself when it is alone."""
    if not (check.merged_into or check.sources):
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
        for name in one.sources:
            source = find(name)
            if name not in found and source.merged_into == one.id:
                found[name] = source
                waiting.append(source)
    return list(found.values())
