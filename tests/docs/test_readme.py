"""The first page: commands that are there, a recording that moves, a map of the folders."""

import os
import re
from pathlib import Path

from PIL import Image

from tests.lint.tracked import tracked

PAGE = Path("README.md")
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAP = re.compile(r"^\| `(\w+)/` \|", re.MULTILINE)


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def commands() -> list[str]:
    found = BLOCK.search(text())
    assert found
    return [line.split()[0] for line in found[1].splitlines()]


def test_the_commands_stand_first_and_can_be_run() -> None:
    assert commands() == ["app/demo", "image/build", "image/flash", "image/boot", "tests/run"]
    assert all(os.access(command, os.X_OK) for command in commands())
    before = text().partition("```")[0]
    assert before.count("\n\n") == 2, "what it is, in one paragraph, and then the commands"


def test_the_recording_moves() -> None:
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text())
    with Image.open(picture) as recording:
        assert getattr(recording, "n_frames", 1) > 10


def test_the_map_names_every_folder() -> None:
    folders = {file.parts[0] for file in tracked() if len(file.parts) > 1}
    assert set(MAP.findall(text())) == {name for name in folders if not name.startswith(".")}
