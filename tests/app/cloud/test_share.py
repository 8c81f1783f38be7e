"""Ingest workers part the restaurants among themselves."""

import pytest

from comptoir.cloud import Share

RESTAURANTS = [f"r{number}" for number in range(2000)]


@pytest.mark.parametrize("count", [1, 2, 7, 64])
def test_each_restaurant_is_exactly_one_workers(count: int) -> None:
    shares = [Share(number, count) for number in range(1, count + 1)]
    assert all(sum(share.has(name) for share in shares) == 1 for name in RESTAURANTS)


def test_no_worker_has_more_than_a_fair_part() -> None:
    parts = [sum(Share(number, 4).has(name) for name in RESTAURANTS) for number in (1, 2, 3, 4)]
    assert max(parts) < 1.2 * min(parts)
