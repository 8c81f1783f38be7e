"""D18: what should be left is one fold: counted, received, wasted, sold, however it arrives."""

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.availability import Count
from comptoir.domain.events import aggregates_of
from comptoir.domain.fold import fold
from comptoir.domain.stock import StockLimits, countings
from tests.app.domain.test_availability import COUNTED, event, line


def count(*bodies: ev.Body) -> Count:
    state = fold("count:n1", [event(body, hlc) for hlc, body in enumerate(bodies, 1)])
    assert isinstance(state, Count)
    return state


def received(entry: str, qty: int) -> ev.Body:
    return ev.StockReceived("duck", "n1", entry, qty)


def wasted(entry: str, qty: int) -> ev.Body:
    return ev.StockWasted("duck", "n1", entry, qty, "spoilt")


def undone(entry: str) -> ev.Body:
    return ev.StockUndone("duck", "n1", entry)


def test_what_is_left_is_counted_plus_received_less_wasted_less_sold() -> None:
    state = count(COUNTED, received("a", 2000), wasted("b", 500), line("l1", 3000, 1000))
    assert state.left_milli == 5000 + 2000 - 500 - 3000
    assert [(one.what, one.by) for one in state.entries] == [
        ("received", "anna"),
        ("wasted", "anna"),
    ]


def test_what_was_undone_never_was_also_when_it_arrives_late() -> None:
    assert count(COUNTED, received("a", 2000), undone("a")).left_milli == 5000
    assert count(COUNTED, undone("a"), received("a", 2000)).left_milli == 5000
    assert count(COUNTED, undone("x"), received("a", 2000)).left_milli == 7000


def test_a_count_that_was_corrected_is_what_it_was_corrected_to() -> None:
    correction = ev.StockRecounted("duck", "n1", 500)
    assert count(COUNTED, line("l1", 200, 1000), correction).left_milli == 300
    assert count(correction, COUNTED).left_milli == 500
    assert count(correction).left_milli == 0, "its count has not arrived yet"


def test_what_comes_in_is_filed_with_its_count_and_its_item() -> None:
    assert aggregates_of(event(received("a", 1), 1)) == ("count:n1", "stock:duck")


def test_each_count_knows_the_one_before_unless_the_item_was_uncounted_between() -> None:
    second, third = ev.ItemCounted("duck", "n2", 1), ev.ItemCounted("duck", "n3", 1)
    stop, back = ev.ItemStopped("duck"), ev.ItemBack("duck")
    told = [event(body, hlc) for hlc, body in enumerate([COUNTED, stop, second, back, third], 1)]
    found = countings(told)
    assert [(one.count, one.before) for one in found] == [("n1", ""), ("n2", "n1"), ("n3", "")]


def test_a_variance_is_beyond_by_its_money_or_by_its_share() -> None:
    limits = StockLimits(1000, 100_000)
    assert not limits.beyond(-1000, -100, 1000)
    assert limits.beyond(-1001, -100, 1000)
    assert limits.beyond(-10, -101, 1000)
    assert limits.beyond(10, 1, 0), "of nothing expected, anything is too much"
    assert not limits.beyond(0, 0, 0)


bodies = st.lists(
    st.one_of(
        st.builds(line, st.sampled_from("ab"), st.integers(1, 9000), st.sampled_from([500, 1000])),
        st.builds(ev.LineVoided, st.just("c"), st.sampled_from("ab"), st.just(""), st.just("n1")),
        st.builds(received, st.sampled_from("xyz"), st.integers(1, 9000)),
        st.builds(wasted, st.sampled_from("uvw"), st.integers(1, 9000)),
        st.builds(undone, st.sampled_from("uvwxyz")),
        st.builds(ev.StockRecounted, st.just("duck"), st.just("n1"), st.integers(0, 9000)),
    ),
    max_size=15,
)


@given(bodies, st.randoms(use_true_random=False))
def test_any_arrival_order_leaves_the_same(made: Sequence[ev.Body], chance: random.Random) -> None:
    """Terminals that were apart, each with a part of the facts, agree once all have arrived."""
    events = [event(b, i // 3, f"t{i % 3}", i + 1) for i, b in enumerate([COUNTED, *made])]
    arrived = list(events)
    chance.shuffle(arrived)
    one = fold("count:n1", sorted(arrived, key=lambda e: e.envelope.order))
    assert one == fold("count:n1", sorted(events, key=lambda e: e.envelope.order))
    assert one.left_milli == one.start_milli - one.taken_milli + sum(
        e.added_milli for e in one.entries
    )
