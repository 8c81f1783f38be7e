"""From unit prices to net amounts: quantity, the line's discounts, the check's."""

from dataclasses import dataclass

from comptoir.domain.money import PPM, apportion
from comptoir.domain.pricing.sheet import Entry, Rounding, Sheet

MILLI = 1000


@dataclass(frozen=True, slots=True)
class Net:
    """An entry with its sums before tax."""

    entry: Entry
    gross: int
    discount: int

    @property
    def amount(self) -> int:
        """Return what is left."""
        return self.gross - self.discount


def nets(sheet: Sheet) -> list[Net]:
    """Return the lines of a sheet after all discounts, in the order of their place."""
    rounding = sheet.terms.rounding
    found = [_net(entry, rounding) for entry in sorted(sheet.lines, key=lambda entry: entry.place)]
    room = [max(0, net.amount) for net in found]
    whole = _reduction(sum(room), sheet.check_discount_ppm, sheet.check_discount, rounding)
    if not whole:
        return found
    parts = apportion(whole, room)
    return [
        Net(net.entry, net.gross, net.discount + part)
        for net, part in zip(found, parts, strict=True)
    ]


def _net(entry: Entry, rounding: Rounding) -> Net:
    unit = entry.unit_price + sum(entry.modifiers)
    gross = rounding.divide(unit * entry.qty_milli, MILLI)
    return Net(entry, gross, _reduction(gross, entry.discount_ppm, entry.discount, rounding))


def _reduction(amount: int, ppm: int, fixed: int, rounding: Rounding) -> int:
    """Return a discount: percentage, then amount; never more than there is to reduce."""
    return min(max(0, amount), rounding.divide(amount * ppm, PPM) + fixed) if amount > 0 else 0
