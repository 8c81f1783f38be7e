"""Clock in and out, and breaks; each stamps for themselves, a manager for anybody."""

from dataclasses import dataclass

from comptoir.commands.desk import COOKS, MANAGERS, Command, Desk, handles, need_role
from comptoir.domain import events as ev
from comptoir.domain.errors import ShiftRefused
from comptoir.domain.house import Staff
from comptoir.domain.shift import Shift, Timesheet
from comptoir.journal import Writing

IN, OUT, PAUSE, BACK = "in", "out", "break", "back"
STAMPS = (IN, OUT, PAUSE, BACK)


@dataclass(frozen=True, slots=True)
class StampClock(Command):
    """Clock ``in`` or ``out``, go on a ``break`` or come ``back``; for another person by name."""

    what: str
    staff: str = ""


@handles(StampClock, COOKS)
def stamp(command: StampClock, writing: Writing, desk: Desk) -> None:
    """Write a stamp that follows from the one before."""
    del desk
    staff = command.staff or writing.stamp.actor
    if staff != writing.stamp.actor:
        need_role(writing, MANAGERS, "Stamping somebody else's clock")
    person: Staff = writing.state(f"staff:{staff}")
    if not (person.active and person.name):
        raise ShiftRefused(f"{staff!r} does not work here. Add the person first.")
    sheet: Timesheet = writing.state(f"shift:{staff}")
    writing.append(_fact(command, person, sheet.open_shift))


def _fact(command: StampClock, person: Staff, shift: Shift | None) -> ev.Body:
    match command.what:
        case "in" if shift is None:
            return ev.ClockedIn(person.id, command.id)
        case "out" if shift is not None:
            return ev.ClockedOut(person.id, shift.id)
        case "break" if shift is not None and not shift.on_break:
            return ev.BreakStarted(person.id, shift.id)
        case "back" if shift is not None and shift.on_break:
            return ev.BreakEnded(person.id, shift.id)
        case _:
            now = "not at work" if shift is None else "on a break" if shift.on_break else "at work"
            raise ShiftRefused(f"{person.name} is {now}: {command.what!r} does not follow.")
