"""C2, C4: the cloud's parts die, and thousands come back at once; nothing is missing or twice."""

from collections import Counter

import pytest

from tests.faults import cloud_crowd, cloud_kills

pytestmark = pytest.mark.long
RESTAURANTS, CONTROLLED = 2000, 200
KILLS = 6  # each part once


def test_c2_each_part_of_the_cloud_dies_and_no_event_is_missing_or_twice() -> None:
    counts: Counter[str] = Counter()
    assert cloud_kills.play(0, KILLS, counts) == []
    assert counts["kills"] == KILLS


def test_control_a_mark_that_is_sent_before_the_commit_loses_events() -> None:
    with cloud_kills.without("mark-first")():
        assert cloud_kills.play(0, 1, Counter())  # the database's


def test_c4_all_restaurants_come_back_at_once_and_are_drained() -> None:
    counts: Counter[str] = Counter()
    assert cloud_crowd.play(RESTAURANTS, counts) == []
    assert counts["restaurants"] == RESTAURANTS


def test_control_restaurants_that_believe_their_link_are_never_drained() -> None:
    with cloud_crowd.no_resend():
        assert cloud_crowd.play(CONTROLLED, Counter())
