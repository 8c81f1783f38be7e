"""A count folds to what its lines, as they now stand, have left of it."""

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.availability import Availability, Count
from comptoir.domain.envelope import Envelope
from comptoir.domain.events import aggregates_of
from comptoir.domain.fold import fold
from comptoir.domain.records import dump

COUNTED = ev.ItemCounted("duck", "n1", 5000)


def event(body: ev.Body, hlc: int, terminal: str = "t1", seq: int = 1) -> ev.Event:
    envelope = Envelope(
        "r", terminal, 1, seq, hlc << 16, "2026-11-22", "anna", body.KIND, 1, dump(body), ""
    )
    return ev.Event(envelope, body)


def count(*bodies: ev.Body) -> Count:
    state = fold("count:n1", [event(body, hlc) for hlc, body in enumerate(bodies, 1)])
    assert isinstance(state, Count)
    return state


def line(name: str, qty_milli: int = 1000, portion_milli: int = 1000) -> ev.LineAdded:
    return ev.LineAdded(
        "c", name, "duck", {}, qty_milli, 1, count="n1", portion_milli=portion_milli
    )


def test_lines_take_their_portion_and_a_void_gives_back() -> None:
    assert count(COUNTED, line("a", 2000), line("b", 1000, 500)).left_milli == 2500
    taken = count(COUNTED, line("a", 2000), ev.LineVoided("c", "a", "", "n1"))
    assert taken.left_milli == 5000


def test_a_void_beats_a_quantity_in_either_order() -> None:
    void, edit = ev.LineVoided("c", "a", "", "n1"), ev.LineQtySet("c", "a", 3000, "n1")
    for order in ([void, edit], [edit, void]):
        assert count(COUNTED, line("a"), *order).left_milli == 5000


def test_lines_that_arrive_before_their_count_wait_for_it() -> None:
    assert count(line("a")).left_milli == -1000
    assert count(line("a"), COUNTED).left_milli == 4000


def test_only_lines_of_a_counted_item_touch_a_count() -> None:
    plain = ev.LineAdded("c", "a", "duck", {}, 1000, 1)
    assert aggregates_of(event(plain, 1)) == ("check:c",)
    assert aggregates_of(event(line("a"), 1)) == ("check:c", "count:n1")
    assert aggregates_of(event(COUNTED, 1)) == ("item:duck", "count:n1")


def test_the_last_fact_about_an_item_counts() -> None:
    stop, back = ev.ItemStopped("duck", "out"), ev.ItemBack("duck")

    def now(*bodies: ev.Body) -> Availability:
        state = fold("item:duck", [event(body, hlc) for hlc, body in enumerate(bodies, 1)])
        assert isinstance(state, Availability)
        return state

    assert (now(stop).stopped, now(stop).reason) == (True, "out")
    assert now(COUNTED, stop).count == "n1"
    assert not now(stop, COUNTED).stopped
    assert (now(COUNTED, stop, back).stopped, now(COUNTED, stop, back).count) == (False, "")


lines = st.sampled_from(["a", "b", "c"])
bodies = st.lists(
    st.one_of(
        st.builds(line, lines, st.integers(1, 9000), st.sampled_from([500, 1000])),
        st.builds(ev.LineQtySet, st.just("c"), lines, st.integers(1, 9000), st.just("n1")),
        st.builds(ev.LineVoided, st.just("c"), lines, st.just(""), st.just("n1")),
    ),
    max_size=15,
)


@given(bodies, st.randoms(use_true_random=False))
def test_any_arrival_order_leaves_the_same(made: Sequence[ev.Body], chance: random.Random) -> None:
    events = [event(b, i // 3, f"t{i % 3}", i + 1) for i, b in enumerate([COUNTED, *made])]
    arrived = list(events)
    chance.shuffle(arrived)
    one = fold("count:n1", sorted(arrived, key=lambda e: e.envelope.order))
    assert one == fold("count:n1", sorted(events, key=lambda e: e.envelope.order))
    assert one.left_milli <= 5000
