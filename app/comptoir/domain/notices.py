"""What happened to a bill on another terminal at the same time, in words that a person can use."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain.parts import WHOLE, Split, below, in_force
from comptoir.domain.payment import TAKEN, Payment

OVERPAID_BY = "overpaid-by"
PART_PAID_MEANWHILE = "part-paid-meanwhile"
PAID_ELSEWHERE = "paid-for-part-gone"
SPLIT_ELSEWHERE = "split-elsewhere"
PAID_TOGETHER = "paid-together"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: its code, the split, part or payment it is about, who did it where."""

    code: str
    about: str
    terminal: str = ""
    by: str = ""
    amount: int = 0


def notices(splits: Sequence[Split], payments: Sequence[Payment], due: int) -> tuple[Notice, ...]:
    """Return the notices of a bill.

    ``overpaid-by``: too much was taken, give it back. ``part-paid-meanwhile``: the undo of a split
    did not count, because a part of it was paid. ``split-elsewhere``: a split lost to another one.
    ``paid-for-part-gone``: money named a part that is no more; it counts for all who still owe.
    """
    money = [payment for payment in payments if payment.status == TAKEN and payment.kept > 0]
    counting = in_force(splits, [payment.part for payment in money])
    known = {WHOLE, *below(counting)}
    found = [
        Notice(PART_PAID_MEANWHILE, split.id, split.terminal, split.by)
        for split in counting
        if split.undone
    ]
    found += [
        Notice(SPLIT_ELSEWHERE, split.id, split.terminal, split.by)
        for split in splits
        if split not in counting and not split.undone
    ]
    found += [
        Notice(PAID_ELSEWHERE, payment.id, payment.terminal, payment.taken_by, payment.kept)
        for payment in money
        if payment.part not in known
    ]
    if due < 0 and money:
        last = money[-1]
        found.append(Notice(OVERPAID_BY, last.id, last.terminal, last.taken_by, -due))
    return tuple(found)
