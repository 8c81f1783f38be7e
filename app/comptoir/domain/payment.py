"""A payment as folded from its events: intended, then taken or cancelled."""

from dataclasses import dataclass, field

INTENDED, TAKEN, CANCELLED = "intended", "taken", "cancelled"
YES, NO, ASK = "yes", "no", "ask"


@dataclass(frozen=True, slots=True)
class Answer:
    """Who said what, where and when, about money that a dead terminal meant to take."""

    received: str
    by: str
    terminal: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """How much of a line came back, in thousandths."""

    line: str
    qty_milli: int


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back, ``goods`` of it for lines that came back; amounts in minor units."""

    id: str
    tender: str
    amount: int
    goods: int
    returned: tuple[ReturnedLine, ...]
    reason: str
    by: str
    terminal: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved, or was about to; amounts in minor units.

    ``part`` is the part of a split check it was for, ``settles`` what that part
    came to when this paid all of it; ``together`` the checks that were one bill then.
    """

    id: str
    tender: str
    amount: int
    status: str = INTENDED
    tendered: int = 0
    change: int = 0
    terminal: str = ""
    taken_by: str = ""
    tip: int = field(default=0, kw_only=True)
    rounding: int = field(default=0, kw_only=True)
    reference: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    drawer: str = field(default="", kw_only=True)
    intended_ms: int = field(default=0, kw_only=True)
    taken_ms: int = field(default=0, kw_only=True)
    takes: int = field(default=0, kw_only=True)
    tip_changes: int = field(default=0, kw_only=True)
    answers: tuple[Answer, ...] = field(default=(), kw_only=True)
    disputed: bool = field(default=False, kw_only=True)
    refunds: tuple[Refund, ...] = field(default=(), kw_only=True)
    part: str = ""
    settles: int = 0
    together: tuple[str, ...] = ()

    @property
    def with_tip(self) -> int:
        """Return what is asked of the guest: the amount and the tip."""
        return self.amount + self.tip

    @property
    def kept(self) -> int:
        """Return what is left of it for the check: without what was paid back but for goods."""
        return self.amount - sum(refund.amount - refund.goods for refund in self.refunds)

    @property
    def change_left(self) -> int:
        """Return the change once a tip that was said afterwards stays: what goes back by hand."""
        over = self.tendered - self.amount - self.rounding - self.tip
        return max(0, over) if self.change else 0

    @property
    def refunded(self) -> int:
        """Return all that was given back of it."""
        return sum(refund.amount for refund in self.refunds)
