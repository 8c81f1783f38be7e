"""A second engine, written from the page and not from the code: decimals, no cleverness."""

import json
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, setcontext
from typing import Any

from hypothesis import given

from comptoir.commands.price_file import parse, written
from comptoir.domain.pricing import Sheet, price
from tests.app.domain.pricing.sheets import sheets

D = Decimal
MILLION = D(1_000_000)
Check = dict[str, Any]


def as_json(sheet: Sheet) -> Check:
    rounding = sheet.terms.rounding
    return {
        "currency": "EUR",
        "taxes": [
            {"id": t.id, "rate_ppm": t.rate_ppm, "inclusive": t.inclusive, "compound": t.compound}
            for t in sheet.taxes
        ],
        "rounding": {"mode": rounding.mode, "scope": rounding.scope},
        "lines": [
            {
                "id": line.id,
                "qty_milli": line.qty_milli,
                "unit_price": line.unit_price,
                "modifiers": [{"price": price} for price in line.modifiers],
                "discount_ppm": line.discount_ppm,
                "discount": line.discount,
                "taxes": [tax.id for tax in line.taxes],
            }
            for line in sheet.lines
        ],
        "check_discount_ppm": sheet.check_discount_ppm,
        "check_discount": sheet.check_discount,
        "service_charge_ppm": sheet.service_charge_ppm,
        "service_charge_taxes": [tax.id for tax in sheet.service_charge_taxes],
        "cash_rounding": sheet.terms.cash_rounding,
    }


class ByHand:
    """Prices a check as a patient person with a calculator would."""

    def __init__(self, check: Check) -> None:
        self.check = check
        even = check["rounding"]["mode"] == "half_even"
        self.mode = ROUND_HALF_EVEN if even else ROUND_HALF_UP
        self.by_line = check["rounding"]["scope"] == "line"

    def whole(self, value: Decimal) -> Decimal:
        return value.quantize(D(1), rounding=self.mode)

    def shared(self, amount: Decimal, exact: list[Decimal]) -> list[Decimal]:
        parts = [value // 1 for value in exact]
        for _ in range(int(amount - sum(parts))):
            gaps = [round(value - part, 40) for value, part in zip(exact, parts, strict=True)]
            parts[gaps.index(max(gaps))] += 1
        return parts

    def answer(self) -> Check:
        check = self.check
        lines = check["lines"]
        gross, discounts = [], []
        for line in lines:
            unit = line["unit_price"] + sum(m["price"] for m in line["modifiers"])
            gross.append(self.whole(D(unit) * line["qty_milli"] / 1000))
            percent = self.whole(gross[-1] * line["discount_ppm"] / MILLION)
            discounts.append(min(gross[-1], percent + line["discount"]))
        left = [g - d for g, d in zip(gross, discounts, strict=True)]
        off = self.whole(sum(left) * check["check_discount_ppm"] / MILLION)
        off = min(sum(left, D(0)), off + check["check_discount"])
        if off:
            exact = [off * value / sum(left) for value in left]
            discounts = [d + s for d, s in zip(discounts, self.shared(off, exact), strict=True)]
        nets = [g - d for g, d in zip(gross, discounts, strict=True)]
        service = self.whole(sum(nets, D(0)) * check["service_charge_ppm"] / MILLION)
        owed = self.taxes(
            [*nets, service], [*(x["taxes"] for x in lines), check["service_charge_taxes"]]
        )
        added = sum(sum(owed[t["id"]][1]) for t in check["taxes"] if not t["inclusive"])
        total = sum(nets, D(0)) + service + added
        coin = max(1, check["cash_rounding"])
        return {
            "lines": [
                {
                    "id": line["id"],
                    "gross": gross[i],
                    "discount": discounts[i],
                    "net": nets[i],
                    "tax": sum(amounts[i] for _, amounts in owed.values()),
                }
                for i, line in enumerate(lines)
            ],
            "taxes": [
                {"id": t["id"], "base": sum(owed[t["id"]][0]), "amount": sum(owed[t["id"]][1])}
                for t in check["taxes"]
            ],
            "subtotal": sum(gross),
            "discount": sum(discounts),
            "service_charge": service,
            "tax": sum(sum(amounts) for _, amounts in owed.values()),
            "total": total,
            "cash_total": self.whole(total / coin) * coin,
        }

    def taxes(self, nets: list[Decimal], taxed: list[list[str]]) -> dict[str, tuple[list, list]]:  # type: ignore[type-arg]
        declared = self.check["taxes"]
        zero = [D(0)] * len(nets)
        amounts = {tax["id"]: list(zero) for tax in declared}
        for tax in declared:
            if tax["inclusive"]:
                exact = [
                    self.inside(net, ids, tax["id"]) for net, ids in zip(nets, taxed, strict=True)
                ]
                amounts[tax["id"]] = self.rounded(exact)
        bare = [
            net - sum(amounts[t["id"]][i] for t in declared if t["inclusive"])
            for i, net in enumerate(nets)
        ]
        bases = {}
        for added in (False, True):  # an included tax's base may need an added one's amount
            for k, tax in enumerate(declared):
                mine = [tax["id"] in ids for ids in taxed]
                base = [
                    (
                        bare[i]
                        + (sum(amounts[e["id"]][i] for e in declared[:k]) if tax["compound"] else 0)
                    )
                    * mine[i]
                    for i in range(len(nets))
                ]
                bases[tax["id"]] = base
                if not tax["inclusive"] and not added:
                    amounts[tax["id"]] = self.rounded([b * tax["rate_ppm"] / MILLION for b in base])
        return {tax["id"]: (bases[tax["id"]], amounts[tax["id"]]) for tax in declared}

    def inside(self, net: Decimal, ids: list[str], wanted: str) -> Decimal:
        taxes, inclusive, found = D(0), D(0), D(0)
        for tax in self.check["taxes"]:
            if tax["id"] in ids:
                factor = (1 + taxes if tax["compound"] else 1) * D(tax["rate_ppm"]) / MILLION
                taxes += factor
                inclusive += factor if tax["inclusive"] else 0
                found = factor if tax["id"] == wanted else found
        return net * found / (1 + inclusive)

    def rounded(self, exact: list[Decimal]) -> list[Decimal]:
        if self.by_line:
            return [self.whole(value) for value in exact]
        return self.shared(self.whole(sum(exact, D(0))), exact)


@given(sheets())
def test_the_engine_says_what_decimals_say(sheet: Sheet) -> None:
    setcontext(Context(prec=80))
    check = as_json(sheet)
    read = parse(json.dumps(check).encode())
    assert written(read, price(read)) == ByHand(check).answer()
