"""What a peer may send: so much at once, so much a second, and no link to who floods."""

from comptoir.replica import quota
from comptoir.replica.quota import Quota


def taken(quota_: Quota, peer: str, count: int, size: int, now_s: float) -> int:
    return sum(quota_.takes(peer, size, now_s) for _ in range(count))


def test_a_burst_is_taken_and_no_more() -> None:
    many = 3 * quota.MESSAGES_BURST
    assert taken(Quota(), "t2", many, 10, 0.0) == quota.MESSAGES_BURST


def test_large_messages_are_counted_in_bytes() -> None:
    assert taken(Quota(), "t2", 100, 1 << 20, 0.0) == quota.BYTES_BURST >> 20


def test_as_time_passes_more_is_taken() -> None:
    one = Quota()
    taken(one, "t2", 2 * quota.MESSAGES_BURST, 10, 0.0)
    assert taken(one, "t2", quota.MESSAGES_BURST, 10, 1.0) == quota.MESSAGES_S
    assert taken(one, "t2", 2 * quota.MESSAGES_BURST, 10, 1000.0) == quota.MESSAGES_BURST


def test_who_says_little_is_heard_while_another_floods() -> None:
    one = Quota()
    taken(one, "t2", 5000, 1024, 0.0)
    assert one.takes("t3", 1024, 0.0)


def test_who_floods_on_has_no_link_for_a_while() -> None:
    one = Quota()
    taken(one, "t2", quota.MESSAGES_BURST + quota.REFUSED_MAX - 1, 10, 0.0)
    assert one.resting(0.0) == set()
    one.takes("t2", 10, 0.0)
    assert one.resting(1.0) == {"t2"}
    assert one.resting(quota.REST_S) == set()


def test_a_pause_makes_good_what_was_refused() -> None:
    one = Quota()
    for turn in range(10):
        taken(one, "t2", quota.MESSAGES_BURST + quota.REFUSED_MAX - 1, 10, turn * 1000.0)
    assert one.resting(9000.0) == set()


def test_a_retired_peer_is_forgotten() -> None:
    one = Quota()
    taken(one, "t2", 5000, 10, 0.0)
    one.forget("t2")
    assert one.takes("t2", 10, 0.0)
    assert one.resting(0.0) == set()
