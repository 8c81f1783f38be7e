"""What is left of a sale when goods come back: the stored sums less their part.

A refund is the difference between two such states, so that many small returns give back exactly
what one big one would, and all together what was paid: taxes, discounts and service charge too.
"""

from collections.abc import Mapping
from dataclasses import replace

from comptoir.domain.money import half_up
from comptoir.domain.pricing.engine import in_coins
from comptoir.domain.pricing.priced import Priced, PricedLine
from comptoir.domain.pricing.sheet import Terms


def without(priced: Priced, gone: Mapping[str, int], terms: Terms) -> Priced:
    """Return a priced check without what came back of each line, in thousandths."""
    lines = tuple(_left(line, gone.get(line.id, 0), line.qty_milli) for line in priced.lines)
    whole = sum(max(0, line.net) for line in priced.lines)
    left = sum(max(0, line.net) for line in lines)
    found = replace(priced, lines=lines, service=_left(priced.service, whole - left, whole))
    return replace(found, cash_total=in_coins(found.total, terms.cash_rounding, terms.rounding))


def _left(line: PricedLine, gone: int, whole: int) -> PricedLine:
    """Return a line less the part gone / whole of it; nothing of it when all is gone."""
    gone = min(gone, whole)
    if not gone:
        return line
    net = _less(line.net, gone, whole)
    discount = _less(line.discount, gone, whole)
    shares = (
        replace(s, base=_less(s.base, gone, whole), amount=_less(s.amount, gone, whole))
        for s in line.taxes
    )
    quantity = _less(line.qty_milli, gone, whole)
    return PricedLine(line.id, quantity, net + discount, discount, tuple(shares))


def _less(amount: int, gone: int, whole: int) -> int:
    return amount - half_up(amount * gone, whole)
