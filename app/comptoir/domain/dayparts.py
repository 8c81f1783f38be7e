"""A part of the house's day: breakfast, lunch, dinner."""

from dataclasses import dataclass

NAMES = ("breakfast", "lunch", "afternoon", "dinner", "night")
STEP_MINUTES = 30
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Daypart:
    """A part of the day, from ``begin_minute`` since midnight until the next one begins."""

    id: str
    begin_minute: int
