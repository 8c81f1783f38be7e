import pytest

from comptoir.domain.pricing import BUCKET, HALF_EVEN, HALF_UP, LINE, Entry, Rounding, Sheet, Terms
from comptoir.domain.pricing import price as priced
from comptoir.domain.tax import AMOUNT, QUANTITY, UNIT, Exemption, TaxRate, Threshold

VAT_10 = TaxRate("v10", "10 %", 100_000)
VAT_20 = TaxRate("v20", "20 %", 200_000)
GST = TaxRate("gst", "GST", 50_000, inclusive=False)
OLD_QST = TaxRate("qst", "QST", 95_000, inclusive=False, compound=True)
BY_LINE = Terms(Rounding(HALF_UP, LINE))


def test_modifiers_are_multiplied_and_the_product_is_rounded_once() -> None:
    line = priced(Sheet((Entry("a", 333, 1500, (10, -4)),))).lines[0]
    assert line.gross == 509  # 339 x 1.5 = 508.5


def test_a_line_gives_its_percentage_first_then_its_amount() -> None:
    line = priced(Sheet((Entry("a", 1000, discount_ppm=100_000, discount=50),))).lines[0]
    assert (line.gross, line.discount, line.net) == (1000, 150, 850)


@pytest.mark.parametrize("discount", [{"discount": 99_999}, {"discount_ppm": 1_000_000}])
def test_a_discount_cannot_push_a_line_below_zero(discount: dict[str, int]) -> None:
    assert priced(Sheet((Entry("a", 1000, **discount),))).lines[0].net == 0  # type: ignore[arg-type]


def test_a_check_discount_is_shared_by_largest_remainder_and_stops_at_zero() -> None:
    lines = (Entry("a", 100), Entry("b", 100), Entry("c", 100))
    assert [x.discount for x in priced(Sheet(lines, check_discount=100)).lines] == [34, 33, 33]
    whole = priced(Sheet(lines, check_discount=1000, check_discount_ppm=100_000))
    assert (whole.discount, whole.total) == (300, 0)


def test_the_cent_left_over_goes_to_the_first_line_by_number_wherever_it_stands() -> None:
    lines = (Entry("l10", 100), Entry("l9", 100), Entry("l2", 100))
    found = priced(Sheet(lines, check_discount=100)).lines
    assert [(x.id, x.discount) for x in found] == [("l10", 33), ("l9", 33), ("l2", 34)]


def test_a_line_of_less_than_nothing_takes_no_discount() -> None:
    sheet = Sheet((Entry("a", 1000), Entry("b", 0, modifiers=(-200,))), check_discount_ppm=500_000)
    found = priced(sheet)
    assert [line.discount for line in found.lines] == [500, 0]
    assert found.total == 300


def test_a_rate_is_rounded_once_for_all_its_lines_or_on_each() -> None:
    lines = tuple(Entry(name, 110, taxes=(GST,)) for name in "abc")  # 5.5 cents each
    assert priced(Sheet(lines)).tax == 17  # 16.5
    assert priced(Sheet(lines, terms=BY_LINE)).tax == 18


def test_halves_go_up_or_to_the_even_neighbour() -> None:
    lines = (Entry("a", 50, taxes=(GST,)),)  # 2.5 cents
    assert priced(Sheet(lines)).tax == 3
    assert priced(Sheet(lines, terms=Terms(Rounding(HALF_EVEN, BUCKET)))).tax == 2


def test_an_inclusive_tax_is_taken_out_of_the_price() -> None:
    found = priced(Sheet((Entry("a", 1100, taxes=(VAT_10,)), Entry("b", 1200, taxes=(VAT_20,)))))
    assert [(t.id, t.base, t.amount) for t in found.taxes] == [
        ("v10", 1000, 100),
        ("v20", 1000, 200),
    ]
    assert (found.total, found.tax) == (2300, 300)


def test_several_inclusive_taxes_share_one_price() -> None:
    local = TaxRate("local", "Local", 20_000)
    found = priced(Sheet((Entry("a", 1120, taxes=(VAT_10, local)),)))
    assert [(t.base, t.amount) for t in found.taxes] == [(1000, 20), (1000, 100)]


def test_an_added_tax_is_computed_without_the_inclusive_one() -> None:
    found = priced(Sheet((Entry("a", 1100, taxes=(VAT_10, GST)),)))
    assert (found.total, found.tax) == (1150, 150)


def test_a_compound_tax_is_computed_on_the_taxes_before_it_as_charged() -> None:
    found = priced(Sheet((Entry("a", 10_010, taxes=(OLD_QST, GST)),), (GST, OLD_QST)))
    assert [(t.id, t.base, t.amount) for t in found.taxes] == [
        ("gst", 10_010, 501),
        ("qst", 10_511, 999),
    ]


