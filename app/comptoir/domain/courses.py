"""What the house calls its courses, in each of its languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.menu import Names


@dataclass(frozen=True, slots=True)
class Courses:
    """Names by course, the first one first; a course beyond them has its number."""

    names: tuple[Names, ...] = ()

    def of(self, course: int) -> Names:
        """Return the names of a course, empty when the house gave none."""
        return self.names[course - 1] if 0 < course <= len(self.names) else {}


def fold_courses(_: str, events: Sequence[ev.Event]) -> Courses:
    """Fold the names; the last writer wins."""
    named = [event.body for event in events if isinstance(event.body, ev.CoursesNamed)]
    return Courses(named[-1].names) if named else Courses()
