"""Topics: declared once, written and read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.bus import topics
from tests.fakes.broker import PEERS_ACL

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True)


@given(restaurant=ids, terminal=ids)
def test_a_topic_is_read_back_as_it_was_written(restaurant: str, terminal: str) -> None:
    for topic in (topics.EV, topics.VEC, topics.HB, topics.PULL, topics.UP):
        place = topics.place(topic.at(restaurant, terminal))
        assert place is not None
        assert (place.restaurant, place.terminal) == (restaurant, terminal)


@given(restaurant=ids, terminal=ids, peer=ids)
def test_a_reply_names_who_asked_and_who_answers(restaurant: str, terminal: str, peer: str) -> None:
    place = topics.place(topics.REPLY.at(restaurant, terminal, peer))
    assert place == topics.Place(restaurant, "reply", terminal, peer)


@pytest.mark.parametrize("text", ["", "r", "r/a/ev", "local/safety", "r//ev/t1", "r/a/b/c/d/e"])
def test_any_other_topic_is_none_of_ours(text: str) -> None:
    assert topics.place(text) is None


def test_a_subscription_matches_every_id_left_out() -> None:
    assert topics.UP.filter() == "r/+/up/+"
    assert topics.EV.filter("r1") == "r/r1/ev/+"


def test_a_peer_may_write_exactly_the_lan_topics_under_its_own_name() -> None:
    lan = [t for t in topics.TOPICS if t.scope == topics.LAN and t is not topics.REPLY]
    rules = {f"pattern write {t.at('+', '%u')}" for t in lan}
    rules.add(f"pattern read {topics.REPLY.at('+', '%u', '#')}")
    assert set(PEERS_ACL.split("\n")) - {""} == rules


def test_local_topics_are_never_bridged() -> None:
    assert all(t.template.startswith("local/") == (t.scope == topics.LOCAL) for t in topics.TOPICS)
