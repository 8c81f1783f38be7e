"""Cash that is not a sale: floats, pay-ins, drops, counts; of drawers and of waiters' wallets."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.cash import Denomination
from comptoir.domain.events.base import Body

OPEN_DRAWERS = "drawers:it"


@dataclass(frozen=True, slots=True)
class DrawerBody(Body):
    """A body that belongs to one drawer, from its float to its count."""

    drawer: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the drawer."""
        return (f"drawer:{self.drawer}",)


@dataclass(frozen=True, slots=True)
class DrawerOpened(DrawerBody):
    """A drawer was opened with its float; with an ``owner`` it is that waiter's wallet."""

    KIND: ClassVar[str] = "drawer.opened"
    name: str
    float_: tuple[Denomination, ...] = ()
    owner: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (f"drawer:{self.drawer}", OPEN_DRAWERS)


@dataclass(frozen=True, slots=True)
class CashMoved(DrawerBody):
    """Cash was put in (``pay_in``), taken out (``pay_out``), or brought to the safe (``drop``)."""

    KIND: ClassVar[str] = "drawer.moved"
    move: str
    what: str
    amount: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DrawerKicked(DrawerBody):
    """The drawer was opened without a sale."""

    KIND: ClassVar[str] = "drawer.no_sale"
    reason: str


@dataclass(frozen=True, slots=True)
class DrawerCounted(DrawerBody):
    """Somebody counted it without being told what should be there."""

    KIND: ClassVar[str] = "drawer.counted"
    count: tuple[Denomination, ...]


@dataclass(frozen=True, slots=True)
class DrawerClosed(DrawerBody):
    """The drawer is done with: what was counted last, and what should have been there.

    ``number`` counts the drawers closed on this terminal, from 1: the number of the drawer's Z.
    """

    KIND: ClassVar[str] = "drawer.closed"
    counted: int
    expected: int
    number: int = 0

    def aggregates(self) -> tuple[str, ...]:
        return (f"drawer:{self.drawer}", OPEN_DRAWERS)


@dataclass(frozen=True, slots=True)
class CashLimitsSet(Body):
    """What is beyond these is marked as an anomaly of the cash: minor units, then counts.

    ``no_sales`` and ``voids`` are of one person and one business day.
    """

    KIND: ClassVar[str] = "cash.limits_set"
    over_short: int
    no_sales: int
    voids: int

    def aggregates(self) -> tuple[str, ...]:
        """Return the limits of the house."""
        return ("limits:it",)


BODIES = (DrawerOpened, CashMoved, DrawerKicked, DrawerCounted, DrawerClosed, CashLimitsSet)
