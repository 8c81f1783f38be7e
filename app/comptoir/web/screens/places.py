"""Seats and courses: who eats what, when the kitchen gets it, what a guest must not eat."""

from dataclasses import dataclass

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import (
    Command,
    Fire,
    FireNext,
    Hold,
    SetAllergy,
    SetCourse,
    SetCovers,
    SetSeats,
    queries,
)
from comptoir.domain.check import SETTLED, UNSENT, Check, Line
from comptoir.domain.menu import ALLERGENS
from comptoir.web.access import FieldRefused, carry_out, command_id, field, number
from comptoir.web.screens.course_names import course_name
from comptoir.web.screens.floor import go
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.services import services

blueprint = workplace("places", __name__)
COURSES_OFFERED = 4
SEATS_OFFERED_MAX = 24


@dataclass(frozen=True, slots=True)
class CourseNow:
    """A course of a check: its lines, and which of them the kitchen has not got."""

    number: int
    name: str
    lines: tuple[Line, ...]

    @property
    def waiting(self) -> tuple[Line, ...]:
        """Return the lines that were not sent."""
        return tuple(line for line in self.lines if line.status == UNSENT)

    @property
    def held(self) -> bool:
        """Tell whether all that waits is held."""
        return all(line.held for line in self.waiting)


def courses_of(check: Check) -> list[CourseNow]:
    """Return the courses of a check, in order."""
    by_course: dict[int, list[Line]] = {}
    for line in check.live_lines:
        by_course.setdefault(line.course, []).append(line)
    return [
        CourseNow(course, course_name(course), tuple(lines))
        for course, lines in sorted(by_course.items())
    ]


def seats_offered(check: Check) -> range:
    """Return the seats to choose from: those of the guests, and any that is taken."""
    named = {seat for line in check.live_lines for seat in line.seats}
    named |= {allergy.seat for allergy in check.allergies}
    return range(1, min(max(check.covers, *named, 2), SEATS_OFFERED_MAX) + 1)


def courses_offered(check: Check) -> list[tuple[int, str]]:
    """Return courses to choose from, each with its name."""
    named = len(queries.courses(services().journal).names)
    most = max([named or COURSES_OFFERED, *(line.course for line in check.live_lines)])
    return [(course, course_name(course)) for course in range(1, most + 1)]


def _facts(check: Check) -> dict[str, object]:
    return {
        "check": check,
        "courses": courses_of(check),
        "next_course": next((line.course for line in check.next_course), None),
        "seats": seats_offered(check),
        "courses_offered": courses_offered(check),
        "brush": "-".join(map(str, brush())),
    }


@blueprint.get("/checks/<name>/places")
def show(name: str) -> AnyResponse:
    """Show the check by courses, with each line's seats."""
    check = check_of(name)
    if check.state == SETTLED:
        return go(f"/checks/{name}/paid")
    whole = "HX-Request" not in request.headers
    template = "places/page.html" if whole else "places/board.html"
    return make_response(render_template(template, **_facts(check)))


def _board(name: str) -> AnyResponse:
    return make_response(render_template("places/board.html", **_facts(check_of(name))))


@blueprint.post("/checks/<name>/places/lines/<line>")
def put(name: str, line: str) -> AnyResponse:
    """Put a line where the chosen key says: to a seat, in a course, on hold."""
    check, (key, place) = check_of(name), brush()
    found = next((one for one in check.live_lines if one.id == line), None)
    if found is not None:
        carry_out(*_PUTS[key](name, found, place))
    return _board(name)


def brush() -> tuple[str, int]:
    """Return the key that is chosen, and its number: ``seat-2``, ``course-1``, ``hold-0``."""
    key, _, place = field("brush", "seat-1").partition("-")
    if key not in _PUTS or not place.isdecimal():
        raise FieldRefused("brush")
    return key, int(place[:3])


def _to_seat(check: str, line: Line, seat: int) -> list[Command]:
    """Add a seat to those of a line, or take it away; 0 makes it the whole table's."""
    seats = set(line.seats) ^ {seat} if seat else set()
    return [SetSeats(command_id(), check, line.id, tuple(sorted(seats)))]


def _to_course(check: str, line: Line, course: int) -> list[Command]:
    return [SetCourse(command_id(), check, (line.id,), course)]


def _to_hold(check: str, line: Line, _: int) -> list[Command]:
    return [Hold(command_id(), check, (line.id,), not line.held)]


_PUTS = {"seat": _to_seat, "course": _to_course, "hold": _to_hold}


@blueprint.post("/checks/<name>/places/hold")
def hold(name: str) -> AnyResponse:
    """Hold a whole course, or no longer."""
    course = number("course")
    lines = tuple(line.id for line in check_of(name).unsent if line.course == course)
    carry_out(Hold(command_id(), name, lines, field("held") == "yes"))
    return _board(name)


@blueprint.post("/checks/<name>/places/fire")
def fire(name: str) -> AnyResponse:
    """Send a course; the next one when none is named."""
    wanted = number("course", 0)
    command: Command = (
        Fire(command_id(), name, course=wanted) if wanted else FireNext(command_id(), name)
    )
    carry_out(command)
    return _board(name)


@blueprint.get("/checks/<name>/places/guests")
def guests(name: str) -> str:
    """Ask how many guests there are, and what each must not eat."""
    check = check_of(name)
    facts = {"seat": number("seat", 0), "allergens": ALLERGENS, "seats": seats_offered(check)}
    noted = {allergy.what for allergy in check.allergies if allergy.seat == facts["seat"]}
    return render_template("places/guests.html", check=check, noted=noted, **facts)


@blueprint.post("/checks/<name>/places/covers")
def covers(name: str) -> AnyResponse:
    """Set how many guests there are."""
    carry_out(SetCovers(command_id(), name, number("covers")))
    return make_response(guests(name))


@blueprint.post("/checks/<name>/places/allergy")
def allergy(name: str) -> AnyResponse:
    """Note what a seat must not eat; noted already, it is taken away."""
    what = request.form.get("what", "").strip()[:60]
    at = number("seat", 0)
    noted = any(one.seat == at and one.what == what for one in check_of(name).allergies)
    carry_out(SetAllergy(command_id(), name, at, what, present=not noted))
    return make_response(guests(name))
