"""What is damaged or missing on a disk is seen."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.power.look import FOLDER, JOURNAL, Unsound, held_in, held_on
from tests.power.mounted import made

SIZE = 8 << 20


def journal(folder: Path, numbers: range) -> Path:
    path = folder / JOURNAL
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE event (terminal, epoch, seq, payload)")
        db.executemany(
            "INSERT INTO event VALUES ('t1', 1, ?, ?)", [(n, f"event {n}" * 50) for n in numbers]
        )
    return path


@pytest.fixture
def partition(tmp_path: Path) -> Path:
    """An ext4 with the app's folder and five events."""
    folder = tmp_path / "root" / FOLDER
    folder.mkdir(parents=True)
    journal(folder, range(1, 6))
    made(tmp_path / "disk", SIZE)
    argv: list[str | Path] = ["mke2fs", "-q", "-F", "-t", "ext4"]
    argv += ["-d", tmp_path / "root", tmp_path / "disk"]
    subprocess.run(argv, check=True, capture_output=True)
    return tmp_path / "disk"


def test_events_that_the_disk_does_not_hold_are_lost(partition: Path) -> None:
    held = held_on(partition, "t1")
    assert held.last == {1: 5}
    assert held.lost([(1, 1), (1, 5)]) == []
    assert held.lost([(1, 5), (1, 6), (2, 1)]) == [(1, 6), (2, 1)]


def test_a_disk_without_a_journal_holds_nothing(tmp_path: Path) -> None:
    assert held_on(made(tmp_path / "disk", SIZE), "t1").lost([(1, 1)]) == [(1, 1)]


def test_a_hole_between_events_is_seen(tmp_path: Path) -> None:
    path = journal(tmp_path, range(1, 6))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM event WHERE seq = 3")
    with pytest.raises(Unsound, match="missing in between"):
        held_in(path, "t1")


def test_a_damaged_journal_is_seen(tmp_path: Path) -> None:
    path = journal(tmp_path, range(1, 200))
    data = bytearray(path.read_bytes())
    data[8192:12288] = bytes(4096)
    path.write_bytes(data)
    with pytest.raises(Unsound, match=r"SQLite|integrity"):
        held_in(path, "t1")


def test_a_damaged_file_system_is_seen(partition: Path) -> None:
    data = partition.read_bytes()
    with partition.open("r+b") as file:
        file.write(bytes(SIZE // 2))
    with pytest.raises(Unsound, match="e2fsck"):
        held_on(partition, "t1")
    assert data != partition.read_bytes()
