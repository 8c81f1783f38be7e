"""Goods that came back: what is left of a sale without them, by the engine that priced it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from comptoir.domain.check import Check
from comptoir.domain.line import Line

def came_back(check: Check) -> Counter[str]:
    """Return how much of each line came back, in thousandths."""
    gone: Counter[str] = Counter()
    for payment in check.payments:
        for refund in payment.refunds:
            for one in refund.returned:
                gone[one.line] += one.qty_milli
    return gone

def remaining(check: Check, gone: Mapping[str, int]) -> Check:
    """Return the check as if what came back had never been ordered.

    Its total and its taxes are therefore those of the sale that stands; what a return gives back is
    the difference, with the taxes as they were stored.
    """

    return replace(check, lines=_without(check.lines, gone))

def _without(lines: tuple[Line, ...], gone: Mapping[str, int]) -> tuple[Line, ...]:
    left = (
        replace(line, qty_milli=line.qty_milli - gone[line.id]) if line.id in gone else line
        for line in lines
    )
    return tuple(line for line in left if line.qty_milli > 0)