def test_what_a_tax_compounds_on_is_what_stands_before_it_in_the_list() -> None:
    found = priced(Sheet((Entry("a", 10_000, taxes=(GST, OLD_QST)),), (OLD_QST, GST)))
    assert [(t.id, t.base) for t in found.taxes] == [("qst", 10_000), ("gst", 10_000)]


def test_a_compound_inclusive_tax_is_inside_the_price_too() -> None:
    outer = TaxRate("z", "Z", 100_000, compound=True)
    found = priced(Sheet((Entry("a", 1210, taxes=(VAT_10, outer)),)))
    assert [(t.base, t.amount) for t in found.taxes] == [(1000, 100), (1100, 110)]


def test_a_compound_tax_ignores_earlier_taxes_of_other_lines() -> None:
    lines = (Entry("a", 10_000, taxes=(GST,)), Entry("b", 10_000, taxes=(OLD_QST,)))
    assert priced(Sheet(lines, (GST, OLD_QST))).taxes[1].base == 10_000


def test_the_service_charge_is_taken_after_discounts_and_taxed_as_told() -> None:
    lines = (Entry("a", 1000, discount=100, taxes=(GST,)),)
    untaxed = priced(Sheet(lines, service_charge_ppm=125_000))
    assert (untaxed.service_charge, untaxed.tax, untaxed.total) == (113, 45, 1058)
    taxed = priced(Sheet(lines, service_charge_ppm=125_000, service_charge_taxes=(GST,)))
    assert (taxed.taxes[0].base, taxed.tax, taxed.total) == (1013, 51, 1064)


@pytest.mark.parametrize(("due", "cash"), [(492, 490), (493, 495), (497, 495), (498, 500)])
def test_cash_is_rounded_to_the_smallest_coin_on_a_line_of_its_own(due: int, cash: int) -> None:
    found = priced(Sheet((Entry("a", due),), terms=Terms(cash_rounding=5)))
    assert (found.total, found.cash_total, found.cash_rounding) == (due, cash, cash - due)


def test_an_exempt_guest_pays_no_added_tax_and_no_included_one() -> None:
    lines = (Entry("a", 1100, taxes=(VAT_10,)), Entry("b", 1000, taxes=(GST,)))
    found = priced(Sheet(lines, exemption=Exemption("embassy")))
    assert (found.total, found.tax, found.taxes) == (2000, 0, ())
    assert [(t.id, t.base, t.amount) for t in found.exempted] == [
        ("gst", 1000, 50),
        ("v10", 1000, 100),
    ]


def test_an_exemption_may_name_its_taxes_and_compound_taxes_do_without_them() -> None:
    lines = (Entry("a", 10_000, taxes=(GST, OLD_QST)),)
    found = priced(Sheet(lines, exemption=Exemption("status card", ("gst",))))
    assert [(t.id, t.base, t.amount) for t in found.taxes] == [("qst", 10_000, 950)]


def test_a_tax_counts_only_within_its_threshold() -> None:
    small = TaxRate("s", "5 %", 50_000, inclusive=False, when=Threshold(AMOUNT, 0, 400))
    full = TaxRate("f", "13 %", 130_000, inclusive=False, when=Threshold(AMOUNT, 401))
    coffee, muffin = Entry("a", 200, taxes=(small, full)), Entry("b", 200, taxes=(small, full))
    other = Entry("c", 5000)
    assert priced(Sheet((coffee, muffin, other))).tax == 20
    dearer = Entry("b", 201, taxes=(small, full))
    assert priced(Sheet((coffee, dearer, other))).tax == 52


def test_a_threshold_may_count_pieces_of_all_lines_together() -> None:
    few = TaxRate("f", "5 %", 50_000, inclusive=False, when=Threshold(QUANTITY, 0, 5999))
    muffins, buns = Entry("a", 100, 3000, taxes=(few,)), Entry("b", 100, 2000, taxes=(few,))
    assert priced(Sheet((muffins, buns))).tax == 25
    assert priced(Sheet((muffins, buns, Entry("c", 100, taxes=(few,))))).tax == 0


def test_a_threshold_may_look_at_the_price_of_one_piece() -> None:
    dear = TaxRate("d", "8 %", 80_000, inclusive=False, when=Threshold(UNIT, 11_000))
    lines = (Entry("shirt", 10_999, 2000, taxes=(dear,)), Entry("coat", 11_000, taxes=(dear,)))
    found = priced(Sheet(lines))
    assert [line.tax for line in found.lines] == [0, 880]


def test_a_check_of_nothing_costs_nothing() -> None:
    found = priced(Sheet((), check_discount=100, service_charge_ppm=100_000))
    assert (found.subtotal, found.discount, found.total, found.cash_total) == (0, 0, 0, 0)
