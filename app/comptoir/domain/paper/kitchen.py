"""The kitchen's ticket: big, two languages a dish, and what must not be missed in reverse."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from comptoir.domain.check import Check
from comptoir.domain.courses import Courses
from comptoir.domain.line import Change, Dish, Line
from comptoir.domain.menu import TAKE_AWAY, Modifier, Names, named
from comptoir.domain.paper.rows import HUGE, LARGE, NORMAL, Paper, Row, Rule, Text
from comptoir.domain.paper.words import both
from comptoir.domain.tickets import ALLERGY, CHANGE, VOID, Ticket


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the dishes besides the check: place, person, time, warnings."""

    station: str
    table: str
    server: str
    time: str
    languages: tuple[str, ...] = ("en",)
    duplicate: bool = False
    courses: Courses = field(default_factory=Courses)


def ticket(order: Ticket, check: Check, head: Heading) -> Paper:
    """Return a ticket's paper."""
    rows: list[Row] = [*_warnings(order, head), *_head(check, head)]
    lines = {line.id: line for line in check.lines}
    mine = [lines[name] for name in order.lines if name in lines]
    if order.kind == VOID:
        rows += [*_voided(mine, order, head.languages)]
    elif order.kind == CHANGE:
        rows += [*_changed(mine, order, check, head.languages)]
    else:
        if order.kind == ALLERGY:
            mine = [line for line in mine if order.reason in check.allergies_of(line)]
        rows += [*_courses(mine, check, head)]
    rows += [Rule(), Text(f"{check.number} · {order.id[:6]}", centred=True)]
    return Paper(tuple(rows))


def _warnings(order: Ticket, head: Heading) -> Iterator[Row]:
    keys = {
        "void": order.kind == VOID,
        "change": order.kind == CHANGE,
        "allergy": order.kind == ALLERGY,
        "reprint": order.reprint,
        "duplicate": head.duplicate,
    }
    for key, holds in keys.items():
        if holds:
            yield Text(both(key, head.languages), LARGE, bold=True, inverse=True, centred=True)


def _head(check: Check, head: Heading) -> Iterator[Row]:
    if check.order_type == TAKE_AWAY:
        yield Text(both(TAKE_AWAY, head.languages), LARGE, bold=True, centred=True)
    if head.table:
        yield Text(f"{both('table', head.languages)} {head.table}", HUGE, bold=True)
    yield Text(f"{head.station} · {head.time} · {head.server}".strip(" ·"))
    if check.covers:
        yield Text(f"{both('guests', head.languages)} {check.covers}")
    yield Rule()


def _courses(lines: list[Line], check: Check, head: Heading) -> Iterator[Row]:
    courses = sorted({line.course for line in lines})
    for course in courses:
        if len(courses) > 1:
            yield Text(_course(course, head), bold=True, centred=True)
        for line in (one for one in lines if one.course == course):
            yield from _line(line, check, head.languages)


def _course(course: int, head: Heading) -> str:
    """Return what the house calls a course in the ticket's languages, else its number."""
    names = head.courses.of(course)
    return in_each(names, head.languages) or f"{both('course', head.languages)} {course}"


def in_each(names: Names, languages: tuple[str, ...]) -> str:
    """Return a name in each language, once each; empty when there is no name."""
    told = (spoken(names, language) for language in languages or ("en",)) if names else ()
    return " ".join(dict.fromkeys(told))


def _line(line: Line, check: Check, languages: tuple[str, ...]) -> Iterator[Row]:
    if line.voided:
        yield Text(both("void", languages), NORMAL, bold=True, inverse=True)
    yield from dish(line.dish, languages)
    yield from _eaters(line, check, languages)


def _eaters(line: Line, check: Check, languages: tuple[str, ...]) -> Iterator[Row]:
    """Yield whose it is, and what would harm them."""
    if line.seats:
        seats = ", ".join(str(seat) for seat in line.seats)
        yield Text(f"{both('seat', languages)} {seats}", indent=1)
    if allergies := check.allergies_of(line):
        what = ", ".join(allergies)
        yield Text(f"{both('allergy', languages)}: {what}", LARGE, bold=True, red=True)


def dish(what: Dish, languages: tuple[str, ...]) -> Iterator[Row]:
    """Yield a dish: the first language large, the second below it, modifiers, the note."""
    first, second = _names(what.names, languages)
    yield Text(f"{_quantity(what.qty_milli)} {first}", LARGE, bold=True)
    if second:
        yield Text(second, LARGE, indent=1)
    for modifier in what.modifiers:
        yield Text(f"+ {_modifier(modifier, languages)}", indent=1)
    if what.note:
        yield Text(f"» {what.note}", bold=True, indent=1)


def _voided(lines: list[Line], order: Ticket, languages: tuple[str, ...]) -> Iterator[Row]:
    for line in lines:
        yield from dish(line.dish, languages)
    if order.reason:
        yield Text(f"» {order.reason}", bold=True)


def _changed(
    lines: list[Line], order: Ticket, check: Check, languages: tuple[str, ...]
) -> Iterator[Row]:
    for line in lines:
        for change in (one for one in line.changes if one.id == order.change):
            yield from _change(change, languages)
            yield from _eaters(line, check, languages)


def _change(change: Change, languages: tuple[str, ...]) -> Iterator[Row]:
    yield Text(both("was", languages), bold=True)
    yield from dish(change.was, languages)
    yield Text(both("now", languages), bold=True, inverse=True)
    yield from dish(change.now, languages)


def _names(names: Names, languages: tuple[str, ...]) -> tuple[str, str]:
    told = dict.fromkeys(spoken(names, language) for language in languages or ("en",))
    first, *rest = told
    return first, " / ".join(rest)


def _modifier(modifier: Modifier, languages: tuple[str, ...]) -> str:
    names = {**modifier.names, **modifier.kitchen}
    return " ".join(part for part in _names(names, languages) if part)


def spoken(names: Names, language: str) -> str:
    """Return a name in a language, in a relative of it (``zh`` for ``zh-Hans``), else in any."""
    family = language.partition("-")[0]
    relatives = (name for key, name in names.items() if key.partition("-")[0] == family)
    return names.get(language) or names.get(family) or next(relatives, "") or named(names, language)


def _quantity(qty_milli: int) -> str:
    whole, rest = divmod(qty_milli, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else f"{whole}×"
