"""What callers send. Unknown fields are refused, so that a typing mistake is never overlooked."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.domain.house import Area, Card

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")]
Role = Literal["waiter", "cashier", "kitchen", "stock", "manager"]
Pin = Annotated[str, Meta(pattern=r"^[0-9]{4,8}$")]
Badge = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{8,64}$")]
Text = Annotated[str, Meta(max_length=200)]
Amount = Annotated[int, Meta(ge=0, le=100_000_000, description="minor units of the currency")]
Quantity = Annotated[int, Meta(gt=0, le=999_000, description="thousandths")]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """A request's body."""


class SignIn(Body, frozen=True):
    """A PIN, and whose it is said to be; or a badge's code."""

    pin: Pin | None = None
    staff: str = ""
    badge: Badge | None = None


class Approved(Body, frozen=True):
    """A manager's PIN or badge, and the idempotency key of the one command it approves."""

    command: Annotated[str, Meta(min_length=8, max_length=64)]
    pin: Pin | None = None
    staff: str = ""
    badge: Badge | None = None


class NewCheck(Body, frozen=True):
    """A check to open; its id is the caller's, so that a retry opens no second one."""

    check: Id
    order_type: Literal["eat_in", "take_away"] = "eat_in"
    table: Text = ""
    covers: Annotated[int, Meta(ge=0, le=999)] = 0


class NewLine(Body, frozen=True):
    """An item for a check; its line id is the caller's."""

    line: Id
    item: Text
    qty_milli: Quantity = 1000
    modifiers: Annotated[tuple[Text, ...], Meta(max_length=100)] = ()
    note: Text = ""
    variant: Text = ""
    price: Amount | None = None
    seats: Annotated[tuple[Annotated[int, Meta(ge=1, le=99)], ...], Meta(max_length=99)] = ()
    course: Annotated[int, Meta(ge=0, le=20)] = 0


class NewQuantity(Body, frozen=True):
    """A line's quantity."""

    qty_milli: Quantity


class Reason(Body, frozen=True):
    """Why."""

    reason: Text = ""


class Nothing(Body, frozen=True):
    """An empty object."""


class Bumped(Body, frozen=True):
    """Lines that the kitchen finished (``ready``) or that were brought (``served``)."""

    lines: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]
    status: Literal["ready", "served"]


class Recalled(Body, frozen=True):
    """Bumped lines that the kitchen calls back."""

    lines: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]


class NewPayment(Body, frozen=True):
    """Money about to be taken, for a part of a split check; its payment id is the caller's."""

    payment: Id
    amount: Amount
    tender: Text = "cash"
    tip: Amount = 0
    account: Text = ""
    drawer: Text = ""
    part: Text = ""


class Taken(Body, frozen=True):
    """What the guest handed over; cards and cheques with the reference on their slip."""

    tendered: Amount
    tip: Amount | None = None
    reference: Text = ""


class House(Body, frozen=True):
    """What the restaurant is called, and the languages it speaks, its own first."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    languages: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)]


class NewFloor(Body, frozen=True):
    """The floor plan."""

    areas: tuple[Area, ...]


class Person(Body, frozen=True):
    """Somebody who works here; without a PIN, or badge, the one they have stays; "" takes it."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    pin: Pin | None = None
    language: Text = "en"
    active: bool = True
    badge: Annotated[str, Meta(pattern=r"^([0-9A-Za-z]{8,64})?$")] | None = None
    left_handed: bool | None = None


class Program(Body, frozen=True):
    """A program that may use the API; made inactive, its token is worth nothing any more."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role = "waiter"
    active: bool = True


class Admitted(Body, frozen=True):
    """The card of a terminal to let in, as ``GET /terminal`` of that terminal gives it."""

    card: Card
