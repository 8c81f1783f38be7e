"""Status bytes, as Epson's tables have them; anything else is no answer (T3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.devices.condition import (
    MESSAGES,
    State,
    condition,
    is_paper_status,
    is_status,
    only_answer,
)

WELL = 0b0001_0010


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((0x12, 0x12, 0x12, 0x12), State.READY),
        ((0x1A, 0x16, 0x12, 0x12), State.COVER_OPEN),
        ((0x1A, 0x32, 0x12, 0x72), State.PAPER_OUT),
        ((0x12, 0x12, 0x12, 0x72), State.PAPER_OUT),
        ((0x1A, 0x52, 0x1A, 0x12), State.ERROR),
        ((0x1A, 0x12, 0x12, 0x12), State.OFFLINE),
        ((0x1A, 0x36, 0x12, 0x72), State.COVER_OPEN),
    ],
)
def test_the_gravest_trouble_is_the_one_shown(
    answers: tuple[int, int, int, int], state: State
) -> None:
    assert condition(*answers).state is state


def test_a_roll_that_ends_soon_still_prints() -> None:
    now = condition(WELL, WELL, WELL, WELL | 0b0000_1100)
    assert now.ready
    assert now.paper_low


def test_an_open_drawer_is_seen() -> None:
    assert condition(WELL | 0b0000_0100, WELL, WELL, WELL).drawer_open


def test_every_state_says_what_to_do() -> None:
    assert set(MESSAGES) == set(State)
    assert all(text.endswith((".", "?")) for text in MESSAGES.values())


@pytest.mark.parametrize("noise", [b"", b"HTTP/1.1 400", b"\x12\x12", b"\x00", b"\xff", b"2\n"])
def test_noise_is_no_answer(noise: bytes) -> None:
    assert only_answer(noise, is_status) is None


def test_reports_sent_unasked_are_passed_over() -> None:
    assert only_answer(b"\x10\x00\x00\x0f" + b"\x16", is_status) == 0x16
    assert only_answer(b"\x14\x00\x00\x0f", is_paper_status) is None


@given(st.binary(max_size=300))
def test_whatever_a_printer_says_is_an_answer_or_none(said: bytes) -> None:
    answer = only_answer(said, is_status)
    assert answer is None or is_status(answer)


@given(*(st.integers(0, 255) for _ in range(4)))
def test_any_four_bytes_give_a_condition(a: int, b: int, c: int, d: int) -> None:
    assert condition(a, b, c, d).state in State
