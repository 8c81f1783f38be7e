"""What overtook waits a bounded time in a bounded room."""

from comptoir.cloud.early import EVENTS_MAX, WAITS_S, Early
from comptoir.domain.envelope import Sealed

EVENT = Sealed(b"e", b"s")


def test_a_batch_that_came_early_is_tried_again_when_due() -> None:
    early = Early()
    early.hold("r1", [EVENT], 0.0)
    assert early.due(0.0) == []
    assert early.wait_s(0.0, 5.0) == WAITS_S[0]
    (again,) = early.due(WAITS_S[0])
    assert (again.restaurant, again.tries, list(again.batch)) == ("r1", 1, [EVENT])
    assert early.due(1000.0) == []


def test_after_the_last_try_it_is_left_to_the_terminal() -> None:
    early = Early()
    early.hold("r1", [EVENT], 0.0, tries=len(WAITS_S))
    assert early.due(1000.0) == []


def test_the_room_is_bounded_and_free_again_once_left() -> None:
    early = Early()
    early.hold("r1", [EVENT] * EVENTS_MAX, 0.0)
    early.hold("r2", [EVENT], 0.0)
    assert [waiting.restaurant for waiting in early.due(10.0)] == ["r1"]
    early.hold("r2", [EVENT], 10.0)
    assert [waiting.restaurant for waiting in early.due(20.0)] == ["r2"]
