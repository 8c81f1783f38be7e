"""A terminal's clock, wrong by what a file says: what a program asks the machine for the time.

How long things take stays as it is, as on a machine whose clock was set.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.controls import put

FILE = "FAULTS_CLOCK"
LOOK_S = 0.5
SECOND_NS = 1_000_000_000
_right_ns = time.time_ns


@dataclass
class WrongClock:
    """The machine's clock and so many seconds."""

    file: Path
    off_s: int = 0
    _look_at_s: float = 0.0

    def time_ns(self) -> int:
        if time.monotonic() >= self._look_at_s:
            self._look_at_s = time.monotonic() + LOOK_S
            self.off_s = int(self.file.read_text(encoding="ascii"))
        return _right_ns() + self.off_s * SECOND_NS

    def time(self) -> float:
        return self.time_ns() / SECOND_NS


def set_wrong(file: Path, off_s: int) -> None:
    """Let the programs' clocks differ from this computer's; within half a second they see it."""
    new = file.with_suffix(".new")
    new.write_text(f"{off_s}\n", encoding="ascii")
    new.replace(file)


@contextmanager
def wrong_clock() -> Iterator[None]:
    """Take the time from the clock of the file that is named."""
    clock = WrongClock(Path(os.environ[FILE]))
    with put(time, "time", clock.time), put(time, "time_ns", clock.time_ns):
        yield
