"""Bytes that no program of ours makes are refused before they reach a database."""

import json
from typing import Any

import pytest

from comptoir.domain.envelope import decode
from comptoir.domain.errors import EventMalformed

RIGHT: dict[str, Any] = {
    "restaurant": "r1",
    "terminal": "t1",
    "epoch": 1,
    "seq": 1,
    "hlc": 0,
    "business_date": "2026-11-22",
    "actor": "a",
    "kind": "x.y",
    "v": 1,
    "body": {},
    "prev_hash": "",
}


def test_the_pattern_is_right() -> None:
    assert decode(json.dumps(RIGHT).encode()).terminal == "t1"


@pytest.mark.parametrize("name", ["epoch", "seq", "hlc", "v"])
@pytest.mark.parametrize("count", [-1, 1 << 63, 1 << 200])
def test_a_count_that_no_database_holds_is_refused(name: str, count: int) -> None:
    with pytest.raises(EventMalformed):
        decode(json.dumps(RIGHT | {name: count}).encode())


@pytest.mark.parametrize("name", ["terminal", "kind", "actor", "body"])
def test_half_a_character_is_refused(name: str) -> None:
    half: Any = {"note": "\ud800"} if name == "body" else "\ud800"
    with pytest.raises(EventMalformed):
        decode(json.dumps(RIGHT | {name: half}).encode())


def test_a_whole_character_written_as_two_halves_is_right() -> None:
    assert decode(json.dumps(RIGHT | {"actor": "\U0001f35c"}).encode()).actor == "\U0001f35c"


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(EventMalformed):
        decode(b"[" * 60_000)
