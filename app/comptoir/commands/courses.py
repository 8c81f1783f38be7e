"""When the kitchen gets what: courses, held, sent together, or the next one."""

from dataclasses import dataclass

from comptoir.commands.bills import by_owner, known, line_of, sent
from comptoir.commands.desk import COOKS, SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.check import PROGRESS, Check, Line
from comptoir.domain.errors import AmountRefused, NothingToSend
from comptoir.journal import Writing

COURSES_MAX = 20


@dataclass(frozen=True, slots=True)
class SetCourse(Command):
    """Put lines that the kitchen has not seen in a course."""

    check: str
    lines: tuple[str, ...]
    course: int


@dataclass(frozen=True, slots=True)
class Hold(Command):
    """Keep lines back from Send until they are fired by name or course, or no longer."""

    check: str
    lines: tuple[str, ...]
    held: bool = True


@dataclass(frozen=True, slots=True)
class Fire(Command):
    """Send lines to the kitchen: the named, a course's, or all that wait and are not held."""

    check: str
    lines: tuple[str, ...] = ()
    course: int = 0


@dataclass(frozen=True, slots=True)
class FireNext(Command):
    """Send the first course that has something to send, held or not."""

    check: str


@dataclass(frozen=True, slots=True)
class Bump(Command):
    """Mark lines as ready or served."""

    check: str
    lines: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Recall(Command):
    """Call bumped lines back to the kitchen's screen."""

    check: str
    lines: tuple[str, ...]


def course_of(number: int) -> int:
    """Return a course's number; raises AmountRefused."""
    if not 0 < number <= COURSES_MAX:
        raise AmountRefused(f"Courses are numbered from 1 to {COURSES_MAX}.")
    return number


@handles(SetCourse, SERVICE)
def set_course(command: SetCourse, writing: Writing, desk: Desk) -> None:
    """Write the course of lines."""
    del desk
    check = known(writing, command.check)
    course = course_of(command.course)
    for owner, lines in by_owner(check, _waiting(check, command.lines)).items():
        writing.append(ev.LinesCourseSet(owner, lines, course))


@handles(Hold, SERVICE)
def hold(command: Hold, writing: Writing, desk: Desk) -> None:
    """Write that lines wait, or wait no more."""
    del desk
    check = known(writing, command.check)
    for owner, lines in by_owner(check, _waiting(check, command.lines)).items():
        writing.append(ev.LinesHeld(owner, lines, command.held))


@handles(Fire, SERVICE)
def fire(command: Fire, writing: Writing, desk: Desk) -> None:
    """Send what is asked for."""
    del desk
    check = known(writing, command.check)
    if command.lines:
        lines = _waiting(check, command.lines)
    elif command.course:
        lines = tuple(line for line in check.unsent if line.course == command.course)
    else:
        lines = tuple(line for line in check.unsent if not line.held)
    _send(writing, check, lines)


@handles(FireNext, SERVICE)
def fire_next(command: FireNext, writing: Writing, desk: Desk) -> None:
    """Send the next course."""
    del desk
    check = known(writing, command.check)
    _send(writing, check, check.next_course)


def _send(writing: Writing, check: Check, lines: tuple[Line, ...]) -> None:
    if not lines:
        raise NothingToSend(f"Nothing on check {check.number} waits to be sent.")
    for owner, names in by_owner(check, lines).items():
        writing.append(ev.LinesFired(owner, names))


def _waiting(check: Check, names: tuple[str, ...]) -> tuple[Line, ...]:
    lines = tuple(line_of(check, name) for name in names)
    if not lines or any(sent(line) for line in lines):
        raise NothingToSend("The kitchen has a line of these already. Reload the check.")
    return lines


@handles(Bump, COOKS)
def bump(command: Bump, writing: Writing, desk: Desk) -> None:
    """Move lines forward; the most advanced status wins."""
    del desk
    check = known(writing, command.check)
    if command.status not in PROGRESS[2:]:
        raise AmountRefused(f"{command.status!r} is no kitchen status; use ready or served.")
    lines = tuple(line_of(check, name) for name in command.lines)
    for owner, names in by_owner(check, lines).items():
        writing.append(ev.LinesBumped(owner, names, command.status))


@handles(Recall, COOKS)
def recall(command: Recall, writing: Writing, desk: Desk) -> None:
    """Write that lines are to be cooked again; they were bumped by mistake, or come back."""
    del desk
    check = known(writing, command.check)
    lines = tuple(line_of(check, name) for name in command.lines)
    if not lines or any(line.status not in PROGRESS[2:] for line in lines):
        raise AmountRefused("Not all of these were bumped. Reload the screen.")
    for owner, names in by_owner(check, lines).items():
        writing.append(ev.LinesRecalled(owner, names))
