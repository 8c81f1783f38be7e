"""The short way to fold an added line gives what the whole fold gives, whatever came before."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.envelope import Envelope
from comptoir.domain.events.base import CheckBody
from comptoir.domain.fold import fold, fold_on
from comptoir.domain.records import dump

NAMES = st.sampled_from(["c", "l1", "l2", "l3", "other"])
BODIES = [body for body in ev.KINDS.values() if issubclass(body, CheckBody)]


def some(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of a field's type; names from so few that facts meet."""
    if dataclasses.is_dataclass(hint):
        return st.builds(typing.cast("Any", hint), **fields(hint))
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return st.lists(some(args[0]), max_size=3).map(tuple)
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(st.none(), some(args[0]))
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(NAMES, some(args[1]), max_size=2)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: NAMES,
        int: st.integers(0, 2000),
        bool: st.booleans(),
    }
    return simple[hint]


def fields(cls: Any) -> dict[str, st.SearchStrategy[Any]]:
    hints = typing.get_type_hints(cls)
    found = {f.name: some(hints[f.name]) for f in dataclasses.fields(cls)}
    return found | ({"check": st.just("c")} if issubclass(cls, CheckBody) else {})


def event(body: ev.Body | None, place: int) -> ev.Event:
    kind, said = ("newer", {"check": "c"}) if body is None else (body.KIND, dump(body))
    envelope = Envelope("r", "t1", 1, place, place << 20, "2026-11-22", "anna", kind, 1, said, "")
    return ev.Event(envelope, body)


anything = st.one_of(st.none(), *(st.builds(body, **fields(body)) for body in BODIES))
added = st.builds(ev.LineAdded, **fields(ev.LineAdded))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(anything, added), max_size=8), st.one_of(anything, added, added))
def test_folding_on_is_folding_all(before: list[ev.Body | None], last: ev.Body | None) -> None:
    events = [event(body, place) for place, body in enumerate([*before, last], 1)]
    state = fold("check:c", events[:-1])
    assert fold_on("check:c", state, events) == fold("check:c", events)


def test_every_kind_of_fact_about_a_check_is_tried() -> None:
    assert len(BODIES) > 20
    assert ev.LineAdded in BODIES
