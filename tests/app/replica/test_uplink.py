"""The uplink's window: everything arrives whatever is lost, and little is sent twice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.domain.envelope import Head, LogId, Vector
from comptoir.replica.uplink import (
    ANSWER_S_MAX,
    ASK_DOWN_S,
    ASK_S,
    NEVER_HEARD_S,
    RESENDS_BEFORE_RESTART,
    RESTART_S_MIN,
    Span,
    Uplink,
)

LOG: LogId = ("t1", 1)
OTHER: LogId = ("t2", 1)
STALL_S = 10.0


def head(seq: int) -> Head:
    return Head(seq, f"h{seq}")


def online(window: int = 100, mark: int = 0) -> Uplink:
    uplink = Uplink(window, STALL_S)
    uplink.marked({LOG: head(mark)} if mark else {}, 0.0)
    return uplink


def send(uplink: Uplink, own: Vector, now_s: float) -> list[Span]:
    spans = uplink.due(own, now_s)
    for span in spans:
        uplink.sent(span.log, span.last, now_s)
    return spans


def test_events_past_the_mark_are_sent_once() -> None:
    uplink = online(mark=4)
    assert send(uplink, {LOG: head(9)}, 1.0) == [Span(LOG, 5, 9)]
    assert send(uplink, {LOG: head(9)}, 2.0) == []


def test_what_the_cloud_has_not_said_to_hold_waits() -> None:
    uplink = online(mark=4)
    assert uplink.waiting({LOG: head(9), OTHER: head(2)}) == 7
    send(uplink, {LOG: head(9)}, 1.0)
    assert uplink.waiting({LOG: head(9)}) == 5
    uplink.marked({LOG: head(9)}, 2.0)
    assert uplink.waiting({LOG: head(9)}) == 0


def test_no_more_than_the_window_is_under_way() -> None:
    uplink = online(window=10)
    assert send(uplink, {LOG: head(50), OTHER: head(50)}, 1.0) == [Span(LOG, 1, 10)]


def test_the_window_moves_on_with_the_mark() -> None:
    uplink = online(window=10)
    send(uplink, {LOG: head(50)}, 1.0)
    uplink.marked({LOG: head(7)}, 2.0)
    assert send(uplink, {LOG: head(50)}, 2.0) == [Span(LOG, 11, 17)]


def test_a_mark_that_stands_still_has_the_window_sent_again() -> None:
    uplink = online()
    send(uplink, {LOG: head(9)}, 1.0)
    uplink.marked({LOG: head(3)}, 2.0)
    assert send(uplink, {LOG: head(9)}, 2.0 + STALL_S - 0.1) == []
    assert send(uplink, {LOG: head(9)}, 2.0 + STALL_S) == [Span(LOG, 4, 9)]


def test_after_the_own_broker_died_the_window_is_sent_again() -> None:
    uplink = online()
    send(uplink, {LOG: head(9)}, 1.0)
    uplink.connection_lost()
    uplink.marked({LOG: head(2)}, 2.0)
    assert send(uplink, {LOG: head(9)}, 2.0) == [Span(LOG, 3, 9)]


def test_a_cloud_restored_from_a_backup_is_sent_what_it_lost() -> None:
    uplink = online(mark=9)
    uplink.marked({LOG: head(5)}, 1.0)
    assert send(uplink, {LOG: head(9)}, 1.0) == [Span(LOG, 6, 9)]


def test_a_cloud_that_lost_a_log_altogether_is_sent_it_all() -> None:
    uplink = online(mark=9)
    uplink.marked({}, 1.0)
    assert send(uplink, {LOG: head(9)}, 1.0) == [Span(LOG, 1, 9)]


def test_nobody_uploads_before_the_cloud_answers() -> None:
    assert not Uplink(10, STALL_S).active("t1", [], {LOG: head(1)}, 5.0)


def test_the_lowest_id_online_uploads() -> None:
    uplink = online()
    assert uplink.active("t1", ["t2", "t3"], {}, 1.0)
    assert not uplink.active("t2", ["t1", "t3"], {}, 1.0)


def test_another_starts_when_the_mark_lags() -> None:
    uplink = online()
    assert not uplink.active("t2", ["t1"], {LOG: head(3)}, 1.0)
    uplink.marked({}, 9.0)
    assert not uplink.active("t2", ["t1"], {LOG: head(3)}, 1.0 + STALL_S - 0.1)
    assert uplink.active("t2", ["t1"], {LOG: head(3)}, 1.0 + STALL_S)
    uplink.marked({LOG: head(3)}, 12.0)
    assert not uplink.active("t2", ["t1"], {LOG: head(3)}, 12.0)


def test_a_silent_cloud_is_not_reachable() -> None:
    uplink = online()
    assert uplink.reachable(ANSWER_S_MAX - 0.1)
    assert not uplink.reachable(ANSWER_S_MAX)


def test_the_mark_is_asked_for_at_once_and_then_in_measure() -> None:
    uplink = Uplink(10, STALL_S)
    assert uplink.should_ask(0.5, active=False)
    assert not uplink.should_ask(0.5 + ASK_DOWN_S - 0.1, active=False)
    assert uplink.should_ask(0.5 + ASK_DOWN_S, active=False)
    uplink.marked({}, 3.0)
    assert not uplink.should_ask(3.0 + ASK_S - 0.1, active=True)
    assert uplink.should_ask(3.0 + ASK_S, active=True)


def test_a_cloud_that_was_never_heard_asks_for_one_restart() -> None:
    uplink = Uplink(10, STALL_S)
    assert not uplink.unheard(1000.0), "nobody asked yet"
    uplink.should_ask(1000.0, active=False)
    assert not uplink.unheard(1000.0 + NEVER_HEARD_S - 1)
    assert uplink.unheard(1000.0 + NEVER_HEARD_S)
    uplink.should_ask(2000.0, active=False)
    assert not uplink.unheard(3000.0)


def test_a_cloud_that_was_heard_once_is_away_and_asks_for_none() -> None:
    uplink = Uplink(10, STALL_S)
    uplink.should_ask(0.0, active=False)
    uplink.marked({}, 1.0)
    uplink.connection_lost()
    uplink.should_ask(2.0, active=False)
    assert not uplink.unheard(5000.0)


def test_resending_in_vain_asks_for_a_restart_once() -> None:
    uplink, own, now_s = online(), {LOG: head(1)}, 0.0
    for _ in range(RESENDS_BEFORE_RESTART + 1):
        uplink.active("t1", [], own, now_s)
        assert not uplink.stuck(now_s)
        send(uplink, own, now_s)
        now_s += STALL_S
    assert uplink.stuck(now_s)
    assert not uplink.stuck(now_s + 1)
    assert uplink.stuck(now_s + RESTART_S_MIN)


def test_one_log_that_the_cloud_refuses_asks_for_no_restart() -> None:
    uplink, now_s = online(), 0.0
    for n in range(1, RESENDS_BEFORE_RESTART + 3):
        own = {LOG: head(1), OTHER: head(n)}
        uplink.active("t1", [], own, now_s)
        send(uplink, own, now_s)
        assert not uplink.stuck(now_s)
        uplink.marked({OTHER: head(n - 1)} if n > 1 else {}, now_s)
        now_s += STALL_S


fates = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=60)
@given(events=st.integers(1, 60), window=st.integers(1, 20), fates=fates)
def test_whatever_is_lost_everything_arrives_in_the_end(
    events: int, window: int, fates: list[tuple[bool, bool]]
) -> None:
    uplink, own = Uplink(window, STALL_S), {LOG: head(events)}
    held, now_s = 0, 0.0
    uplink.marked({}, now_s)
    lost = [*fates, *[(False, False)] * (2 * events + 4)]
    for events_lost, mark_lost in lost:
        for span in send(uplink, own, now_s):
            assert span.last - uplink._logs[LOG].mark <= window
            if not events_lost and span.first <= held + 1:
                held = max(held, span.last)
        if not mark_lost:
            uplink.marked({LOG: head(held)} if held else {}, now_s)
        now_s += STALL_S
    assert held == events
