"""C4: the cloud was away, and thousands come back at once; nothing is missing or twice."""

from collections import Counter

import pytest

from tests.faults import cloud_crowd

pytestmark = pytest.mark.long
RESTAURANTS, CONTROLLED = 2000, 200


def test_c4_all_restaurants_come_back_at_once_and_are_drained() -> None:
    counts: Counter[str] = Counter()
    assert cloud_crowd.play(RESTAURANTS, counts) == []
    assert counts["restaurants"] == RESTAURANTS


def test_control_restaurants_that_believe_their_link_are_never_drained() -> None:
    with cloud_crowd.no_resend():
        assert cloud_crowd.play(CONTROLLED, Counter())
