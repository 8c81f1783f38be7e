"""A technician's visit: a manager opens all terminals of the restaurant for a while."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body

VISIT = "visit:it"


@dataclass(frozen=True, slots=True)
class VisitGranted(Body):
    """A manager lets a technician in to every terminal; the last one counts.

    ``key`` is the technician's public SSH key (type and base64), ``minutes`` from this event on.
    """

    KIND: ClassVar[str] = "visit.granted"
    technician: str
    key: str
    minutes: int

    def aggregates(self) -> tuple[str, ...]:
        return (VISIT,)


@dataclass(frozen=True, slots=True)
class VisitEnded(Body):
    """A manager ends the visit before its time; of a later one it says nothing."""

    KIND: ClassVar[str] = "visit.ended"
    visit: str

    def aggregates(self) -> tuple[str, ...]:
        return (VISIT,)


BODIES = (VisitGranted, VisitEnded)
