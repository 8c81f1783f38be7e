"""Whose money it is to take: what is being paid elsewhere is not asked for a second time.

Intents are claims. They come in the order in which the fold keeps payments, by (hlc, terminal), so
that two terminals whose intents crossed come to the same: the earlier one goes on.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from comptoir.domain.check import INTENDED, Check, Payment
from comptoir.domain.parts import WHOLE


def before(check: Check, payment: str) -> Sequence[Payment]:
    """Return the payments of a check that were meant before this one; all when it is none."""
    return tuple(takewhile(lambda one: one.id != payment, check.payments))


def in_the_way(check: Check, amount: int, part: str, claims: Iterable[Payment]) -> Payment | None:
    """Return who else takes the money that ``amount`` would ask for; None when it is still due.

    Claims that fit into what is due, each after the one before, leave less of it: of the check and
    of the part that they are for. Different parts do not hinder each other.
    """
    left = {WHOLE: check.due} | {one.id: one.due for one in check.parts}

    def room(wanted: str) -> int:
        return min(left[WHOLE], left.get(wanted, left[WHOLE]))

    last = check.takings[-1] if check.takings else None
    for claim in claims:
        if claim.status == INTENDED and claim.amount <= room(claim.part):
            last = claim
            for name in {WHOLE, claim.part} & left.keys():
                left[name] -= claim.amount
    return None if amount <= room(part) else last
