"""Prices a check: pure, exact, in whole minor units.

(unit price + modifiers) x quantity, line discounts, check discount, service charge, taxes, cash
rounding, in this order; ``app/docs/pricing.md`` has the rules, ``comptoir price`` is the proof.
"""

from comptoir.domain.pricing.engine import in_coins, price
from comptoir.domain.pricing.priced import Priced, PricedLine, TaxShare
from comptoir.domain.pricing.returned import without
from comptoir.domain.pricing.sheet import (
    BUCKET,
    HALF_EVEN,
    HALF_UP,
    LINE,
    Entry,
    Rounding,
    Sheet,
    Terms,
)

__all__ = (
    "BUCKET",
    "HALF_EVEN",
    "HALF_UP",
    "LINE",
    "Entry",
    "Priced",
    "PricedLine",
    "Rounding",
    "Sheet",
    "TaxShare",
    "Terms",
    "in_coins",
    "price",
    "without",
)
