"""A worker does not wait for the answer of a database whose host has lost its power."""

import subprocess
import sys

import pytest

from tests.system.lost_database import STILL_WAITS

pytestmark = pytest.mark.system
PATIENCE_S, NEVER_S = 300, 20


def noticed(seconds: int, *words: str) -> int:
    inside = [sys.executable, "-m", "tests.system.lost_database", str(seconds), *words]
    return subprocess.run(["unshare", "--net", *inside], check=False).returncode


def test_it_notices_and_asks_another() -> None:
    assert noticed(PATIENCE_S) == 0


def test_control_unwatched_it_waits() -> None:
    assert noticed(NEVER_S, "unwatched") == STILL_WAITS
