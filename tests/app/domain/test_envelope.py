import json
from dataclasses import replace

import pytest

from comptoir.domain.envelope import PAYLOAD_BYTES_MAX, Envelope, decode, encode
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import KINDS, CheckOpened, understand

ENVELOPE = Envelope(
    restaurant="r1",
    terminal="t1",
    epoch=1,
    seq=1,
    hlc=5,
    business_date="2026-11-22",
    actor="anna",
    kind="check.opened",
    v=1,
    body={"check": "c1", "number": "A1-1", "order_type": "eat_in", "table": "桌 7"},
    prev_hash="",
)


def test_bytes_come_back_as_the_same_envelope() -> None:
    assert decode(encode(ENVELOPE)) == ENVELOPE


def test_the_encoding_is_canonical() -> None:
    shuffled = replace(ENVELOPE, body=dict(reversed(list(ENVELOPE.body.items()))))
    assert encode(shuffled) == encode(ENVELOPE)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"epoch": 0}, "counts"),
        ({"seq": 0}, "counts"),
        ({"hlc": -1}, "counts"),
        ({"hlc": 1 << 63}, "counts"),
        ({"seq": "1"}, r"\$\.seq"),
        ({"seq": True}, r"\$\.seq"),
        ({"body": []}, r"\$\.body"),
        ({"terminal": None}, r"\$\.terminal"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(change: dict[str, object], named: str) -> None:
    fields = json.loads(encode(ENVELOPE)) | change
    with pytest.raises(EventMalformed, match=named):
        decode(json.dumps(fields).encode())


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"{}", b"[" * 5000, b"1"])
def test_bytes_that_are_no_event_are_refused(payload: bytes) -> None:
    with pytest.raises(EventMalformed):
        decode(payload)


def test_an_event_is_bounded() -> None:
    huge = replace(ENVELOPE, body={"note": "x" * PAYLOAD_BYTES_MAX})
    with pytest.raises(EventMalformed, match="limit"):
        encode(huge)
    with pytest.raises(EventMalformed, match="limit"):
        decode(b" " * (PAYLOAD_BYTES_MAX + 1))


def test_a_known_body_is_typed() -> None:
    body = understand(ENVELOPE).body
    assert isinstance(body, CheckOpened)
    assert (body.number, body.table, body.covers) == ("A1-1", "桌 7", 0)


@pytest.mark.parametrize("newer", [{"v": 2}, {"kind": "check.sung_to"}])
def test_a_newer_kind_or_version_is_kept_but_not_understood(newer: dict[str, object]) -> None:
    event = understand(replace(ENVELOPE, **newer))  # type: ignore[arg-type]
    assert event.body is None
    assert event.unknown["check"] == "c1"


def test_unknown_fields_of_a_newer_writer_are_passed_over() -> None:
    event = understand(replace(ENVELOPE, body={**ENVELOPE.body, "mood": "good"}))
    assert isinstance(event.body, CheckOpened)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_body_that_does_not_fit_its_kind_is_refused(kind: str) -> None:
    with pytest.raises(EventMalformed, match="missing"):
        understand(replace(ENVELOPE, kind=kind, body={}))
