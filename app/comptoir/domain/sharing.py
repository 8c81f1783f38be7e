"""Shares priced lines among parts, to the cent: every sum of the parts is the sum of the whole.

What a line costs is shared first; its gross, discount and taxes follow in the same proportion.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from comptoir.domain.money import apportion
from comptoir.domain.pricing import PricedLine, TaxShare


def cost(line: PricedLine) -> int:
    """Return what a guest pays for a line, taxes in."""
    return line.net + line.added


def by_weights(
    lines: Sequence[PricedLine], weights: Mapping[str, Sequence[int]], parts: int
) -> list[list[PricedLine]]:
    """Share each line by its own weights, one for each part.

    A cent that cannot be shared goes to the part that has had the least of its due so far, so that
    three guests who share five dishes differ by one cent, not by five.
    """
    behind = [Fraction(0)] * parts
    shared: list[list[PricedLine]] = [[] for _ in range(parts)]
    for line in lines:
        mine = weights[line.id]
        pieces = pieces_of(line, _fairly(cost(line), mine, behind), mine)
        for part, piece, weight in zip(shared, pieces, mine, strict=True):
            if weight:
                part.append(piece)
    return shared


def _fairly(amount: int, weights: Sequence[int], behind: list[Fraction]) -> list[int]:
    whole = sum(weights)
    exact = [Fraction(amount * weight, whole) for weight in weights]
    given = [share.numerator // share.denominator for share in exact]
    eager = sorted(
        (i for i, weight in enumerate(weights) if weight),
        key=lambda i: (given[i] - exact[i] - behind[i], i),
    )
    for i in eager[: amount - sum(given)]:
        given[i] += 1
    for i, share in enumerate(exact):
        behind[i] += share - given[i]
    return given


def by_amounts(
    lines: Sequence[PricedLine], amounts: Sequence[int], weights: Sequence[int]
) -> list[list[PricedLine]]:
    """Share lines so that each part costs its amount exactly; amounts sum to what lines cost.

    ``weights`` share what amounts do not say: lines that cost nothing, and less; and all of them
    when lines below zero leave too little for the amounts.
    """
    costs = [cost(line) for line in lines]
    below = [apportion(value, weights) if value < 0 else [0] * len(amounts) for value in costs]
    left = [max(0, value) for value in costs]
    taken = [list(row) for row in below]
    for part, amount in enumerate(amounts):
        wanted = amount - sum(row[part] for row in below)
        if not 0 <= wanted <= sum(left):
            return by_weights(lines, {line.id: weights for line in lines}, len(amounts))
        mine = apportion(wanted, left) if any(left) else [0] * len(left)
        for i, value in enumerate(mine):
            taken[i][part] += value
            left[i] -= value
    shared: list[list[PricedLine]] = [[] for _ in amounts]
    for line, row in zip(lines, taken, strict=True):
        for content, piece in zip(shared, pieces_of(line, row, weights), strict=True):
            content.append(piece)
    return shared


def pieces_of(line: PricedLine, costs: Sequence[int], weights: Sequence[int]) -> list[PricedLine]:
    """Cut a line into pieces of the given costs; ``weights`` where a cost of nothing says none."""
    scale = costs if min(costs) >= 0 and any(costs) else weights
    taxes = [_cut(share, scale) for share in line.taxes]
    quantities = apportion(line.qty_milli, scale)
    discounts = apportion(line.discount, scale)
    pieces = []
    for i, value in enumerate(costs):
        mine = tuple(shares[i] for shares in taxes)
        bare = PricedLine(line.id, quantities[i], 0, 0, mine)
        pieces.append(
            PricedLine(
                line.id, quantities[i], value - bare.added + discounts[i], discounts[i], mine
            )
        )
    return pieces


def _cut(share: TaxShare, weights: Sequence[int]) -> list[TaxShare]:
    bases, amounts = apportion(share.base, weights), apportion(share.amount, weights)
    return [
        TaxShare(share.rate, base, amount, share.exempt)
        for base, amount in zip(bases, amounts, strict=True)
    ]
