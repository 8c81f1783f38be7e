"""Who is at work: clocked in, on a break, back, clocked out; and the tips they got in cash."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body


@dataclass(frozen=True, slots=True)
class ShiftBody(Body):
    """A body that belongs to one person's shift."""

    staff: str
    shift: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the person's timesheet."""
        return (f"shift:{self.staff}",)


@dataclass(frozen=True, slots=True)
class ClockedIn(ShiftBody):
    """Somebody began to work."""

    KIND: ClassVar[str] = "shift.clocked_in"


@dataclass(frozen=True, slots=True)
class ClockedOut(ShiftBody):
    """Somebody ended their work; a break that still lasts ends with it."""

    KIND: ClassVar[str] = "shift.clocked_out"


@dataclass(frozen=True, slots=True)
class BreakStarted(ShiftBody):
    """Somebody went on a break."""

    KIND: ClassVar[str] = "shift.break_started"


@dataclass(frozen=True, slots=True)
class BreakEnded(ShiftBody):
    """Somebody came back from their break."""

    KIND: ClassVar[str] = "shift.break_ended"


@dataclass(frozen=True, slots=True)
class TipsDeclared(ShiftBody):
    """Somebody says what a shift brought in cash tips, in minor units; the last word counts.

    Such money goes from hand to hand: it is in no drawer and on no check.
    """

    KIND: ClassVar[str] = "shift.tips_declared"
    amount: int


BODIES = (ClockedIn, ClockedOut, BreakStarted, BreakEnded, TipsDeclared)
