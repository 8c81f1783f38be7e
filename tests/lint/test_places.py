"""Nothing in the tree is tied to one machine or one registry: it builds wherever it is cloned."""

import re
from pathlib import Path

import pytest

from tests.lint.tracked import tracked

# uv writes where each locked file came from into its lock; a mirror is set by uv's own settings.
LOCKS = {"uv.lock"}

# Each has a break in it, so that this file does not name what it forbids.
FORBIDDEN = {
    "a package registry": (r"\bpypi#\.org", "python#hosted", r"registry\.npm#js", r"ghcr#\.io"),
    "a path of one machine": (r"(?<![\w.}/-])/wo#rk/\w", r"/roo#t/\.", r"(?<![\w.}-])/ho#me/\w+/"),
}


def named(text: str) -> list[str]:
    """Return what a text ties itself to."""
    return [
        what
        for what, patterns in FORBIDDEN.items()
        if any(re.search(pattern.replace("#", ""), text) for pattern in patterns)
    ]


def texts() -> list[Path]:
    return [file for file in tracked() if file.name not in LOCKS]


def test_no_file_names_a_registry_or_a_machine() -> None:
    read = ((file, file.read_bytes().decode("utf-8", errors="replace")) for file in texts())
    assert {str(file): found for file, text in read if (found := named(text))} == {}


@pytest.mark.parametrize("planted", ["https://pypi#.org/simple", "cd /wo#rk/main", "/ho#me/ann/x"])
def test_a_planted_name_is_found(planted: str) -> None:
    assert named(planted.replace("#", ""))
