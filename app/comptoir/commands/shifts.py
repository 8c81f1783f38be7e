"""Clock in and out, breaks, cash tips declared; each for themselves, a manager for anybody."""

from dataclasses import dataclass

from comptoir.commands.desk import COOKS, EVERYBODY, MANAGERS, Command, Desk, handles, need_role
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused, ShiftRefused
from comptoir.domain.house import Staff
from comptoir.domain.shift import Shift, Timesheet
from comptoir.journal import Writing

IN, OUT, PAUSE, BACK = "in", "out", "break", "back"
STAMPS = (IN, OUT, PAUSE, BACK)
TIPS_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class StampClock(Command):
    """Clock ``in`` or ``out``, go on a ``break`` or come ``back``; for another person by name."""

    what: str
    staff: str = ""


@dataclass(frozen=True, slots=True)
class DeclareTips(Command):
    """Say what a shift brought in cash tips: one's own newest, another by its name."""

    amount: int
    staff: str = ""
    shift: str = ""


@handles(StampClock, EVERYBODY)
def stamp(command: StampClock, writing: Writing, desk: Desk) -> None:
    """Write a stamp that follows from the one before."""
    del desk
    person = _person(writing, command.staff, "Stamping somebody else's clock")
    if not person.active:
        raise ShiftRefused(f"{person.name} left. A manager takes them on again.")
    sheet: Timesheet = writing.state(f"shift:{person.id}")
    writing.append(_fact(command, person, sheet.open_shift))


@handles(DeclareTips, COOKS)
def declare(command: DeclareTips, writing: Writing, desk: Desk) -> None:
    """Write what a shift brought; said again, it takes the place of what was said before."""
    del desk
    person = _person(writing, command.staff, "Declaring somebody else's tips")
    if not 0 <= command.amount <= TIPS_MAX:
        raise AmountRefused("Tips are not less than nothing. Type them again.")
    sheet: Timesheet = writing.state(f"shift:{person.id}")
    shift = sheet.shift(command.shift)
    if shift is None:
        raise ShiftRefused(f"{person.name} has no such shift. Clock in first.")
    writing.append(ev.TipsDeclared(person.id, shift.id, command.amount))


def _person(writing: Writing, staff: str, what: str) -> Staff:
    """Return whom a command is about; another than who asks needs a manager."""
    actor = writing.stamp.actor
    if staff not in {"", actor}:
        need_role(writing, MANAGERS, what)
    person: Staff = writing.state(f"staff:{staff or actor}")
    if not person.name:
        raise ShiftRefused(f"{staff or actor!r} does not work here. Add the person first.")
    return person


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
