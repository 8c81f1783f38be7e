"""Taxes of net amounts: first those inside the price, then those on top, each rounded once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from comptoir.domain.money import PPM
from comptoir.domain.pricing.discounts import MILLI
from comptoir.domain.pricing.priced import TaxShare
from comptoir.domain.pricing.sheet import LINE, Rounding
from comptoir.domain.tax import AMOUNT, QUANTITY, Exemption, TaxRate

COMBINATIONS_MAX = 1024


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount that is taxed: a line, or the service charge, which has no quantity."""

    net: int
    qty_milli: int
    taxes: frozenset[TaxRate]


class Levy:
    """Taxes charges in the order given; of equal remainders the earlier charge gets the unit."""

    def __init__(
        self,
        charges: Sequence[Charge],
        order: Sequence[TaxRate],
        rounding: Rounding,
        exemption: Exemption | None,
    ) -> None:
        self._charges, self._rounding = charges, rounding
        met = frozenset[TaxRate]().union(*(charge.taxes for charge in charges))
        rates = [rate for rate in order if rate in met]
        self._exempt = {r for r in rates if exemption is not None and exemption.covers(r)}
        bearers = {rate: _bearers(rate, charges) for rate in rates}
        self._borne = [tuple(r for r in rates if i in bearers[r]) for i in range(len(charges))]
        self._amounts: list[dict[TaxRate, int]] = [{} for _ in charges]
        for rate in (rate for rate in rates if rate.inclusive):
            self._take_out(rate, bearers[rate])
        self._without = [
            charge.net - sum(mine.values())
            for charge, mine in zip(charges, self._amounts, strict=True)
        ]
        for rate in (rate for rate in rates if not rate.inclusive):
            self._put_on(rate, bearers[rate])

    def shares(self) -> list[tuple[TaxShare, ...]]:
        """Return the taxes of each charge."""
        return [
            tuple(
                TaxShare(rate, self._base(i, rate), self._amounts[i][rate], rate in self._exempt)
                for rate in taxes
            )
            for i, taxes in enumerate(self._borne)
        ]

    def _take_out(self, rate: TaxRate, bearers: Sequence[int]) -> None:
        parts = [_inside(self._borne[i])[rate] for i in bearers]
        whole = lcm(*(part.denominator for part in parts))
        exact = [
            self._charges[i].net * part.numerator * (whole // part.denominator)
            for i, part in zip(bearers, parts, strict=True)
        ]
        self._allot(rate, bearers, exact, whole)

    def _put_on(self, rate: TaxRate, bearers: Sequence[int]) -> None:
        self._allot(rate, bearers, [self._base(i, rate) * rate.rate_ppm for i in bearers], PPM)

    def _base(self, i: int, rate: TaxRate) -> int:
        """Return what a rate is applied to: the price without tax, and what it compounds on."""
        if not rate.compound:
            return self._without[i]
        before = self._borne[i][: self._borne[i].index(rate)]
        owed = (self._amounts[i][other] for other in before if other not in self._exempt)
        return self._without[i] + sum(owed)

    def _allot(
        self, rate: TaxRate, bearers: Sequence[int], exact: Sequence[int], denominator: int
    ) -> None:
        if self._rounding.scope == LINE:
            parts = [self._rounding.divide(numerator, denominator) for numerator in exact]
        else:
            whole = self._rounding.divide(sum(exact), denominator)
            parts = _largest_remainders(whole, exact, denominator)
        for i, part in zip(bearers, parts, strict=True):
            self._amounts[i][rate] = part


def _bearers(rate: TaxRate, charges: Sequence[Charge]) -> list[int]:
    """Return who bears a tax; nobody when its threshold is not met."""
    found = [i for i, charge in enumerate(charges) if rate in charge.taxes]
    when = rate.when
    if when is None:
        return found
    lines = [charges[i] for i in found if charges[i].qty_milli]
    if when.measure == AMOUNT:
        return found if when.holds(sum(line.net for line in lines)) else []
    if when.measure == QUANTITY:
        return found if when.holds(sum(line.qty_milli for line in lines)) else []
    return [i for i in found if when.holds(charges[i].net * MILLI, charges[i].qty_milli or MILLI)]


@lru_cache(COMBINATIONS_MAX)
def _inside(taxes: tuple[TaxRate, ...]) -> Mapping[TaxRate, Fraction]:
    """Return which part of a price each inclusive tax of a combination is."""
    factors: dict[TaxRate, Fraction] = {}
    for rate in taxes:
        base = 1 + sum(factors.values()) if rate.compound else 1
        factors[rate] = base * Fraction(rate.rate_ppm, PPM)
    whole = 1 + sum(factor for rate, factor in factors.items() if rate.inclusive)
    return {rate: Fraction(factor, whole) for rate, factor in factors.items() if rate.inclusive}


def _largest_remainders(whole: int, exact: Sequence[int], denominator: int) -> list[int]:
    """Round parts down, and give what the whole has more to the largest remainders."""
    parts = [numerator // denominator for numerator in exact]
    order = sorted(range(len(exact)), key=lambda i: (-(exact[i] % denominator), i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts
