"""Days closed: each terminal's Z, written by itself, or by a peer when it is dead."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body
from comptoir.domain.figures import Figures, OpenNote, Range


@dataclass(frozen=True, slots=True)
class DayClosed(Body):
    """A terminal's day is closed: which of its events belong to it, and what they came to.

    ``number`` counts the Zs of the terminal. ``late`` events are dated into a day closed before;
    their money is in the figures, ``late_amount`` of it.
    """

    KIND: ClassVar[str] = "day.closed"
    terminal: str
    date: str
    number: int
    ranges: tuple[Range, ...]
    figures: Figures
    open_checks: tuple[OpenNote, ...] = ()
    open_drawers: tuple[str, ...] = ()
    late: int = 0
    late_amount: int = 0

    def aggregates(self) -> tuple[str, ...]:
        return (f"day:{self.terminal}",)


BODIES = (DayClosed,)
