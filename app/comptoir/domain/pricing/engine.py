"""The order of the sums: lines, discounts, service charge, taxes, cash rounding."""

from dataclasses import replace

from comptoir.domain.money import PPM
from comptoir.domain.pricing.discounts import Net, nets
from comptoir.domain.pricing.priced import Priced, PricedLine, TaxShare
from comptoir.domain.pricing.sheet import Rounding, Sheet
from comptoir.domain.pricing.taxation import Charge, Levy


def price(sheet: Sheet) -> Priced:
    """Price a check; the lines come back in the order in which they were given."""
    rounding, order = sheet.terms.rounding, sheet.order
    found = nets(sheet)
    charged = sum(net.amount for net in found)
    service = rounding.divide(max(0, charged) * sheet.service_charge_ppm, PPM)
    charges = [Charge(n.amount, n.entry.qty_milli, n.entry.taxes) for n in found]
    charges.append(Charge(service, 0, sheet.service_charge_taxes))
    shares = Levy(charges, order, rounding, sheet.exemption).shares()
    lines = {net.entry.id: _line(net, mine) for net, mine in zip(found, shares[:-1], strict=True)}
    charge = PricedLine("", 0, service, 0, shares[-1])
    priced = Priced(tuple(lines[entry.id] for entry in sheet.lines), charge, order)
    return replace(priced, cash_total=in_coins(priced.total, sheet.terms.cash_rounding, rounding))


def _line(net: Net, taxes: tuple[TaxShare, ...]) -> PricedLine:
    return PricedLine(net.entry.id, net.entry.qty_milli, net.gross, net.discount, taxes)


def in_coins(amount: int, smallest: int, rounding: Rounding) -> int:
    """Round an amount to what coins can pay; ``smallest`` 0 or 1: every amount can."""
    return rounding.divide(amount, smallest) * smallest if smallest > 1 else amount
