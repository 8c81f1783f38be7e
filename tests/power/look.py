"""What a cut left on a data partition: its file system as a boot checks it, then its journal."""

import importlib.util
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

PROGRAMS = Path("roles/storage/files/tree/usr/lib/comptoir")
REPAIRED = 1  # e2fsck's exit status
TOP = Path(__file__).parents[2]
FOLDER, JOURNAL = "comptoir", "journal.db"
HELD = "SELECT epoch, count(*), max(seq) FROM event WHERE terminal = ? GROUP BY epoch"
Seq = tuple[int, int]  # epoch, seq


class Unsound(Exception):
    """The file system or the database is damaged."""


@dataclass(frozen=True)
class Held:
    """The last event of each epoch; every one before it is there too."""

    last: dict[int, int] = field(default_factory=dict)
    was_torn: bool = False  # the superblock, which the terminal's own program mended

    def lost(self, acknowledged: Iterable[Seq]) -> list[Seq]:
        """Return what was acknowledged and is not there."""
        return [(epoch, seq) for epoch, seq in acknowledged if self.last.get(epoch, 0) < seq]


def held_on(partition: Path, terminal: str) -> Held:
    """Return which events of a terminal its data partition holds; Unsound if it is damaged."""
    was_torn = mend(partition)
    with closing(_Files(partition)) as files:
        journal = files.folder / JOURNAL
        last = held_in(journal, terminal) if journal.exists() else {}
    return Held(last, was_torn)


def mend(partition: Path) -> bool:
    """Check an ext4 as a boot does, and tell whether its superblock was torn.

    Unsound unless all of it is in order afterwards.
    """
    was_torn: bool = _program("mend_superblock").mend(partition)
    _program("replay_journal").replay(partition)
    _check(partition, "-y", ended_max=REPAIRED)
    _check(partition, "-fn", ended_max=0)
    return was_torn


def held_in(journal: Path, terminal: str) -> dict[int, int]:
    """Return the last event of each epoch of a terminal; Unsound if the journal is damaged."""
    try:
        with closing(sqlite3.connect(journal)) as db:
            said = [row[0] for row in db.execute("PRAGMA integrity_check")]
            if said != ["ok"]:
                raise Unsound(f"integrity_check: {said[:3]}")
            known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone()
            rows = list(db.execute(HELD, (terminal,))) if known else []
    except sqlite3.Error as error:
        raise Unsound(f"SQLite: {error}") from error
    holes = [(epoch, count, last) for epoch, count, last in rows if count != last]
    if holes:
        raise Unsound(f"events are missing in between: {holes}")
    return {epoch: last for epoch, _, last in rows}


class _Files:
    """The app's files, copied out of a file system that nobody mounts."""

    def __init__(self, partition: Path) -> None:
        self._out = partition.with_name(f"{partition.name}.files")
        self.folder = self._out / FOLDER
        self._out.mkdir()
        argv = ["debugfs", "-R", f"rdump /{FOLDER} {self._out}", str(partition)]
        subprocess.run(argv, check=True, capture_output=True)

    def close(self) -> None:
        shutil.rmtree(self._out)


def _check(partition: Path, *options: str, ended_max: int) -> None:
    done = subprocess.run(
        ["e2fsck", *options, partition], check=False, capture_output=True, text=True
    )
    if done.returncode > ended_max:
        said = f"{done.stdout}{done.stderr}".strip()
        raise Unsound(f"e2fsck {' '.join(options)} ended with {done.returncode}: {said}")


@cache
def _program(name: str) -> ModuleType:
    """Return one of the terminal's own programs that run before every check."""
    spec = importlib.util.spec_from_file_location(name, TOP / PROGRAMS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
