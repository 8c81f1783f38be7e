"""Taxes of a check: inclusive and added, rounded half-up once per rate."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from comptoir.domain.money import PPM, half_up


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate in parts per million; ``inclusive`` when prices already contain it."""

    id: str
    name: str
    rate_ppm: int
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What one rate came to, in minor units; ``base`` is without the tax."""

    id: str
    name: str
    rate_ppm: int
    inclusive: bool
    base: int
    amount: int


def totals(taxed: Iterable[tuple[int, tuple[TaxRate, ...]]]) -> tuple[TaxTotal, ...]:
    """Sum (amount, rates) pairs into one total per rate, ordered by id.

    Inclusive rates of one line share its amount: base = amount / (1 + sum of inclusive rates).
    """
    weighed: dict[TaxRate, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for amount, rates in taxed:
        divisor = PPM + sum(rate.rate_ppm for rate in rates if rate.inclusive)
        for rate in rates:
            weighed[rate][divisor] += amount
    return tuple(_total(rate, weighed[rate]) for rate in sorted(weighed, key=lambda r: r.id))


def _total(rate: TaxRate, amounts: dict[int, int]) -> TaxTotal:
    base = sum(half_up(amount * PPM, divisor) for divisor, amount in amounts.items())
    if rate.inclusive:
        tax = sum(half_up(amount * rate.rate_ppm, d) for d, amount in amounts.items())
    else:
        tax = half_up(base * rate.rate_ppm, PPM)
    return TaxTotal(rate.id, rate.name, rate.rate_ppm, rate.inclusive, base, tax)
