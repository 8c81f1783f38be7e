"""Whatever is let pass says why: a rule that is off, here or everywhere, carries its reason."""

import re
from pathlib import Path

import pytest

from tests.lint.tracked import tracked

WORDS_MIN = 2
PROJECT = Path("pyproject.toml")
SILENCED = re.compile(r"# noqa\b:?(?: ?[A-Z]+\d+,?)*(?P<reason>.*)$")
LISTED = re.compile(r'^  "[A-Z]+\d*",(?P<reason>.*)$', re.MULTILINE)
ELSEWHERE = re.compile(r'^"[^"]+" = \[(?:"[A-Z]+\d*"(?:, )?)+\](?P<reason>.*)$', re.MULTILINE)


def mute(line: str) -> bool:
    """Tell whether a line silences a rule and does not say why."""
    found = SILENCED.search(line)
    return found is not None and len(re.findall(r"\w+", found["reason"])) < WORDS_MIN


def test_a_rule_that_is_off_at_one_line_says_why_there() -> None:
    files = [file for file in tracked("*.py") if file != Path("tests/lint/test_reasons.py")]
    lines = ((file, line) for file in files for line in file.read_text("utf-8").splitlines())
    assert [f"{file}: {line.strip()}" for file, line in lines if mute(line)] == []


@pytest.mark.parametrize("planted", ["x = 1  # noqa", "x = 1  # noqa: S310", "y  # noqa: E1, E2"])
def test_a_planted_silence_is_found(planted: str) -> None:
    assert mute(planted)
    assert not mute(f"{planted}  http only")


def test_a_rule_that_is_off_everywhere_or_in_a_folder_says_why() -> None:
    ruff = PROJECT.read_text(encoding="utf-8").partition("[tool.ruff.lint]")[2]
    ruff = ruff.partition("[tool.codespell]")[0]
    reasons = [*LISTED.findall(ruff), *ELSEWHERE.findall(ruff)]
    assert len(reasons) > 25
    assert [reason for reason in reasons if not re.search(r"# \w+\W+\w+", reason)] == []
