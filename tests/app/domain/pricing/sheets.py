"""Draws checks to price, of every kind that the engine knows."""

from hypothesis import strategies as st

from comptoir.domain.pricing import BUCKET, HALF_EVEN, HALF_UP, LINE, Entry, Rounding, Sheet, Terms
from comptoir.domain.tax import TaxRate

RATES_PPM = (0, 21_000, 26_000, 50_000, 81_000, 88_750, 99_750, 100_000, 130_000, 200_000)
roundings = st.builds(
    Rounding, st.sampled_from([HALF_UP, HALF_EVEN]), st.sampled_from([LINE, BUCKET])
)
shares_ppm = st.sampled_from([0, 0, 33_333, 50_000, 125_000, 333_333, 1_000_000])
amounts = st.one_of(st.just(0), st.integers(0, 3000))


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    taxes = tuple(
        TaxRate(
            f"t{i}",
            f"t{i}",
            draw(st.sampled_from(RATES_PPM)),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, 3)))
    )
    some = st.lists(st.sampled_from(taxes), unique=True).map(tuple) if taxes else st.just(())
    lines = tuple(
        Entry(
            f"l{i}",
            draw(st.integers(0, 2500)),
            draw(st.sampled_from([1000, 1000, 2000, 333, 1250, 0])),
            tuple(draw(st.lists(st.integers(0, 300), max_size=2))),
            draw(shares_ppm),
            draw(amounts),
            draw(some),
        )
        for i in range(draw(st.integers(0, 12)))
    )
    return Sheet(
        lines,
        taxes,
        Terms(draw(roundings), draw(st.sampled_from([0, 1, 5, 10, 100]))),
        draw(shares_ppm),
        draw(amounts),
        draw(st.sampled_from([0, 100_000, 125_000])),
        draw(some),
    )
