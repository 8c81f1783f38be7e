"""Each screen has its picture at each size, and each page of the app is one of the screens."""

import re
from pathlib import Path

import pytest

from tests.browser.stops import STOPS, WALK
from tests.screens.files import OUT, SIZES, file_of

BYTES_MAX = 90_000
WALKED = {"sign_in", "floor", "order_pad", "kitchen", "payment", "counter", "display"}


@pytest.mark.parametrize("name", [*WALK, *STOPS])
def test_a_screen_has_a_picture_at_each_size(name: str) -> None:
    for size in SIZES:
        picture = file_of(name, size)
        assert picture.exists(), "take it: .venv/bin/python -m tests.screens"
        assert picture.stat().st_size < BYTES_MAX


def test_no_picture_is_of_a_screen_that_is_gone() -> None:
    wanted = {file_of(name, size).name for name in (*WALK, *STOPS) for size in SIZES}
    assert {file.name for file in OUT.iterdir()} == wanted


def test_every_workplace_is_among_the_screens() -> None:
    """A module of screens that shows a page of its own has a stop."""
    paths = {path.strip("/").split("/")[0] for path in STOPS.values()} | WALKED | {"receipt"}
    pages = set()
    for module in Path("app/comptoir/web/screens").rglob("*.py"):
        pages |= set(re.findall(r'blueprint\.get\("/(\w+)"\)', module.read_text("utf-8")))
    no_pages = {"strip", "printers", "approval", "moving", "hour", "pairing"}
    assert pages - no_pages <= paths
