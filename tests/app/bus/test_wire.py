"""Messages: what fits comes back the same, what does not is refused by path."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.bus import wire
from comptoir.domain.envelope import Head, Sealed

names = st.text(min_size=1, max_size=20)
heads = st.dictionaries(
    st.tuples(names, st.integers(1, 1 << 40)),
    st.builds(Head, st.integers(1, 1 << 40), st.text(max_size=64)),
    max_size=5,
)
sealed = st.lists(st.builds(Sealed, st.binary(max_size=50), st.binary(max_size=64)), max_size=5)


@given(held=heads)
def test_a_vector_comes_back_the_same(held: dict[tuple[str, int], Head]) -> None:
    message = wire.Vector("i", 1, wire.head_list(held))
    back = wire.unpack(wire.pack(message), wire.Vector)
    assert wire.heads_of(back.heads) == held


@given(events=sealed)
def test_events_come_back_byte_for_byte(events: list[Sealed]) -> None:
    back = wire.unpack(wire.pack(wire.events_of(events)), wire.Events)
    assert wire.sealed_of(back) == events


@given(payload=st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(payload: bytes) -> None:
    for read in (wire.unpack_answer, wire.unpack_upload):
        try:
            read(payload)
        except wire.MessageRefused:
            continue


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"type": "pull", "terminal": "t1", "epoch": 0, "first": 1}, "epoch"),
        ({"type": "pull", "terminal": "", "epoch": 1, "first": 1}, "terminal"),
        ({"type": "pull", "terminal": "t1", "epoch": 1, "first": "x"}, "first"),
        ({"type": "pull", "epoch": 1, "first": 1}, "terminal"),
        ({"type": "vector", "terminal": "t1", "epoch": 1, "first": 1}, "type"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(message: dict[str, Any], path: str) -> None:
    with pytest.raises(wire.MessageRefused, match=path):
        wire.unpack(msgspec.msgpack.encode(message), wire.Pull)


def test_fields_of_a_newer_version_are_passed_over() -> None:
    newer = {"type": "heartbeat", "at": 1, "cloud": True, "battery": 80}
    beat = wire.unpack(msgspec.msgpack.encode(newer), wire.Heartbeat)
    assert beat == wire.Heartbeat(1, cloud=True)


def test_a_message_of_an_older_version_gets_the_defaults() -> None:
    older = msgspec.msgpack.encode({"type": "vector", "instance": "i", "count": 1, "heads": []})
    assert wire.unpack(older, wire.Vector).whole


def test_too_many_events_are_refused() -> None:
    many = {"type": "events", "events": [[b"x", b"y"]] * (wire.EVENTS_MAX + 1)}
    with pytest.raises(wire.MessageRefused, match="length"):
        wire.unpack(msgspec.msgpack.encode(many), wire.Events)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(wire.MessageRefused):
        wire.unpack(b"\x91" * 100_000, wire.Events)


def test_an_empty_log_is_not_in_a_vector() -> None:
    assert wire.heads_of([wire.HeadAt("t1", 1, 0, "")]) == {}
