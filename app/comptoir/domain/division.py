"""Divides a priced check into the parts of its splits in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comptoir.domain.line import Line
from comptoir.domain.money import apportion
from comptoir.domain.parts import AMOUNTS, EVEN, ITEMS, WHOLE, Split
from comptoir.domain.pricing import Priced, PricedLine, TaxShare, Terms
from comptoir.domain.pricing.engine import in_coins
from comptoir.domain.sharing import by_amounts, by_weights, cost
from comptoir.domain.tax import TaxRate

SERVICE = ""
NO_SERVICE = PricedLine(SERVICE, 0, 0, 0)
Content = list[PricedLine]


@dataclass(frozen=True, slots=True)
class Division:
    """A check being divided: its lines, and what settled parts came to when they were paid."""

    lines: Mapping[str, Line]
    settled: Mapping[str, int]
    terms: Terms

    def divide(self, whole: Priced, splits: Sequence[Split]) -> dict[str, Priced]:
        """Return the leaves of the splits, in order; they sum to the whole, tax by tax."""
        contents: dict[str, Content] = {WHOLE: [*whole.lines, whole.service]}
        for split in splits:
            pool = _pooled([piece for of in split.sources for piece in contents.pop(of)])
            contents |= dict(zip(split.ids, self._split(pool, split), strict=True))
        return {part: self._priced(content, whole) for part, content in contents.items()}

    def _split(self, pool: Content, split: Split) -> list[Content]:
        if split.how in {EVEN, AMOUNTS}:
            amounts = self._amounts(sum(map(cost, pool)), split)
            return by_amounts(pool, amounts, [*(plan.weight for plan in split.parts), 0])
        bare = [piece for piece in pool if piece.id != SERVICE]
        weights = {piece.id: self._weights(piece.id, split) for piece in bare}
        shared = by_weights(bare, weights, len(split.ids))
        served = [max(0, sum(map(cost, content))) for content in shared]
        service = [piece for piece in pool if piece.id == SERVICE]
        if not any(served):
            served[-1] = 1
        charges = by_weights(service, {SERVICE: served}, len(split.ids))
        return [content + charge for content, charge in zip(shared, charges, strict=True)]

    def _weights(self, name: str, split: Split) -> list[int]:
        """Return the weight of each part in a line; what nobody has is the rest's."""
        if split.how == ITEMS:
            named = [sum(s.weight for s in plan.lines if s.line == name) for plan in split.parts]
        else:
            line = self.lines.get(name)
            seats = set(line.seats) if line else set()
            named = [len(seats & set(plan.seats) if seats else plan.seats) for plan in split.parts]
        return [*named, 0 if any(named) else 1]

    def _amounts(self, whole: int, split: Split) -> list[int]:
        """Return what each part of an even split, or of one by amounts, comes to.

        A part that was settled stays at what it came to then; the others share what is left.
        """
        fixed = {
            plan.id: self.settled.get(plan.id, plan.amount)
            for plan in split.parts
            if plan.id in self.settled or plan.amount
        }
        left, amounts = whole, dict.fromkeys(split.ids, 0)
        for part in sorted(fixed, key=lambda part: part not in self.settled):
            amounts[part] = max(0, min(fixed[part], left))
            left -= amounts[part]
        free = [plan for plan in split.parts if plan.id not in fixed]
        if not free:
            amounts[split.rest] = left
        else:
            shares = apportion(left, [plan.weight for plan in free])
            amounts |= {plan.id: share for plan, share in zip(free, shares, strict=True)}
        return list(amounts.values())

    def _priced(self, content: Content, whole: Priced) -> Priced:
        lines = tuple(piece for piece in content if piece.id != SERVICE)
        service = next((piece for piece in content if piece.id == SERVICE), NO_SERVICE)
        priced = Priced(lines, service, whole.order)
        coins = in_coins(priced.total, self.terms.cash_rounding, self.terms.rounding)
        return replace(priced, cash_total=coins)


def _pooled(pieces: Content) -> Content:
    """Put pieces of the same line together again."""
    found: dict[str, PricedLine] = {}
    for piece in pieces:
        found[piece.id] = joined(found[piece.id], piece) if piece.id in found else piece
    return list(found.values())


def joined(one: PricedLine, other: PricedLine) -> PricedLine:
    """Return two pieces as one."""
    taxes: dict[TaxRate, TaxShare] = {}
    for share in (*one.taxes, *other.taxes):
        mine = taxes.get(share.rate)
        base, amount = (mine.base, mine.amount) if mine else (0, 0)
        taxes[share.rate] = replace(share, base=base + share.base, amount=amount + share.amount)
    return PricedLine(
        one.id,
        one.qty_milli + other.qty_milli,
        one.gross + other.gross,
        one.discount + other.discount,
        tuple(taxes.values()),
    )
