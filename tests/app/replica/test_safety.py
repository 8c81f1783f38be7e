"""What the till is told."""

from comptoir.bus.wire import Newest
from comptoir.domain.envelope import Head, LogId
from comptoir.replica.copies import CLOUD, Copies
from comptoir.replica.safety import newest_of, safety

T1: LogId = ("t1", 1)
T1B: LogId = ("t1", 2)
T2: LogId = ("t2", 1)


def head(seq: int) -> Head:
    return Head(seq, str(seq))


def test_own_epochs_and_all_logs_are_told_apart() -> None:
    copies, own = Copies(), {T1: head(5), T1B: head(3), T2: head(7)}
    copies.claim("t2", {T1: head(5), T1B: head(2), T2: head(7)}, whole=True)
    copies.claim(CLOUD, {T2: head(6)}, whole=True)
    copies.settle(own, lambda _, seq: str(seq))
    found = safety("t1", own, copies, {"t2"}, 2)
    assert found.own == {"1": 5, "2": 2}
    assert found.safe == {"t1/1": 5, "t1/2": 2, "t2/1": 7}
    assert found.cloud == {"t2/1": 6}
    assert found.head == Newest(2, 2)


def test_nobody_has_answered_yet() -> None:
    assert safety("t1", {T1: head(5)}, Copies(), {"t2"}, 2).head is None


def test_a_peer_that_holds_nothing_of_us_has_answered_too() -> None:
    assert newest_of("t1", {"t2": {T2: head(4)}}) == Newest(0, 0)


def test_the_cloud_and_strangers_are_no_peers() -> None:
    copies = Copies()
    copies.claim(CLOUD, {T1: head(5)}, whole=True)
    copies.claim("t9", {T1: head(5)}, whole=True)
    assert safety("t1", {T1: head(5)}, copies, {"t2"}, 2).head is None


def test_a_peer_not_admitted_makes_nothing_safe() -> None:
    copies, own = Copies(), {T1: head(5)}
    copies.claim("t9", {T1: head(5)}, whole=True)
    copies.settle(own, lambda _, seq: str(seq))
    assert safety("t1", own, copies, {"t2"}, 2).safe == {}


def test_a_peer_has_answered_once_all_that_it_wrote_before_is_here() -> None:
    copies, own = Copies(), {T1: head(5), T1B: head(3), T2: head(7)}
    copies.claim("t2", {T1B: head(2), T2: head(8)}, whole=True)
    copies.settle(own, lambda _, seq: str(seq))
    assert safety("t1", own, copies, {"t2"}, 2).answered == {}
    own[T2] = head(8)
    assert safety("t1", own, copies, {"t2"}, 2).answered == {"t2": Newest(2, 2)}


def test_a_peer_that_wrote_nothing_hides_nothing() -> None:
    copies, own = Copies(), {T1: head(5)}
    copies.claim("t2", {T1: head(5)}, whole=True)
    copies.settle(own, lambda _, seq: str(seq))
    assert safety("t1", own, copies, {"t2"}, 2).answered == {"t2": Newest(1, 5)}
    assert safety("t1", {}, copies, {"t2"}, 2).answered == {}
