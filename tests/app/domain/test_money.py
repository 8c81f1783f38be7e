import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.money import apportion, half_up, parse, plain


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (1049, 100, 10), (1050, 100, 11)],
)
def test_halves_round_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@given(
    amount=st.integers(-(10**9), 10**9),
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(lambda w: sum(w) > 0),
)
def test_parts_always_sum_to_the_whole_and_stray_less_than_one_unit(
    amount: int, weights: list[int]
) -> None:
    parts = apportion(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    assert all(abs(p * total - amount * w) < total for p, w in zip(parts, weights, strict=True))


def test_weights_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        apportion(10, [0, 0])


@given(amount=st.integers(0, 10**9 - 1), currency=st.sampled_from(["EUR", "JPY", "TND"]))
def test_what_is_written_can_be_read_again(amount: int, currency: str) -> None:
    assert parse(plain(amount, currency), currency) == amount


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e3", "1,2,3", "٣", "9" * 10])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        parse(text, "EUR")


def test_a_comma_is_a_decimal_point_too() -> None:
    assert parse("12,5", "EUR") == 1250
