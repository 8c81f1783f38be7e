"""Splitting a check: evenly, by seat, by dish, by an amount; each part is paid alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import SplitCheck, UndoSplit
from comptoir.domain.check import SETTLED, Check, Part
from comptoir.domain.money import exponent
from comptoir.domain.parts import AMOUNTS, EVEN, ITEMS, SEATS, WAYS, Plan
from comptoir.web.access import FieldRefused, carry_out, command_id, field, house, number
from comptoir.web.screens.floor import go
from comptoir.web.screens.shares import GUESTS_MAX, Piece, Taps, pieces, plans
from comptoir.web.screens.workplace import check_of, workplace

blueprint = workplace("split", __name__)
EVEN_OFFERED = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16)
GUESTS_FIRST = 4


@dataclass(frozen=True, slots=True)
class Portion:
    """A part with what a waiter wants to know of it: what is in it, what change went back."""

    part: Part
    pieces: tuple[Piece, ...]
    change: int


@blueprint.get("/checks/<name>/split")
def show(name: str) -> AnyResponse:
    """Show the parts of a split check; the ways to split one that is whole, or parts of it."""
    check = check_of(name)
    if check.state == SETTLED:
        return go(f"/checks/{name}/paid")
    of = _of()
    whole = "HX-Request" not in request.headers
    template = "split/page.html" if whole else "split/board.html"
    facts = _ways(check, of) if of or not check.parts else parts_of(check)
    return make_response(render_template(template, check=check, **facts))


def _of() -> list[str]:
    return [field_ for field_ in request.values.getlist("of")[:60] if field_]


def _ways(check: Check, of: Sequence[str]) -> dict[str, object]:
    seats = seats_of(check)
    how = field("how", EVEN)
    guests = min(max(2, number("guests", len(seats) or GUESTS_FIRST)), GUESTS_MAX)
    due = sum(check.part(name).due for name in of) if of else check.due
    return {
        "how": how if how in WAYS else EVEN,
        "ways": (EVEN, SEATS, ITEMS, AMOUNTS),
        "of": of,
        "due": due,
        "digits": exponent(house().currency),
        "offered": EVEN_OFFERED,
        "guests": guests,
        "guests_max": GUESTS_MAX,
        "labels": labels(check, of, guests),
        "seats": seats,
        "together": {seat: number(f"seat-{seat}", place) for place, seat in enumerate(seats)},
        "pieces": pieces(check, of) if how == ITEMS else (),
        "tapped": set(request.values.getlist("share")),
    }


def seats_of(check: Check) -> list[int]:
    """Return the seats of the guests, and those that a line names."""
    named = {seat for line in check.live_lines for seat in line.seats}
    return sorted(named.union(range(1, check.covers + 1))) if named else []


def parts_of(check: Check) -> dict[str, object]:
    """Return what the page of a split check shows."""
    portions = [
        Portion(
            part,
            tuple(pieces(check, (part.id,))) if _by_content(check, part) else (),
            sum(payment.change for payment in check.takings if payment.part == part.id),
        )
        for part in check.parts
    ]
    unpaid = [part.id for part in check.parts if part.due > 0]
    return {"portions": portions, "unpaid": unpaid, "undoable": undoable(check)}


def _by_content(check: Check, part: Part) -> bool:
    return any(split.id == part.split and split.how in {ITEMS, SEATS} for split in check.splits)


def undoable(check: Check) -> str:
    """Return the newest split of which nothing is paid, empty when there is none."""
    paid = {part.split for part in check.parts if part.paid}
    free = {part.split for part in check.parts} - paid
    return next((split.id for split in reversed(check.splits) if split.id in free), "")


def labels(check: Check, of: Sequence[str], wanted: int) -> list[str]:
    """Return names for new parts: 1, 2, 3; a part 2 that is split again gives 2a, 2b."""
    names = {part.id: part.name for part in check.parts}
    if len(of) == 1 and names[of[0]] and wanted <= len(ascii_lowercase):
        return [f"{names[of[0]]}{letter}" for letter in ascii_lowercase[:wanted]]
    taken = {plan.name for split in check.splits if not split.undone for plan in split.parts}
    free = (str(i) for i in count(1) if not of or str(i) not in taken)
    return [next(free) for _ in range(wanted)]


@blueprint.post("/checks/<name>/split")
def split(name: str) -> AnyResponse:
    """Split as the page says."""
    check, of, how = check_of(name), _of(), field("how")
    made = _PLANS.get(how)
    if made is None:
        raise FieldRefused("how")
    command = SplitCheck(command_id(), name, field("split"), how, made(check, of), tuple(of))
    carry_out(command)
    return _board(name)


def _ids(wanted: int) -> list[str]:
    return [f"{field('split')}-{i}" for i in range(1, wanted + 1)]


def _evenly(check: Check, of: Sequence[str]) -> tuple[Plan, ...]:
    wanted = number("parts")
    names = labels(check, of, min(wanted, 99))
    return tuple(Plan(*each) for each in zip(_ids(len(names)), names, strict=True))


def _by_seat(check: Check, of: Sequence[str]) -> tuple[Plan, ...]:
    """Return a part for each group of seats; each seat alone when the page asks for that."""
    del of
    groups: dict[int, list[int]] = {}
    for place, seat in enumerate(seats_of(check)):
        group = place if field("alone", "") else number(f"seat-{seat}", place)
        groups.setdefault(group, []).append(seat)
    return tuple(
        Plan(name, "+".join(map(str, seats)), seats=tuple(seats))
        for name, seats in zip(_ids(len(groups)), groups.values(), strict=True)
    )


def _by_dish(check: Check, of: Sequence[str]) -> tuple[Plan, ...]:
    guests = min(number("guests"), GUESTS_MAX)
    names = labels(check, of, guests)
    return plans(pieces(check, of), _taps(guests), _ids(guests + 1), names)


def _taps(guests: int) -> Taps:
    found: Taps = {}
    for value in request.values.getlist("share"):
        line, _, place = value.partition("/")
        unit, _, guest = place.partition("/")
        if not (unit.isdecimal() and guest.isdecimal() and int(guest[:3]) < guests):
            raise FieldRefused("share")
        found.setdefault((line, int(unit[:3])), set()).add(int(guest[:3]))
    return found


def _by_amount(check: Check, of: Sequence[str]) -> tuple[Plan, ...]:
    first, second = _ids(2)
    names = labels(check, of, 2)
    return Plan(first, names[0], amount=number("amount")), Plan(second, names[1])


_PLANS = {EVEN: _evenly, SEATS: _by_seat, ITEMS: _by_dish, AMOUNTS: _by_amount}


@blueprint.post("/checks/<name>/split/undo")
def undo(name: str) -> AnyResponse:
    """Put together what a split divided."""
    carry_out(UndoSplit(command_id(), name, field("split")))
    return _board(name)


def _board(name: str) -> AnyResponse:
    check = check_of(name)
    facts = parts_of(check) if check.parts else _ways(check, ())
    return make_response(render_template("split/board.html", check=check, **facts))
