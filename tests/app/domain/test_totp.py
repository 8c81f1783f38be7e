"""The second factor makes the codes of RFC 6238, each good for a moment."""

import pytest

from comptoir.domain.totp import (
    SecretRefused,
    bytes_of,
    code_at,
    matching_step,
    step_at,
    text_of,
)

SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA-1: the last six of its eight digits
VECTORS = {
    59: "287082",
    1_111_111_109: "081804",
    1_111_111_111: "050471",
    1_234_567_890: "005924",
    2_000_000_000: "279037",
    20_000_000_000: "353130",
}


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert code_at(SECRET, step_at(second * 1000)) == code


def test_a_code_counts_one_step_early_and_one_late_and_no_more() -> None:
    now_ms = 59_000
    text = text_of(SECRET)
    found = {step: matching_step(text, code_at(SECRET, step), now_ms) for step in range(5)}
    assert found == {0: 0, 1: 1, 2: 2, 3: None, 4: None}


@pytest.mark.parametrize("code", ["", "28708", "2870820", "28708\uff12", "abcdef"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(text_of(SECRET), code, 59_000) is None


def test_a_secret_reads_back_from_its_text() -> None:
    assert bytes_of(text_of(SECRET)) == SECRET


@pytest.mark.parametrize("text", ["", "GEZDGNBV", "1!", "é"])
def test_a_short_or_broken_secret_is_refused(text: str) -> None:
    with pytest.raises(SecretRefused):
        bytes_of(text)
