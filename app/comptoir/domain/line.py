"""A line of a check: what was ordered, for which seats, and how far the kitchen is with it."""

from dataclasses import dataclass, field

from comptoir.domain.menu import EACH, Modifier, Names
from comptoir.domain.money import PPM, half_up
from comptoir.domain.pricing import Entry
from comptoir.domain.tax import TaxRate

UNSENT, FIRED, READY, SERVED = "unsent", "fired", "ready", "served"
PROGRESS = (UNSENT, FIRED, READY, SERVED)


@dataclass(frozen=True, slots=True)
class Dish:
    """What a line asks the kitchen for; ``qty_milli`` in thousandths."""

    item: str
    names: Names
    qty_milli: int
    modifiers: tuple[Modifier, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a dish that the kitchen had: what it was, what it is now, who has seen it."""

    id: str
    was: Dish
    now: Dish
    at_ms: int = 0
    by: str = ""
    seen_by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; amounts in minor units, ``qty_milli`` in thousandths.

    Name, price and taxes are copies made when it was added: a new menu changes no old check.
    It belongs to a set of seats; a line of no seat is the whole table's.
    """

    id: str
    item: str
    names: Names
    qty_milli: int
    unit_price: int
    modifiers: tuple[Modifier, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    station: str = "kitchen"
    course: int = 1
    note: str = ""
    status: str = UNSENT
    voided: bool = False
    void_reason: str = ""
    added_by: str = ""
    fired_ms: int = 0
    seats: tuple[int, ...] = ()
    held: bool = False
    comped: bool = False
    comp_reason: str = ""
    changes: tuple[Change, ...] = ()
    variant: str = ""
    kitchen: Names = field(default_factory=dict)
    receipt: Names = field(default_factory=dict)
    allergens: tuple[str, ...] = ()
    sold_by: str = EACH
    price_list: str = ""
    part_of: str = ""
    meal: Names = field(default_factory=dict)
    count: str = ""
    bumped_ms: int = 0
    cost: int = 0

    @property
    def amount(self) -> int:
        """Return (unit price + modifiers) x quantity, rounded half-up; nothing when voided."""
        if self.voided:
            return 0
        unit = self.unit_price + sum(modifier.price for modifier in self.modifiers)
        return half_up(unit * self.qty_milli, 1000)

    @property
    def house_cost(self) -> int:
        """Return what the line costs the house; 0 when it is not known."""
        return half_up(self.cost * self.qty_milli, 1000)

    @property
    def entry(self) -> Entry:
        """Return what is to be priced; a comp is a discount of the whole price."""
        modifiers = tuple(modifier.price for modifier in self.modifiers)
        comp = PPM if self.comped else 0
        return Entry(self.id, self.unit_price, self.qty_milli, modifiers, comp, taxes=self.taxes)

    @property
    def dish(self) -> Dish:
        """Return what the kitchen is asked for, under the kitchen's own names."""
        names = {**self.names, **self.kitchen}
        return Dish(self.item, names, self.qty_milli, self.modifiers, self.note)

    @property
    def unseen(self) -> tuple[Change, ...]:
        """Return the changes that the kitchen has not acknowledged."""
        return tuple(change for change in self.changes if not change.seen_by)
