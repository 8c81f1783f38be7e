"""What callers send about a bill: seats, courses, changes, discounts, transfers, splits."""

from typing import Annotated, Literal

from msgspec import Meta

from comptoir.web.api.bodies import Amount, Body, Id, Quantity, Text

Seat = Annotated[int, Meta(ge=1, le=99)]
Seats = Annotated[tuple[Seat, ...], Meta(max_length=99)]
Course = Annotated[int, Meta(ge=1, le=20)]
Ppm = Annotated[int, Meta(ge=0, le=1_000_000, description="parts per million")]
Lines = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]


class Guests(Body, frozen=True):
    """How many sit there."""

    covers: Annotated[int, Meta(ge=0, le=999)]


class NewTable(Body, frozen=True):
    """Where they sit now; an empty table is none."""

    table: Text


class NewServer(Body, frozen=True):
    """Whose check it is now: an id of the staff."""

    server: Id


class Unmerged(Body, frozen=True):
    """The check that is paid for itself again."""

    source: Id


class Merged(Body, frozen=True):
    """The check that is paid with this one from now on."""

    source: Id


class Allergic(Body, frozen=True):
    """What a seat must not eat, or may after all; seat 0 is the whole table."""

    allergy: Annotated[str, Meta(min_length=1, max_length=60)]
    seat: Annotated[int, Meta(ge=0, le=99)] = 0
    present: bool = True


class NewSeats(Body, frozen=True):
    """The seats of a line; none: it is the whole table's."""

    seats: Seats


class NewCourse(Body, frozen=True):
    """Lines and their course."""

    lines: Lines
    course: Course


class Held(Body, frozen=True):
    """Lines that wait for their course, or no longer."""

    lines: Lines
    held: bool = True


class Fired(Body, frozen=True):
    """What to send: the named lines, a course, or all that wait and are not held."""

    lines: Annotated[tuple[Id, ...], Meta(max_length=500)] = ()
    course: Annotated[int, Meta(ge=0, le=20)] = 0


class Changed(Body, frozen=True):
    """What a line is to be instead; it keeps its seats and its course."""

    item: Text
    qty_milli: Quantity = 1000
    modifiers: Annotated[tuple[Text, ...], Meta(max_length=100)] = ()
    note: Text = ""
    variant: Text = ""
    price: Amount | None = None


class Seen(Body, frozen=True):
    """Changes that the kitchen has seen."""

    changes: Lines


class Comped(Body, frozen=True):
    """Why a line is given for nothing; or that it is charged again."""

    reason: Text = ""
    comped: bool = True


class NewDiscount(Body, frozen=True):
    """A discount of a line, or of the check when it names none; of nothing, it is taken away."""

    line: Text = ""
    ppm: Ppm = 0
    amount: Amount = 0
    name: Text = ""
    reason: Text = ""


class NewServiceCharge(Body, frozen=True):
    """What is added for service; ``taxes`` are tax ids of the menu."""

    ppm: Ppm
    name: Text = ""
    taxes: Annotated[tuple[Text, ...], Meta(max_length=20)] = ()


class NewShare(Body, frozen=True):
    """A part's share of a line, by weight among the parts that name it."""

    line: Id
    weight: Annotated[int, Meta(gt=0, le=999_000)] = 1


class NewPart(Body, frozen=True):
    """A part to be: lines, seats, a weight among equal parts, or an amount; its id is the caller's.

    Of a split by amounts, parts of amount 0 share what is left.
    """

    id: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[\w:-]+$")]
    name: Text = ""
    lines: Annotated[tuple[NewShare, ...], Meta(max_length=500)] = ()
    seats: Seats = ()
    weight: Annotated[int, Meta(gt=0, le=999_000)] = 1
    amount: Amount = 0


class NewSplit(Body, frozen=True):
    """How to divide a check, or parts of it (``of``) that are still to pay."""

    split: Annotated[str, Meta(min_length=1, max_length=58, pattern=r"^[\w:-]+$")]
    how: Literal["items", "seats", "even", "amounts"]
    parts: Annotated[tuple[NewPart, ...], Meta(min_length=2, max_length=60)]
    of: Annotated[tuple[Id, ...], Meta(max_length=60)] = ()
