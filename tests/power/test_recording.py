"""A recording holds every write and flush in their order, up to where it is whole."""

import subprocess
from pathlib import Path

import pytest

from tests.power.recording import SECTOR, Entry, Recording, entries
from tests.power.volatile import VolatileDisk


def recorded(folder: Path) -> Path:
    """Record a write, a flush and a write."""
    path = folder / "recording"
    (folder / "disk").write_bytes(bytes(4 * SECTOR))
    disk = VolatileDisk(folder / "disk", 0, recorder=Recording(path))
    disk.write(b"a" * SECTOR, SECTOR)
    disk.flush()
    disk.write(b"b" * 2 * SECTOR, 2 * SECTOR)
    disk.cut()
    return path


def test_writes_and_flushes_are_read_back_in_their_order(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    first, flush, last = entries(path)
    assert (first.offset, first.data) == (SECTOR, b"a" * SECTOR)
    assert flush == Entry(flush.end, is_flush=True)
    assert flush.is_flush
    assert (last.offset, last.data, last.end) == (
        2 * SECTOR,
        b"b" * 2 * SECTOR,
        len(path.read_bytes()),
    )
    assert first.end < flush.end < last.end


def test_what_was_being_recorded_when_it_ended_is_left_out(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    whole = path.read_bytes()
    ends = [entry.end for entry in entries(path)]
    for length in range(SECTOR, len(whole)):
        path.write_bytes(whole[:length])
        assert [entry.end for entry in entries(path)] == [end for end in ends if end <= length]


def test_what_was_before_a_place_can_be_left_out(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    first, *rest = entries(path)
    assert list(entries(path, after=first.end)) == rest


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(bytes(2 * SECTOR))
    with pytest.raises(ValueError, match="no recording"):
        list(entries(tmp_path / "other"))


def test_qemus_own_recording_is_read(tmp_path: Path) -> None:
    for name in ("disk", "log"):
        (tmp_path / name).write_bytes(bytes(SECTOR * 16) if name == "disk" else b"")
    files = f"file.filename={tmp_path}/disk,log.driver=file,log.filename={tmp_path}/log"
    commands = ["write -P 7 512 1024", "flush", "write -z 4096 512"]
    argv = [word for command in commands for word in ("-c", command)]
    subprocess.run(
        ["qemu-io", *argv, "--image-opts", f"driver=blklogwrites,file.driver=file,{files}"],
        check=True,
        capture_output=True,
    )
    found = [entry for entry in entries(tmp_path / "log") if entry.data]
    assert [(entry.offset, entry.data) for entry in found] == [
        (SECTOR, b"\7" * 2 * SECTOR),
        (8 * SECTOR, bytes(SECTOR)),
    ]
    kinds = [entry.is_flush for entry in entries(tmp_path / "log")]
    assert kinds[:3] == [False, True, False]
