"""What callers get of a bill: its parts, its discounts, what to know about it."""

from msgspec import Struct

from comptoir.domain import check as ch
from comptoir.domain.tax import Exemption, TaxTotal


class PieceView(Struct, frozen=True):
    """What a part pays of a line; amounts in minor units."""

    line: str
    qty_milli: int
    gross: int
    discount: int
    net: int
    tax: int


class PartView(Struct, frozen=True):
    """A part of a split check; ``credit`` is its share of money that named no part of today."""

    id: str
    name: str
    split: str
    seats: tuple[int, ...]
    lines: tuple[PieceView, ...]
    taxes: tuple[TaxTotal, ...]
    service_charge: int
    total: int
    paid: int
    credit: int
    due: int
    state: str


class BillView(Struct, frozen=True):
    """How a bill is made up beyond its lines; amounts in minor units.

    ``cash_due`` is what is still to pay in coins; ``exempted`` taxes that are not owed.
    """

    discount: int
    service_charge: int
    cash_due: int
    exemption: Exemption | None
    exempted: tuple[TaxTotal, ...]
    discounts: tuple[ch.Discount, ...]
    service: ch.ServiceCharge
    allergies: tuple[ch.Allergy, ...]
    parts: tuple[PartView, ...]
    splits: tuple[ch.Split, ...]
    notices: tuple[ch.Notice, ...]
    checks: tuple[str, ...]


def bill(one: ch.Check) -> BillView:
    """Return how a bill is made up; ``checks`` are those that are paid together."""
    return BillView(
        one.priced.discount,
        one.priced.service_charge,
        one.cash_due,
        one.exemption,
        one.priced.exempted,
        one.discounts,
        one.service,
        one.allergies,
        tuple(_part(part) for part in one.parts),
        one.splits,
        one.notices,
        tuple(member.id for member in one.members),
    )


def _part(part: ch.Part) -> PartView:
    pieces = tuple(
        PieceView(p.id, p.qty_milli, p.gross, p.discount, p.net, p.tax) for p in part.priced.lines
    )
    return PartView(
        part.id, part.name, part.split, part.seats, pieces, part.priced.taxes,
        part.priced.service_charge, part.total, part.paid, part.credit, part.due, part.state,
    )  # fmt: skip
