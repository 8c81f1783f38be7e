"""From where on a figure of the cash is an anomaly: the house's own limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev


@dataclass(frozen=True, slots=True)
class CashLimits:
    """What is beyond these is marked; ``over_short`` in minor units of one drawer's count.

    ``no_sales`` and ``voids`` (after the bill was printed) are of one person and one business day.
    """

    over_short: int = 500
    no_sales: int = 3
    voids: int = 1


def fold_limits(_: str, events: Sequence[ev.Event]) -> CashLimits:
    """Fold the limits; the last writer wins."""
    said = [event.body for event in events if isinstance(event.body, ev.CashLimitsSet)]
    return (
        CashLimits(said[-1].over_short, said[-1].no_sales, said[-1].voids) if said else CashLimits()
    )
