"""Sales as stated to whoever audits: a series per terminal, without a gap."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body
from comptoir.domain.tax import TaxTotal


@dataclass(frozen=True, slots=True)
class ReceiptStated(Body):
    """A sale, or what changed about one since the receipts before, stated in the fiscal series.

    ``sequence`` counts 1..n without a hole within (terminal, epoch), ``previous`` is the hash of
    the receipt before it in the series (empty for the first), ``cumulative`` the sum of all totals
    up to this one. ``time_known`` is no when nothing had confirmed this terminal's clock.
    """

    KIND: ClassVar[str] = "fiscal.receipt"
    check: str
    number: str
    sequence: int
    previous: str
    total: int
    taxes: tuple[TaxTotal, ...]
    cumulative: int
    time_known: bool = True

    def aggregates(self) -> tuple[str, ...]:
        return (f"sale:{self.check}",)


BODIES = (ReceiptStated,)
