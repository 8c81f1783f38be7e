"""What time it is can be said over the API too, where no clock says it."""

from tests.app.web.api.conftest import Caller

LATER_MS = 1_936_000_000_000


def test_said_by_a_program_the_time_counts_like_a_persons(caller: Caller) -> None:
    caller.till.forget_time()
    assert caller.put("/clock", {"at_ms": LATER_MS}).status_code == 200
    assert caller.till.time.known
    assert 0 <= caller.till.desk.clock.now_ms() - LATER_MS < 600_000


def test_a_time_that_cannot_be_is_refused_and_nothing_is_known(caller: Caller) -> None:
    caller.post("/checks", {"check": "c"})
    caller.till.forget_time()
    assert caller.put("/clock", {"at_ms": 5}).status_code == 409
    assert caller.put("/clock", {"at_ms": 1 << 60}).status_code == 422
    assert not caller.till.time.known
