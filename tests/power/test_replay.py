"""A cut played again leaves what the disk itself would have left."""

from pathlib import Path

import pytest

from tests.power.recording import SECTOR, Recording, entries
from tests.power.replay import Cut, Window, copied, draw, draw_at, states, take_out
from tests.power.volatile import Flushes, VolatileDisk

SECTORS = 12


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Record three writes to all sectors, a flush after the first and the second."""
    (tmp_path / "disk").write_bytes(bytes(SECTORS * SECTOR))
    disk = VolatileDisk(tmp_path / "disk", 0, recorder=Recording(tmp_path / "recording"))
    for value in (1, 2, 3):
        if value > 1:
            disk.flush()
        disk.write(bytes([value]) * SECTORS * SECTOR, 0)
    disk.cut()
    return tmp_path / "recording"


def replayed(
    recording: Path, cuts: list[Cut], window: Window, flushes: Flushes = Flushes.KEPT
) -> list[set[int]]:
    """Return which values each cut leaves in the window."""
    durable = recording.with_name("durable")
    durable.write_bytes(bytes(window.size))
    found = states(durable, entries(recording), window, cuts, flushes)
    return [set(state.path.read_bytes()) for state in found]


def many(after: int) -> list[Cut]:
    return [Cut(after, seed) for seed in range(12)]


WHOLE = Window(0, SECTORS * SECTOR)


@pytest.mark.parametrize(("after", "left"), [(1, {0, 1}), (2, {1}), (3, {1, 2}), (5, {2, 3})])
def test_a_cut_leaves_all_that_was_flushed_before_and_some_of_what_came_then(
    recording: Path, after: int, left: set[int]
) -> None:
    assert set.union(*replayed(recording, many(after), WHOLE)) == left


def test_without_flushes_anything_may_be_left(recording: Path) -> None:
    left = replayed(recording, many(5), WHOLE, Flushes.IGNORED)
    assert set.union(*left) == {0, 1, 2, 3}


def test_cuts_may_come_in_any_order_and_each_is_made_once(recording: Path) -> None:
    cuts = [Cut(5, 1), Cut(1, 2), Cut(3, 3), Cut(3, 2)]
    durable = recording.with_name("durable")
    durable.write_bytes(bytes(WHOLE.size))
    made = [(state.cut, state.end) for state in states(durable, entries(recording), WHOLE, cuts)]
    assert [cut for cut, _ in made] == sorted(cuts)
    assert made[-1][1] == recording.stat().st_size


def test_a_cut_after_the_recordings_end_is_an_error(recording: Path) -> None:
    with pytest.raises(ValueError, match="the recording ends before"):
        replayed(recording, [Cut(6, 0)], WHOLE)


def test_only_what_falls_into_the_window_is_played(recording: Path) -> None:
    inside = Window(SECTOR, 2 * SECTOR)
    assert set.union(*replayed(recording, many(2), inside)) == {1}
    outside = Window(SECTORS * SECTOR, SECTOR)
    assert replayed(recording, [Cut(5, 0)], outside) == [{0}]
    assert {cut.after for cut in draw(entries(recording), inside, 30, 1)} == {1, 3, 5}
    ends = [entry.end for entry in entries(recording)][1:4]
    assert {cut.after for cut in draw_at(entries(recording), ends, 30, 1)} == {2, 3, 4}


def test_a_state_is_undone_before_the_next_and_a_copy_of_it_may_be_changed(
    recording: Path,
) -> None:
    durable = recording.with_name("durable")
    durable.write_bytes(bytes(WHOLE.size))
    for state in states(durable, entries(recording), WHOLE, [Cut(2, 1), *many(1)]):
        copied(state).write_bytes(b"changed")
        if state.cut.after == 1:
            assert set(state.path.read_bytes()) <= {0, 1}
    assert set(durable.read_bytes()) == {1}


def test_a_window_is_taken_out_of_a_disk_whole(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(b"".join(bytes([value]) * SECTOR for value in range(4)) + bytes(SECTOR))
    taken = take_out(disk, Window(2 * SECTOR, 3 * SECTOR), tmp_path / "taken")
    assert taken.read_bytes() == disk.read_bytes()[2 * SECTOR :]
