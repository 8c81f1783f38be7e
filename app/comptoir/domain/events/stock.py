"""What comes in, what is thrown away, what was written down wrongly, between two counts."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body


@dataclass(frozen=True, slots=True)
class StockBody(Body):
    """A body about an item (or ``item/variant``) since its count: it belongs to that count."""

    item: str
    count: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the count, and where the item's stock is filed: read for its ledger."""
        return (f"count:{self.count}", f"stock:{self.item}")


@dataclass(frozen=True, slots=True)
class StockReceived(StockBody):
    """So much of an item came in, in thousandths."""

    KIND: ClassVar[str] = "stock.received"
    entry: str
    qty_milli: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StockWasted(StockBody):
    """So much of an item was thrown away, broken or spoilt, in thousandths."""

    KIND: ClassVar[str] = "stock.wasted"
    entry: str
    qty_milli: int
    reason: str


@dataclass(frozen=True, slots=True)
class StockUndone(StockBody):
    """What was written as received or wasted never was."""

    KIND: ClassVar[str] = "stock.undone"
    entry: str


@dataclass(frozen=True, slots=True)
class StockRecounted(StockBody):
    """The count was written down wrongly: so much was there when it began, in thousandths."""

    KIND: ClassVar[str] = "stock.recounted"
    left_milli: int


@dataclass(frozen=True, slots=True)
class StockLimitsSet(Body):
    """What is beyond these is marked as a variance of the stock.

    ``amount`` is in minor units of one count, ``share_ppm`` parts per million of what was expected.
    """

    KIND: ClassVar[str] = "stock.limits_set"
    amount: int
    share_ppm: int

    def aggregates(self) -> tuple[str, ...]:
        """Return the limits of the house's stock."""
        return ("tolerance:it",)


BODIES = (StockReceived, StockWasted, StockUndone, StockRecounted, StockLimitsSet)
