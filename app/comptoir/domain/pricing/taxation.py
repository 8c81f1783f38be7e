"""Taxes of net amounts: first those inside the price, then those on top, each rounded once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from comptoir.domain.money import PPM
from comptoir.domain.pricing.discounts import MILLI
from comptoir.domain.pricing.priced import TaxShare
from comptoir.domain.pricing.sheet import LINE, Rounding
from comptoir.domain.tax import AMOUNT, QUANTITY, Exemption, TaxRate, Threshold

COMBINATIONS_MAX = 1024


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount that is taxed: a line, or the service charge, which has no quantity."""

    net: int
    qty_milli: int
    taxes: tuple[TaxRate, ...]


class Levy:
    """Taxes charges in the order given; of equal remainders the earlier charge gets the unit.

    Inside, a rate is its place in the order: a check has many lines and few rates.
    """

    def __init__(
        self,
        charges: Sequence[Charge],
        order: Sequence[TaxRate],
        rounding: Rounding,
        exemption: Exemption | None,
    ) -> None:
        self._charges, self._rates, self._rounding = charges, order, rounding
        covered = (i for i, rate in enumerate(order) if exemption and exemption.covers(rate))
        self._exempt = frozenset(covered)
        self._borne = self._apply_thresholds()
        self._amounts: list[dict[int, int]] = [{} for _ in charges]
        for place, bearers in self._each(inclusive=True):
            self._take_out(place, bearers)
        self._without = [
            charge.net - sum(mine.values())
            for charge, mine in zip(charges, self._amounts, strict=True)
        ]
        for place, bearers in self._each(inclusive=False):
            self._put_on(place, bearers)

    def shares(self) -> list[tuple[TaxShare, ...]]:
        """Return the taxes of each charge."""
        return [
            tuple(
                TaxShare(
                    self._rates[place], self._base(i, place), mine[place], place in self._exempt
                )
                for place in borne
            )
            for i, (borne, mine) in enumerate(zip(self._borne, self._amounts, strict=True))
        ]

    def _apply_thresholds(self) -> list[tuple[int, ...]]:
        """Return the places of the rates that count, charge by charge."""
        places = {rate: i for i, rate in enumerate(self._rates)}
        named = [sorted({places[rate] for rate in charge.taxes}) for charge in self._charges]
        out = {
            (i, place)
            for place, rate in enumerate(self._rates)
            if rate.when is not None
            for i in _exceptions(rate.when, place, self._charges, named)
        }
        return [tuple(p for p in mine if (i, p) not in out) for i, mine in enumerate(named)]

    def _each(self, *, inclusive: bool) -> Iterator[tuple[int, list[int]]]:
        """Yield the places of one kind of rate with those who bear it."""
        for place, rate in enumerate(self._rates):
            if rate.inclusive == inclusive:
                yield place, [i for i, borne in enumerate(self._borne) if place in borne]

    def _take_out(self, place: int, bearers: Sequence[int]) -> None:
        combinations = {self._borne[i] for i in bearers}
        parts = {
            borne: _inside(tuple(self._rates[p] for p in borne))[borne.index(place)]
            for borne in combinations
        }
        whole = lcm(*(part.denominator for part in parts.values()))
        units = {b: part.numerator * (whole // part.denominator) for b, part in parts.items()}
        exact = [self._charges[i].net * units[self._borne[i]] for i in bearers]
        self._allot(place, bearers, exact, whole)

    def _put_on(self, place: int, bearers: Sequence[int]) -> None:
        rate_ppm = self._rates[place].rate_ppm
        self._allot(place, bearers, [self._base(i, place) * rate_ppm for i in bearers], PPM)

    def _base(self, i: int, place: int) -> int:
        """Return what a rate is applied to: the price without tax, and what it compounds on."""
        if not self._rates[place].compound:
            return self._without[i]
        before = (p for p in self._borne[i] if p < place and p not in self._exempt)
        return self._without[i] + sum(self._amounts[i][p] for p in before)

    def _allot(
        self, place: int, bearers: Sequence[int], exact: Sequence[int], denominator: int
    ) -> None:
        if self._rounding.scope == LINE:
            parts = [self._rounding.divide(numerator, denominator) for numerator in exact]
        else:
            whole = self._rounding.divide(sum(exact), denominator)
            parts = _largest_remainders(whole, exact, denominator)
        for i, part in zip(bearers, parts, strict=True):
            self._amounts[i][place] = part


def _exceptions(
    when: Threshold, place: int, charges: Sequence[Charge], named: Sequence[Sequence[int]]
) -> list[int]:
    """Return who names a rate but does not bear it, because its threshold is not met."""
    found = [i for i, mine in enumerate(named) if place in mine]
    lines = [charges[i] for i in found if charges[i].qty_milli]
    if when.measure == AMOUNT:
        return [] if when.holds(sum(line.net for line in lines)) else found
    if when.measure == QUANTITY:
        return [] if when.holds(sum(line.qty_milli for line in lines)) else found
    pieces = [(i, charges[i].qty_milli or MILLI) for i in found]
    return [i for i, pieces_milli in pieces if not when.holds(charges[i].net * MILLI, pieces_milli)]


@lru_cache(COMBINATIONS_MAX)
def _inside(taxes: tuple[TaxRate, ...]) -> tuple[Fraction, ...]:
    """Return which part of a price each tax of a combination is, were it in the price."""
    factors: list[Fraction] = []
    for rate in taxes:
        base = 1 + sum(factors) if rate.compound else 1
        factors.append(base * Fraction(rate.rate_ppm, PPM))
    inclusive = (factor for rate, factor in zip(taxes, factors, strict=True) if rate.inclusive)
    whole = 1 + sum(inclusive)
    return tuple(Fraction(factor, whole) for factor in factors)


def _largest_remainders(whole: int, exact: Sequence[int], denominator: int) -> list[int]:
    """Round parts down, and give what the whole has more to the largest remainders."""
    parts = [numerator // denominator for numerator in exact]
    order = sorted(range(len(exact)), key=lambda i: (-(exact[i] % denominator), i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts
