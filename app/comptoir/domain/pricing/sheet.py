"""What goes in: a check as it is to be priced."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from comptoir.domain.money import half_even, half_up
from comptoir.domain.tax import Exemption, TaxRate

HALF_UP, HALF_EVEN = "half_up", "half_even"
MODES = (HALF_UP, HALF_EVEN)
LINE, BUCKET = "line", "bucket"
SCOPES = (LINE, BUCKET)
PLACES_MAX = 4096


@dataclass(frozen=True, slots=True)
class Rounding:
    """How halves are rounded, and whether a tax is rounded on each line or once for its rate."""

    mode: str = HALF_UP
    scope: str = BUCKET

    def divide(self, numerator: int, denominator: int) -> int:
        """Divide and round; every rounding of a check is this one."""
        divide = half_even if self.mode == HALF_EVEN else half_up
        return divide(numerator, denominator)


@dataclass(frozen=True, slots=True)
class Terms:
    """The house's way to price; ``cash_rounding`` is the smallest coin, 0 or 1 for none."""

    rounding: Rounding = Rounding()
    cash_rounding: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to price; ``modifiers`` are prices, ``taxes`` whole rates: order does not matter."""

    id: str
    unit_price: int
    qty_milli: int = 1000
    modifiers: tuple[int, ...] = ()
    discount_ppm: int = 0
    discount: int = 0
    taxes: tuple[TaxRate, ...] = ()

    @property
    def place(self) -> tuple[list[str | int], str]:
        """Return where it stands among equals: line 2 before line 10, wherever they were listed."""
        return _place(self.id)


@lru_cache(PLACES_MAX)
def _place(name: str) -> tuple[list[str | int], str]:
    parts = re.split(r"([0-9]+)", name)
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], name


@dataclass(frozen=True, slots=True)
class Sheet:
    """A check to price; ``taxes`` in the order in which compound ones follow the others.

    Taxes of lines and of the service charge that are not in ``taxes`` follow those that are:
    simple ones, then compound ones, each by id.
    """

    lines: tuple[Entry, ...]
    taxes: tuple[TaxRate, ...] = ()
    terms: Terms = field(default_factory=Terms)
    check_discount_ppm: int = 0
    check_discount: int = 0
    service_charge_ppm: int = 0
    service_charge_taxes: tuple[TaxRate, ...] = ()
    exemption: Exemption | None = None

    @property
    def order(self) -> tuple[TaxRate, ...]:
        """Return every tax of the check, in the order in which they are computed."""
        met = set(self.service_charge_taxes).union(*(line.taxes for line in self.lines))
        rest = met.difference(self.taxes)
        known = sorted(rest, key=lambda t: (t.compound, t.id, t.rate_ppm, t.inclusive, t.name))
        return (*self.taxes, *known)
