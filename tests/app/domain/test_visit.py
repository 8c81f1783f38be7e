"""A visit lasts as long as was said, by any clock; its key is a key and nothing else."""

import base64

import pytest

from comptoir.domain.visit import AHEAD_MS_MAX, KeyRefused, Visit, code_of, left_ms, public_key

RAW = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + bytes(range(32))
KEY = "ssh-ed25519 " + base64.b64encode(RAW).decode()
HOUR_MS = 3_600_000
GRANTED = Visit("t1-1-7", "Anna", KEY, "boss", "t1", HOUR_MS, 2 * HOUR_MS)


@pytest.mark.parametrize(
    ("now_ms", "left"),
    [
        (HOUR_MS, HOUR_MS),
        (2 * HOUR_MS - 1, 1),
        (2 * HOUR_MS, 0),
        (3 * HOUR_MS, 0),
        (HOUR_MS - AHEAD_MS_MAX, HOUR_MS),
        (HOUR_MS - AHEAD_MS_MAX - 1, 0),
    ],
)
def test_it_lasts_until_its_end_and_never_longer_than_granted(now_ms: int, left: int) -> None:
    assert left_ms(GRANTED, now_ms) == left


def test_what_was_written_long_after_its_end_proves_that_it_is_over() -> None:
    end_ms = GRANTED.until_ms
    assert left_ms(GRANTED, HOUR_MS, end_ms + AHEAD_MS_MAX) == HOUR_MS
    assert left_ms(GRANTED, HOUR_MS, end_ms + AHEAD_MS_MAX + 1) == 0


def test_nothing_was_granted_at_first() -> None:
    assert left_ms(Visit(), 0) == 0


def test_a_key_loses_its_comment() -> None:
    assert public_key(f" {KEY} anna@laptop\n") == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "ssh-dss AAAA",
        f'command="id" {KEY}',
        KEY.replace("ed25519", "rsa", 1),
        f"ssh-ed25519 {KEY}",
        "ssh-ed25519 %%%",
        "ssh-ed25519 ÄÄÄÄ",
        KEY + "A" * 1000,
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        public_key(text)


def test_two_keys_have_two_codes_of_twelve_letters() -> None:
    other = "ssh-ed25519 " + base64.b64encode(RAW[:-1] + b"\x00").decode()
    assert code_of(KEY) != code_of(other)
    assert len(code_of(KEY)) == len("ABCD-EFGH-JKMN")
