from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.money import PPM
from comptoir.domain.tax import TaxRate, totals

VAT_10 = TaxRate("fr10", "TVA 10 %", 100_000)
VAT_20 = TaxRate("fr20", "TVA 20 %", 200_000)
SALES = TaxRate("ny", "Sales tax", 88_750, inclusive=False)


def test_an_inclusive_rate_is_taken_out_of_the_price() -> None:
    (total,) = totals([(1100, (VAT_10,))])
    assert (total.base, total.amount) == (1000, 100)


def test_an_added_rate_comes_on_top_rounded_once_for_all_lines() -> None:
    (total,) = totals([(333, (SALES,)), (333, (SALES,)), (333, (SALES,))])
    assert (total.base, total.amount) == (999, 89)


def test_each_rate_has_its_own_total_in_order_of_id() -> None:
    found = totals([(1200, (VAT_20,)), (550, (VAT_10,)), (100, ())])
    assert [(t.id, t.base, t.amount) for t in found] == [("fr10", 500, 50), ("fr20", 1000, 200)]


lines = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from([(), (VAT_10,), (VAT_20,), (SALES,)])),
    max_size=30,
)


@given(lines)
def test_base_and_inclusive_tax_make_up_the_price(
    priced: list[tuple[int, tuple[TaxRate, ...]]],
) -> None:
    for total in totals(priced):
        gross = sum(amount for amount, rates in priced if rates and rates[0].id == total.id)
        if total.inclusive:
            assert abs(total.base + total.amount - gross) <= 1
        else:
            assert total.base == gross
            assert abs(total.amount * PPM - gross * total.rate_ppm) <= PPM


@given(lines, st.randoms())
def test_the_order_of_lines_changes_nothing(priced: list, random: object) -> None:  # type: ignore[type-arg]
    shuffled = list(priced)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert totals(shuffled) == totals(priced)
