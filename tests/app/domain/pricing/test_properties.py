from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.domain.money import PPM
from comptoir.domain.pricing import LINE, Entry, Priced, Sheet, price
from comptoir.domain.tax import Exemption
from tests.app.domain.pricing.sheets import sheets

LINE_OF_100 = Entry("l", 100)


def sums(priced: Priced) -> tuple[object, ...]:
    return (
        sorted(priced.lines, key=lambda line: line.id),
        priced.taxes,
        priced.subtotal,
        priced.discount,
        priced.service_charge,
        priced.tax,
        priced.total,
        priced.cash_total,
    )


@given(sheets())
def test_parts_and_taxes_always_sum_to_the_whole(sheet: Sheet) -> None:
    found = price(sheet)
    pieces = (*found.lines, found.service)
    added = sum(t.amount for t in found.taxes if not t.inclusive)
    assert found.subtotal == sum(line.gross for line in found.lines)
    assert found.discount == sum(line.discount for line in found.lines)
    assert found.tax == sum(t.amount for t in found.taxes) == sum(p.tax for p in pieces)
    assert found.total == found.subtotal - found.discount + found.service_charge + added
    for total in found.taxes:
        shares = [s for p in pieces for s in p.taxes if s.rate.id == total.id]
        assert total.amount == sum(share.amount for share in shares)
        assert total.base == sum(share.base for share in shares)


@given(sheets())
def test_what_is_in_the_price_and_what_is_left_make_up_the_price(sheet: Sheet) -> None:
    for piece in price(sheet).lines:
        inside = sum(s.amount for s in piece.taxes if s.rate.inclusive)
        for share in piece.taxes:
            if not share.rate.compound:
                assert share.base + inside == piece.net


@given(sheets(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_sum(sheet: Sheet, random: Random) -> None:
    lines = list(sheet.lines)
    random.shuffle(lines)
    assert sums(price(replace(sheet, lines=tuple(lines)))) == sums(price(sheet))


@given(sheets())
def test_no_line_falls_below_zero_and_no_discount_above_the_price(sheet: Sheet) -> None:
    found = price(sheet)
    for line in found.lines:
        assert 0 <= line.discount <= line.gross
        assert all(share.amount >= 0 and share.base >= 0 for share in line.taxes)
    assert 0 <= found.discount <= found.subtotal
    assert found.total >= found.subtotal - found.discount


@given(sheets())
def test_an_added_tax_is_its_rate_of_its_base_to_the_last_unit(sheet: Sheet) -> None:
    for total in price(sheet).taxes:
        if total.inclusive:
            continue
        rounded = 1 + len(sheet.lines) if sheet.terms.rounding.scope == LINE else 1
        exact = total.base * total.rate_ppm
        assert abs(total.amount * PPM - exact) * 2 <= PPM * rounded


@given(sheets())
def test_a_share_strays_less_than_one_unit_from_its_rate(sheet: Sheet) -> None:
    for piece in price(sheet).lines:
        inside = sum(s.amount for s in piece.taxes if s.rate.inclusive)
        for share in piece.taxes:
            if not share.rate.inclusive:
                assert abs(share.amount * PPM - share.base * share.rate.rate_ppm) < PPM
        assert inside <= piece.net


@given(sheets())
def test_cash_strays_at_most_half_a_coin(sheet: Sheet) -> None:
    found, coin = price(sheet), max(1, sheet.terms.cash_rounding)
    assert found.cash_total % coin == 0
    assert abs(found.cash_rounding) * 2 <= coin


@given(sheets())
def test_who_is_exempt_pays_what_is_left_when_every_tax_is_taken_away(sheet: Sheet) -> None:
    full, free = price(sheet), price(replace(sheet, exemption=Exemption("embassy")))
    inside = sum(t.amount for t in full.taxes if t.inclusive)
    added = sum(t.amount for t in full.taxes if not t.inclusive)
    assert free.tax == 0
    assert free.total == full.total - inside - added


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(1, 40))
def test_lines_of_one_price_share_a_discount_within_one_unit(count: int, discount: int) -> None:
    lines = tuple(replace(LINE_OF_100, id=f"l{i}") for i in range(count))
    parts = [line.discount for line in price(Sheet(lines, check_discount=discount)).lines]
    assert sum(parts) == min(discount, 100 * count)
    assert max(parts) - min(parts) <= 1
