"""X5: a pool's shares sum to the tips received, whoever worked how long."""

from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands.tip_pool import Share, pooled

HOUR_MS = 3_600_000
days = st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-22"])
crews = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12 * HOUR_MS))


@given(st.dictionaries(days, st.integers(0, 10**7)), st.dictionaries(days, crews))
def test_x5_a_pool_sums_to_the_tips_and_nobody_gets_what_they_did_not_work_for(
    tips: dict[str, int], worked: dict[str, dict[str, int]]
) -> None:
    pool = pooled(tips, worked)
    assert pool.total == sum(tips.values())
    crewless = (day for day in tips if not any(worked.get(day, {}).values()))
    assert pool.unshared == sum(tips[day] for day in crewless)
    assert all(one.amount >= 0 and one.worked_ms > 0 for one in pool.shares)


def test_each_day_is_shared_among_those_who_worked_it() -> None:
    tips = {"2026-11-21": 1000, "2026-11-22": 500, "2026-11-23": 7}
    worked = {
        "2026-11-21": {"anna": 2 * HOUR_MS, "bo": HOUR_MS},
        "2026-11-22": {"bo": HOUR_MS, "cy": 0},
    }
    pool = pooled(tips, worked)
    assert pool.shares == (
        Share("bo", 2 * HOUR_MS, 833),
        Share("anna", 2 * HOUR_MS, 667),
    )
    assert pool.unshared == 7
