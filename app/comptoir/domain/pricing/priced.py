"""What comes out: a check's sums, each of them the sum of its parts."""

from dataclasses import dataclass
from functools import cached_property

from comptoir.domain.tax import TaxRate, TaxTotal


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What one tax came to on one line; ``exempt`` when the guest does not owe it."""

    rate: TaxRate
    base: int
    amount: int
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line's sums; ``discount`` holds its part of the check's discount, ``net`` is after it.

    The service charge is such a line too, with no id.
    """

    id: str
    qty_milli: int
    gross: int
    discount: int
    taxes: tuple[TaxShare, ...] = ()

    @property
    def net(self) -> int:
        """Return what is left after discounts; with the inclusive taxes in it."""
        return self.gross - self.discount

    @property
    def tax(self) -> int:
        """Return its taxes, inclusive and added."""
        return sum(share.amount for share in self.taxes if not share.exempt)

    @property
    def untaxed(self) -> int:
        """Return what is left of the net amount for the house, without any tax."""
        return self.net + self.added - self.tax

    @property
    def added(self) -> int:
        """Return what taxes add to the net amount; below zero when an included one is not owed."""
        owed = sum(s.amount for s in self.taxes if not s.exempt and not s.rate.inclusive)
        return owed - sum(s.amount for s in self.taxes if s.exempt and s.rate.inclusive)


@dataclass(frozen=True)
class Priced:
    """A priced check; amounts in minor units."""

    lines: tuple[PricedLine, ...]
    service: PricedLine
    order: tuple[TaxRate, ...]
    cash_total: int = 0

    @cached_property
    def subtotal(self) -> int:
        """Return the lines before any discount."""
        return sum(line.gross for line in self.lines)

    @cached_property
    def discount(self) -> int:
        """Return all discounts, of lines and of the check."""
        return sum(line.discount for line in self.lines)

    @property
    def service_charge(self) -> int:
        """Return the service charge; with the inclusive taxes in it."""
        return self.service.gross

    @cached_property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """Return what each tax of the check came to."""
        return self._totals(exempt=False)

    @cached_property
    def exempted(self) -> tuple[TaxTotal, ...]:
        """Return what the taxes that the guest does not owe would have come to."""
        return self._totals(exempt=True)

    @cached_property
    def tax(self) -> int:
        """Return all taxes, inclusive and added."""
        return sum(line.tax for line in (*self.lines, self.service))

    @cached_property
    def total(self) -> int:
        """Return what is due, before cash rounding."""
        return sum(line.net + line.added for line in (*self.lines, self.service))

    @property
    def cash_rounding(self) -> int:
        """Return what rounding adds to the total when it is paid in cash; its own line."""
        return self.cash_total - self.total

    def line(self, name: str) -> PricedLine:
        """Return a line by its id; raises KeyError."""
        return self._by_id[name]

    @cached_property
    def _by_id(self) -> dict[str, PricedLine]:
        return {line.id: line for line in self.lines}

    def _totals(self, *, exempt: bool) -> tuple[TaxTotal, ...]:
        sums: dict[TaxRate, tuple[int, int]] = {}
        for line in (*self.lines, self.service):
            for share in line.taxes:
                if share.exempt == exempt:
                    base, amount = sums.get(share.rate, (0, 0))
                    sums[share.rate] = base + share.base, amount + share.amount
        return tuple(
            TaxTotal(rate.id, rate.name, rate.rate_ppm, rate.inclusive, *sums[rate])
            for rate in self.order
            if rate in sums
        )
