"""A recording holds every write and flush in their order, up to where it is whole."""

from pathlib import Path

from tests.power.recording import Entry, Recording, entries
from tests.power.volatile import SECTOR, VolatileDisk


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
    assert flush == Entry(flush.end)
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
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert [entry.end for entry in entries(path)] == [end for end in ends if end <= length]
