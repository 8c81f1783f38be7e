from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.hlc import AHEAD_MS_MAX, milliseconds, observe, reading, tick

times = st.integers(0, 1 << 42)


@given(st.lists(times, min_size=2, max_size=50))
def test_the_clock_never_runs_back_whatever_the_machine_says(now: list[int]) -> None:
    last = 0
    for now_ms in now:
        following = tick(last, now_ms)
        assert following > last
        assert milliseconds(following) >= now_ms
        last = following


@given(times, times)
def test_a_fact_made_after_seeing_another_comes_after_it(mine: int, theirs: int) -> None:
    seen = observe(reading(mine), reading(theirs), now_ms=theirs)
    assert tick(seen, mine) > reading(theirs)


def test_a_peer_far_in_the_future_does_not_pull_the_clock_along() -> None:
    absurd = reading(AHEAD_MS_MAX + 1)
    assert observe(reading(0), absurd, now_ms=0) == reading(0)
    assert observe(reading(0), reading(AHEAD_MS_MAX), now_ms=0) == reading(AHEAD_MS_MAX)
