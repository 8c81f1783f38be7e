"""Whose money it is to take: what is being paid elsewhere is not asked for a second time.

Intents are claims. They come in the order in which the fold keeps payments, by (hlc, terminal), so
that two terminals whose intents crossed come to the same: the earlier one goes on.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from comptoir.domain.accounts import Account
from comptoir.domain.check import INTENDED, Check, Payment
from comptoir.domain.parts import WHOLE


def before(payments: Sequence[Payment], payment: str) -> Sequence[Payment]:
    """Return the payments that were meant before this one; all when it is none of them."""
    return tuple(takewhile(lambda one: one.id != payment, payments))


def due(owing: Check | Account) -> Mapping[str, int]:
    """Return what is still to pay of the whole, and of each part of it."""
    if isinstance(owing, Account):
        return {WHOLE: owing.owed}
    return {WHOLE: owing.due} | {part.id: part.due for part in owing.parts}


def in_the_way(
    owing: Check | Account, amount: int, part: str, claims: Iterable[Payment]
) -> Payment | None:
    """Return who else takes the money that ``amount`` would ask for; None when it is still due.

    Claims that fit into what is due, each after the one before, leave less of it: of the whole
    and of the part that they are for. Different parts do not hinder each other.
    """
    left = dict(due(owing))

    def room(wanted: str) -> int:
        return min(left[WHOLE], left.get(wanted, left[WHOLE]))

    last = _newest(owing)
    for claim in claims:
        if claim.status == INTENDED and claim.amount <= room(claim.part):
            last = claim
            for name in {WHOLE, claim.part} & left.keys():
                left[name] -= claim.amount
    return None if amount <= room(part) else last


def _newest(owing: Check | Account) -> Payment | None:
    """Return the payment that was taken last."""
    if isinstance(owing, Check):
        return owing.takings[-1] if owing.takings else None
    paid = [one for one in owing.payments if owing.paid(one.id)]
    return paid[-1] if paid else None
