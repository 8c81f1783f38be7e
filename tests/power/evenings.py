"""A real till sells for three days on a small ext4, every write of which is recorded.

What the closed days said is filed while it sells on, and its log is copied into the journal's file
every few checks: all that a till ever writes is in the recording. It is a program of its own with
mounts of its own: however it ends, the kernel takes them away.
usage: evenings.py FOLDER CHECKS_A_DAY SYNCHRONOUS
"""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from comptoir.journal import Journal, connections, filing
from tests.fakes.box import NOON_MS, StandingClock
from tests.fakes.till import HostTill
from tests.power.look import FOLDER
from tests.power.mounted import made, mounted
from tests.power.replay import Window
from tests.power.served import Served
from tests.power.told import Told, Witness

DISK = 48 << 20
DAY_MS = 86_400_000
WAL_PAGES_MAX = 250
STEP_EVENTS = 40
TERMINAL = "t1"
TOP = Path(__file__).parents[2]
TOLD = "told.json"
UNSHARE = ("unshare", "--mount", "--propagation", "private")


@dataclass(frozen=True)
class Recorded:
    """A recording, the disk as it was before it, and what was acknowledged meanwhile."""

    blank: Path
    recording: Path
    told: list[Told]

    @property
    def window(self) -> Window:
        """The whole disk."""
        return Window(0, self.blank.stat().st_size)


def recorded(folder: Path, *, checks_a_day: int, synchronous: str = "FULL") -> Recorded:
    """Let a till with this setting of SQLite live three days on a disk."""
    folder.mkdir()
    blank = made(folder / "blank.img", DISK)
    words = ["-m", "tests.power.evenings", str(folder), str(checks_a_day), synchronous]
    subprocess.run([*UNSHARE, sys.executable, *words], check=True, cwd=TOP)
    told = json.loads((folder / TOLD).read_text("utf-8"))
    noted = [Told(end, (epoch, seq)) for end, epoch, seq in told]
    return Recorded(blank, folder / "recording", noted)


def main(folder: Path, checks_a_day: int, synchronous: str) -> None:
    """Live the three days, and leave the recording and what was told in the folder."""
    disk = folder / "disk.img"
    disk.write_bytes((folder / "blank.img").read_bytes())
    served = Served(disk, seed=0, recording=folder / "recording")
    assert served.recording is not None
    with mounted(served, folder / "data") as data, _setting(synchronous):
        noted = _three_days(
            HostTill(folder, data_dir=data / FOLDER), served.recording, checks_a_day
        )
    told = [(one.end, *one.seq) for one in noted]
    (folder / TOLD).write_text(json.dumps(told), "utf-8")


def _three_days(till: HostTill, recording: Path, checks: int) -> list[Told]:
    clock = till.use_clock(StandingClock(NOON_MS))
    till.serve()
    try:
        assert till.server is not None
        hand = Witness(till.server.port)
        hand.recording = recording
        for _ in range(2):
            hand.sign_in()
            for _ in range(checks):
                hand.sell()
            hand.post("/days/close", {})
            clock.ms += DAY_MS
        hand.sign_in()
        steps = [hand.sell() for _ in _filing(till.journal)]
        assert len(steps) > 2, "nothing was filed"
        for _ in range(checks - len(steps)):
            hand.sell()
        hand.till.close()
        return hand.noted
    finally:
        till.stop()


def _filing(journal: Journal) -> Iterator[None]:
    day = filing.due(journal, lambda log: journal.head(log).seq)
    assert day is not None
    yield from filing.file_day(journal, day)


@contextmanager
def _setting(synchronous: str) -> Iterator[None]:
    """Let SQLite sync so, and the steps be short in which logs are copied and days are filed."""

    def set_up(db: sqlite3.Connection, *, read_only: bool) -> None:
        usual(db, read_only=read_only)
        if not read_only:
            db.execute(f"PRAGMA synchronous = {synchronous}")

    usual = connections._set_up
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(connections, "WAL_PAGES_MAX", WAL_PAGES_MAX)
        changed.setattr(filing, "STEP_EVENTS", STEP_EVENTS)
        changed.setattr(connections, "_set_up", set_up)
        yield


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
