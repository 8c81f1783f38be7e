"""Whichever way a payload is read, the same event comes of it, or the same refusal."""

import json
import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.domain.envelope import Envelope, encode
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import KINDS, Body
from comptoir.domain.records import dump
from comptoir.journal import decoding, event_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
PLAIN = st.text("abcé中", max_size=3)
FREE = st.dictionaries(PLAIN, VALUES, max_size=2)
st.register_type_strategy(str, PLAIN)


def bodies(kind: str) -> st.SearchStrategy[Body]:
    """Return bodies of a kind; where it takes anything, anything."""
    hints = typing.get_type_hints(KINDS[kind]).items()
    free = {name: FREE for name, hint in hints if Any in typing.get_args(hint)}
    return st.builds(KINDS[kind], **free)


def sealed(body: dict[str, Any], kind: str, **changes: object) -> bytes:
    fields: dict[str, Any] = {"restaurant": "r1", "terminal": "t1", "epoch": 1, "seq": 1, "hlc": 0}
    fields |= {"business_date": "2026-11-22", "actor": "a", "prev_hash": "", "v": 1}
    return encode(Envelope(**fields | {"body": body, "kind": kind} | changes))


def read(how: Any, payload: bytes) -> object:
    try:
        return how(payload)
    except EventMalformed:
        return EventMalformed


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_read_the_quick_way_and_alike(kind: str) -> None:
    @settings(max_examples=1)
    @given(bodies(kind))
    def alike(body: Body) -> None:
        payload = sealed(dump(body), kind)
        quick = decoding._quickly(payload)
        assert quick is not None
        assert (quick.body, quick) == (body, decoding._carefully(payload))

    alike()


@settings(max_examples=60)
@given(st.data())
def test_what_does_not_fit_comes_to_the_same_either_way(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    fields = json.loads(sealed(dump(data.draw(bodies(kind))), kind))
    of = fields["body"] if fields["body"] and data.draw(st.booleans()) else fields
    of[data.draw(st.sampled_from(sorted(of)))] = data.draw(VALUES)
    payload = json.dumps(fields, ensure_ascii=data.draw(st.booleans())).encode()
    assert read(event_of, payload) == read(decoding._carefully, payload)


@pytest.mark.parametrize(
    "payload",
    [
        sealed({}, "kind.of.tomorrow"),
        sealed({"check": "c1"}, "check.fired", v=99),
        sealed({"check": 7}, "check.fired"),
        sealed({"check": "c1"}, "check.fired", hlc=-1),
        sealed({"check": "c1", "lines": []}, "check.fired", seq=1 << 63),
        sealed({"check": "c1", "lines": []}, "check.fired", epoch=0),
        sealed({"check": "c1", "lines": []}, "check.fired").replace(b'"c1"', b'"\\ud800"'),
        sealed({"check": "c1", "lines": []}, "check.fired").replace(b'"c1"', b'"\xff"'),
        sealed({"check": "c1", "lines": []}, "check.fired").replace(b'"seq":1', b'"seq":1.0'),
        sealed({"check": "c1", "lines": []}, "check.fired").replace(b"{", b'{"v":1,"v":true,', 1),
        b"[" * 60_000,
        b"",
    ],
)
def test_what_no_program_makes_is_read_alike(payload: bytes) -> None:
    assert read(event_of, payload) == read(decoding._carefully, payload)
