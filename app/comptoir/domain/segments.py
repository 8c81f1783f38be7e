"""How sales are put in segments: by the time of day, and by what kind of customer paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.dayparts import Daypart

BEST, STEADY, NEW, SLIPPING, ASLEEP, NO_ACCOUNT = (
    "best", "steady", "new", "slipping", "asleep", "no-account",
)  # fmt: skip
CUSTOMERS = (BEST, STEADY, NEW, SLIPPING, ASLEEP, NO_ACCOUNT)
HIGH, LOW = 4, 2
USUAL = (
    Daypart("breakfast", 6 * 60),
    Daypart("lunch", 11 * 60),
    Daypart("afternoon", 15 * 60),
    Daypart("dinner", 18 * 60),
    Daypart("night", 22 * 60),
)


@dataclass(frozen=True, slots=True)
class Dayparts:
    """The parts of the house's day, the earliest first; the last one goes on past midnight."""

    parts: tuple[Daypart, ...] = USUAL

    def of(self, minute: int) -> str:
        """Return the part that a minute since midnight is in."""
        begun = [part.id for part in self.parts if part.begin_minute <= minute]
        return begun[-1] if begun else self.parts[-1].id


def fold_dayparts(_: str, events: Sequence[ev.Event]) -> Dayparts:
    """Fold the house's day; the last writer wins."""
    said = [event.body.parts for event in events if isinstance(event.body, ev.DaypartsSet)]
    parts = sorted(said[-1], key=lambda part: (part.begin_minute, part.id)) if said else []
    return Dayparts(tuple(parts)) if parts else Dayparts()


def customer(recency: int, frequency: int, money: int) -> str:
    """Return the segment of a customer by three marks from 1 to 5: lately, often, for much."""
    if recency <= LOW:
        return SLIPPING if max(frequency, money) >= HIGH else ASLEEP
    if min(recency, frequency, money) >= HIGH:
        return BEST
    return NEW if recency >= HIGH and frequency <= LOW else STEADY
