from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.pricing import Entry, Sheet, Terms, price, without
from comptoir.domain.tax import AMOUNT, TaxRate, Threshold
from tests.app.domain.pricing.sheets import sheets

GST = TaxRate("gst", "GST", 50_000, inclusive=False)


def test_what_comes_back_takes_its_stored_tax_with_it() -> None:
    sold = price(Sheet((Entry("a", 110, 3000, taxes=(GST,)),)))  # 16.5 cents of tax, stored as 17
    left = without(sold, {"a": 1000}, Terms())
    assert (sold.total - left.total, sold.tax - left.tax) == (116, 6)
    assert without(sold, {"a": 3000}, Terms()).total == 0


def test_a_return_does_not_ask_the_threshold_again() -> None:
    small = TaxRate("s", "5 %", 50_000, inclusive=False, when=Threshold(AMOUNT, 0, 400))
    full = TaxRate("f", "13 %", 130_000, inclusive=False, when=Threshold(AMOUNT, 401))
    lines = (Entry("a", 200, taxes=(small, full)), Entry("b", 300, taxes=(small, full)))
    sold = price(Sheet(lines))
    left = without(sold, {"a": 1000}, Terms())
    assert (sold.total, left.total, left.tax) == (565, 339, 39)


def test_a_return_takes_its_part_of_the_discount_and_of_the_service_charge() -> None:
    lines = (Entry("a", 1000), Entry("b", 1000))
    sold = price(Sheet(lines, check_discount=500, service_charge_ppm=100_000))
    left = without(sold, {"a": 1000}, Terms())
    assert (sold.total, left.discount, left.service_charge, left.total) == (1650, 250, 75, 825)


def test_cash_left_is_rounded_to_the_coin_again() -> None:
    sold = price(Sheet((Entry("a", 333, 2000),)))
    assert without(sold, {"a": 1000}, Terms(cash_rounding=5)).cash_total == 335


@given(sheets(), st.data())
def test_returns_one_by_one_give_back_what_was_paid_and_no_more(
    sheet: Sheet, data: st.DataObject
) -> None:
    sold, terms = price(sheet), sheet.terms
    gone = {line.id: data.draw(st.integers(0, line.qty_milli)) for line in sold.lines}
    some, all_of_it = without(sold, gone, terms), {x.id: x.qty_milli for x in sold.lines}
    nothing = without(sold, all_of_it, terms)
    assert 0 <= some.total <= sold.total + len(sold.order) + 1
    assert nothing.lines == tuple(
        replace(
            line,
            qty_milli=0,
            gross=0,
            discount=0,
            taxes=tuple(replace(share, base=0, amount=0) for share in line.taxes),
        )
        if line.qty_milli
        else line
        for line in sold.lines
    )
    assert (nothing.total, nothing.tax) == (0, 0)


@pytest.mark.parametrize("gone", [{}, {"a": 0}, {"nobody": 1000}])
def test_nothing_gone_changes_nothing(gone: dict[str, int]) -> None:
    sold = price(Sheet((Entry("a", 333, taxes=(GST,)),)))
    assert without(sold, gone, Terms()) == sold
