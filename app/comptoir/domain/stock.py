"""The stock's counts, each with the one before it, which says what should have been there."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.money import PPM


@dataclass(frozen=True, slots=True)
class StockLimits:
    """What is beyond these is marked: minor units of a count, or a share of what was expected."""

    amount: int = 1000
    share_ppm: int = 100_000

    def beyond(self, amount: int, variance_milli: int, expected_milli: int) -> bool:
        """Tell whether a variance is to be looked at; of nothing expected, any share is beyond."""
        if abs(amount) > self.amount:
            return True
        return abs(variance_milli) * PPM > self.share_ppm * max(0, expected_milli)


def fold_tolerance(_: str, events: Sequence[ev.Event]) -> StockLimits:
    """Fold the limits; the last writer wins."""
    said = [event.body for event in events if isinstance(event.body, ev.StockLimitsSet)]
    return StockLimits(said[-1].amount, said[-1].share_ppm) if said else StockLimits()


@dataclass(frozen=True, slots=True)
class Counting:
    """One count of an item; ``before`` is the count that it ended, empty when there was none."""

    item: str
    count: str
    before: str
    by: str
    at_ms: int
    business_date: str


def countings(events: Sequence[ev.Event]) -> list[Counting]:
    """Return an item's counts, oldest first, from its events.

    While an item is to be had uncounted nobody knows what is sold of it: the next count has none
    before it.
    """
    found: list[Counting] = []
    before = ""
    for event in events:
        envelope = event.envelope
        match event.body:
            case ev.ItemCounted(item=item, count=count):
                at_ms = milliseconds(envelope.hlc)
                found.append(
                    Counting(item, count, before, envelope.actor, at_ms, envelope.business_date)
                )
                before = count
            case ev.ItemBack():
                before = ""
            case _:
                pass
    return found
