"""Every kind of event: its body, its version, the aggregates it belongs to.

Each class's docstring is its published reference. A body never changes meaning: a new meaning is a
new version, and unknown versions are stored and relayed but not folded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from comptoir.domain.envelope import Envelope
from comptoir.domain.house import Area, Card
from comptoir.domain.menu import Category, Item, Modifier, ModifierGroup, Names
from comptoir.domain.records import load
from comptoir.domain.tax import TaxRate


class Body:
    """What every event body has: a kind, a version and the aggregates it touches."""

    KIND: ClassVar[str]
    V: ClassVar[int] = 1

    def aggregates(self) -> tuple[str, ...]:
        """Return the ids of the aggregates that this event is folded into."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class RestaurantFounded(Body):
    """A restaurant exists: its name, currency, time zone and languages."""

    KIND: ClassVar[str] = "restaurant.founded"
    name: str
    currency: str
    timezone: str
    languages: tuple[str, ...] = ("en",)
    cutoff_minutes: int = 240

    def aggregates(self) -> tuple[str, ...]:
        return ("restaurant:it",)


@dataclass(frozen=True, slots=True)
class FloorPublished(Body):
    """The floor plan changed: all areas and tables, as they now are."""

    KIND: ClassVar[str] = "floor.published"
    areas: tuple[Area, ...]

    def aggregates(self) -> tuple[str, ...]:
        return ("floor:it",)


@dataclass(frozen=True, slots=True)
class MenuPublished(Body):
    """One part of a menu version; the version counts when all its parts are there."""

    KIND: ClassVar[str] = "menu.published"
    version: str
    part: int
    parts: int
    taxes: tuple[TaxRate, ...] = ()
    categories: tuple[Category, ...] = ()
    groups: tuple[ModifierGroup, ...] = ()
    items: tuple[Item, ...] = ()

    def aggregates(self) -> tuple[str, ...]:
        return ("menu:it",)


@dataclass(frozen=True, slots=True)
class StaffSet(Body):
    """A person was added or changed; the last writer wins."""

    KIND: ClassVar[str] = "staff.set"
    staff: str
    name: str
    role: str
    pin_hash: str
    language: str = "en"
    active: bool = True

    def aggregates(self) -> tuple[str, ...]:
        return (f"staff:{self.staff}",)


@dataclass(frozen=True, slots=True)
class ClientSet(Body):
    """A program was given, or lost, access to the API."""

    KIND: ClassVar[str] = "client.set"
    client: str
    name: str
    token_hash: str
    role: str
    active: bool = True

    def aggregates(self) -> tuple[str, ...]:
        return (f"client:{self.client}",)


@dataclass(frozen=True, slots=True)
class TerminalAdmitted(Body):
    """A manager let a terminal take part: its card says how to know it."""

    KIND: ClassVar[str] = "terminal.admitted"
    card: Card

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.card.terminal}",)


@dataclass(frozen=True, slots=True)
class TerminalRetired(Body):
    """A terminal is out for ever: stolen, broken or replaced. Names no cut-off."""

    KIND: ClassVar[str] = "terminal.retired"
    terminal: str
    reason: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.terminal}",)


@dataclass(frozen=True, slots=True)
class TerminalLastSeen(Body):
    """How far a terminal held a retired one's log; the highest of all is the cut-off."""

    KIND: ClassVar[str] = "terminal.last_seen"
    terminal: str
    epoch: int
    seq: int
    hash: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"terminal:{self.terminal}",)


@dataclass(frozen=True, slots=True)
class CheckOpened(Body):
    """A check was opened; its number belongs to the terminal's own series."""

    KIND: ClassVar[str] = "check.opened"
    check: str
    number: str
    order_type: str
    table: str = ""
    covers: int = 0

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class LineAdded(Body):
    """A line was added, with copies of name, price and taxes."""

    KIND: ClassVar[str] = "check.line_added"
    check: str
    line: str
    item: str
    names: Names
    qty_milli: int
    unit_price: int
    modifiers: tuple[Modifier, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    station: str = "kitchen"
    course: int = 1
    note: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class LineQtySet(Body):
    """The quantity of a line is now this, in thousandths."""

    KIND: ClassVar[str] = "check.line_qty_set"
    check: str
    line: str
    qty_milli: int

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class LineVoided(Body):
    """A line does not count any more; void beats every edit."""

    KIND: ClassVar[str] = "check.line_voided"
    check: str
    line: str
    reason: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class LinesFired(Body):
    """Lines were sent to the kitchen."""

    KIND: ClassVar[str] = "check.fired"
    check: str
    lines: tuple[str, ...]

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class LinesBumped(Body):
    """The kitchen finished lines; ``status`` is ``ready`` or ``served``."""

    KIND: ClassVar[str] = "kitchen.bumped"
    check: str
    lines: tuple[str, ...]
    status: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class PaymentIntended(Body):
    """Money is about to be taken; written before anyone is asked for it."""

    KIND: ClassVar[str] = "payment.intended"
    check: str
    payment: str
    tender: str
    amount: int

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class PaymentTaken(Body):
    """Money moved; never dropped, whatever else happened to the check."""

    KIND: ClassVar[str] = "payment.taken"
    check: str
    payment: str
    tender: str
    amount: int
    tendered: int
    change: int

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


@dataclass(frozen=True, slots=True)
class PaymentCancelled(Body):
    """An intended payment did not happen."""

    KIND: ClassVar[str] = "payment.cancelled"
    check: str
    payment: str
    reason: str

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}",)


KINDS: Mapping[str, type[Body]] = {
    body.KIND: body
    for body in (
        RestaurantFounded,
        FloorPublished,
        MenuPublished,
        StaffSet,
        ClientSet,
        TerminalAdmitted,
        TerminalRetired,
        TerminalLastSeen,
        CheckOpened,
        LineAdded,
        LineQtySet,
        LineVoided,
        LinesFired,
        LinesBumped,
        PaymentIntended,
        PaymentTaken,
        PaymentCancelled,
    )
}


@dataclass(frozen=True, slots=True)
class Event:
    """An envelope with its body understood; ``body`` is None for a newer kind or version."""

    envelope: Envelope
    body: Body | None
    unknown: Mapping[str, Any] = field(default_factory=dict)


def understand(envelope: Envelope) -> Event:
    """Type the body of an envelope; raises EventMalformed when a known body does not fit."""
    cls = KINDS.get(envelope.kind)
    if cls is None or envelope.v > cls.V:
        return Event(envelope, None, envelope.body)
    return Event(envelope, load(cls, envelope.body, "$.body"))


def aggregates_of(event: Event) -> tuple[str, ...]:
    """Return the aggregates of an event; of a newer one, the check it names, if any."""
    if event.body is not None:
        return event.body.aggregates()
    check = event.unknown.get("check")
    return (f"check:{check}",) if isinstance(check, str) else ()
