"""Pulls: whoever holds more serves it, and nobody is asked twice at once."""

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.envelope import Head, LogId, Vector
from comptoir.replica.planner import PULL_TIMEOUT_S, REFUSED_PAUSE_S, Pulls, Want, wants

T1: LogId = ("t1", 1)
T3: LogId = ("t3", 1)


def head(seq: int) -> Head:
    return Head(seq, f"h{seq}")


def plan(own: Vector, claims: dict[str, Vector]) -> list[Want]:
    return wants(own, claims, set(claims), set(), set())


def test_what_is_missing_is_asked_from_the_next_seq_on() -> None:
    assert plan({T1: head(3)}, {"t1": {T1: head(9)}}) == [Want("t1", T1, 4)]


def test_nothing_is_asked_when_nobody_has_more() -> None:
    assert plan({T1: head(9)}, {"t1": {T1: head(9)}, "t2": {T1: head(2)}}) == []


def test_a_dead_terminals_events_come_from_any_holder() -> None:
    assert plan({}, {"t2": {T3: head(5)}}) == [Want("t2", T3, 1)]


def test_its_author_is_preferred_among_equals() -> None:
    claims: dict[str, Vector] = {name: {T3: head(5)} for name in ("t1", "t2", "t3")}
    assert plan({}, claims) == [Want("t3", T3, 1)]


def test_the_one_that_holds_most_is_preferred() -> None:
    assert plan({}, {"t3": {T3: head(5)}, "t2": {T3: head(6)}}) == [Want("t2", T3, 1)]


def test_a_log_already_asked_for_is_left_alone() -> None:
    assert wants({}, {"t1": {T1: head(3)}}, {"t1"}, {T1}, set()) == []


def test_a_holder_that_gave_nonsense_is_avoided_for_that_log_alone() -> None:
    claims: dict[str, Vector] = {"t2": {T1: head(3), T3: head(3)}}
    assert wants({}, claims, {"t2"}, set(), {("t2", T1)}) == [Want("t2", T3, 1)]


vectors = st.dictionaries(
    st.tuples(st.sampled_from(["t1", "t2", "t3"]), st.integers(1, 2)),
    st.builds(head, st.integers(1, 9)),
)


@given(own=vectors, claims=st.dictionaries(st.sampled_from(["t1", "t2", "t3"]), vectors))
def test_each_request_can_be_served_and_no_holder_or_log_is_asked_twice(
    own: Vector, claims: dict[str, Vector]
) -> None:
    found = plan(own, claims)
    for want in found:
        have = own[want.log].seq if want.log in own else 0
        assert want.first == have + 1 <= claims[want.holder][want.log].seq
    assert len({w.holder for w in found}) == len({w.log for w in found}) == len(found)


@given(own=vectors, claims=st.dictionaries(st.sampled_from(["t1", "t2", "t3"]), vectors))
def test_while_anyone_has_more_something_is_asked(own: Vector, claims: dict[str, Vector]) -> None:
    behind = any(
        head.seq > (own[log].seq if log in own else 0)
        for heads in claims.values()
        for log, head in heads.items()
    )
    assert bool(plan(own, claims)) == behind


def test_an_answer_belongs_to_one_request_once_and_to_its_holder() -> None:
    pulls = Pulls()
    want = Want("t2", T1, 1)
    correlation = pulls.begin(want, 0.0)
    assert pulls.end(correlation, "t3") is None
    assert pulls.end(correlation, "t2") == want
    assert pulls.end(correlation, "t2") is None


def test_a_request_that_nobody_answers_is_given_up() -> None:
    pulls = Pulls()
    pulls.begin(Want("t2", T1, 1), 0.0)
    assert (pulls.busy, pulls.asked) == ({T1}, {"t2"})
    pulls.expire(PULL_TIMEOUT_S)
    assert (pulls.busy, pulls.asked) == (set(), set())


def test_a_shunned_holder_is_asked_again_after_a_while() -> None:
    pulls = Pulls()
    pulls.shun(Want("t2", T1, 1), 0.0)
    assert pulls.avoid == {("t2", T1)}
    pulls.expire(REFUSED_PAUSE_S)
    assert pulls.avoid == set()
