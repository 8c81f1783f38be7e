"""Drawers and wallets: the float, what was put in and taken out, what was counted at the end."""

from collections.abc import Iterable
from dataclasses import dataclass

PAY_IN, PAY_OUT, DROP = "pay_in", "pay_out", "drop"
SIGNS = {PAY_IN: 1, PAY_OUT: -1, DROP: -1}


@dataclass(frozen=True, slots=True)
class Denomination:
    """So many coins or notes of one value, in minor units."""

    value: int
    count: int


def worth(count: Iterable[Denomination]) -> int:
    """Return what a count comes to."""
    return sum(one.value * one.count for one in count)


@dataclass(frozen=True, slots=True)
class Move:
    """Cash put into a drawer or taken out of it, but for sales; ``amount`` above zero."""

    id: str
    what: str
    amount: int
    reason: str
    by: str
    terminal: str
    at_ms: int

    @property
    def signed(self) -> int:
        """Return what it does to the drawer."""
        return SIGNS.get(self.what, 0) * self.amount


@dataclass(frozen=True, slots=True)
class NoSale:
    """A drawer opened without a sale."""

    reason: str
    by: str
    terminal: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Count:
    """What somebody counted, without being told what should be there."""

    count: tuple[Denomination, ...]
    by: str
    terminal: str
    at_ms: int

    @property
    def amount(self) -> int:
        """Return what was counted, in minor units."""
        return worth(self.count)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a drawer was closed; ``over`` is above zero when too much was there."""

    counted: int
    expected: int
    by: str
    terminal: str
    at_ms: int
    number: int = 0

    @property
    def over(self) -> int:
        """Return how much more was counted than expected; below zero it is short."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Drawer:
    """A drawer, or a waiter's own wallet when it has an ``owner``, from its float to its count.

    ``closings`` has more than one when two terminals closed it while they were cut off from each
    other: the first one counts, the others are shown.
    """

    id: str
    name: str = ""
    terminal: str = ""
    owner: str = ""
    opened_by: str = ""
    opened_ms: int = 0
    business_date: str = ""
    float_: tuple[Denomination, ...] = ()
    moves: tuple[Move, ...] = ()
    no_sales: tuple[NoSale, ...] = ()
    counts: tuple[Count, ...] = ()
    closings: tuple[Closing, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether money may still go in and out."""
        return bool(self.opened_by) and not self.closings

    @property
    def is_wallet(self) -> bool:
        """Tell whether somebody carries it."""
        return bool(self.owner)

    def expected(self, cash: int) -> int:
        """Return what should be in it, given the cash of its sales."""
        return worth(self.float_) + cash + sum(move.signed for move in self.moves)


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """A drawer that is open, as the list of all of them has it."""

    id: str
    name: str
    terminal: str
    owner: str


@dataclass(frozen=True, slots=True)
class OpenDrawers:
    """The drawers and wallets that are open, in the order in which they were opened.

    ``closed`` says how many each terminal has closed.
    """

    drawers: tuple[OpenDrawer, ...] = ()
    closed: tuple[tuple[str, int], ...] = ()

    def next_number(self, terminal: str) -> int:
        """Return the number of the Z of the drawer that this terminal closes next."""
        return dict(self.closed).get(terminal, 0) + 1

    def of(self, staff: str, terminal: str) -> str:
        """Return where this person's money goes here: their wallet, else the terminal's drawer."""
        for drawer in self.drawers:
            if drawer.owner and drawer.owner == staff:
                return drawer.id
        for drawer in self.drawers:
            if not drawer.owner and drawer.terminal == terminal:
                return drawer.id
        return ""
