"""Goods that came back: what is left of a sale without them."""

from collections import Counter
from collections.abc import Mapping

from comptoir.domain.check import Check
from comptoir.domain.pricing import Priced, without


def came_back(check: Check) -> Counter[str]:
    """Return how much of each line came back, in thousandths."""
    gone: Counter[str] = Counter()
    for payment in check.payments:
        for refund in payment.refunds:
            for one in refund.returned:
                gone[one.line] += one.qty_milli
    return gone


def remaining(check: Check, gone: Mapping[str, int]) -> Priced:
    """Return what a check comes to without what came back: its stored sums less their part.

    Nothing is computed anew, so a return asks no threshold again and gives back the taxes that were
    charged; what it gives back is the difference between two of these.
    """
    return without(check.priced, gone, check.terms)
