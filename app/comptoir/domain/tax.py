"""What a tax is, and what one came to on a check; the sums are made in ``pricing``."""

from dataclasses import dataclass

AMOUNT, QUANTITY, UNIT = "amount", "quantity", "unit"
MEASURES = (AMOUNT, QUANTITY, UNIT)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A tax counts only from ``least`` to ``most``, both included; ``most`` None is no end.

    ``amount``: minor units after discounts of all lines with this tax; ``quantity``: their
    thousandths; ``unit``: minor units a piece, each line for itself.
    """

    measure: str
    least: int = 0
    most: int | None = None

    def holds(self, numerator: int, denominator: int = 1) -> bool:
        """Tell whether numerator / denominator is within."""
        low = numerator >= self.least * denominator
        return low and (self.most is None or numerator <= self.most * denominator)


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate in parts per million; ``inclusive`` when prices already contain it.

    A ``compound`` tax is computed on the price and the taxes before it.
    """

    id: str
    name: str
    rate_ppm: int
    inclusive: bool = True
    compound: bool = False
    when: Threshold | None = None

    def __hash__(self) -> int:
        return hash(self.id)  # sums look rates up often; equal ones have equal ids


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What one rate came to, in minor units; ``base`` is what the rate was applied to."""

    id: str
    name: str
    rate_ppm: int
    inclusive: bool
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Exemption:
    """Taxes that this guest does not owe, all of them when none is named, and why."""

    reason: str
    taxes: tuple[str, ...] = ()
    reference: str = ""

    def covers(self, rate: TaxRate) -> bool:
        """Tell whether a tax is not owed."""
        return not self.taxes or rate.id in self.taxes
