"""A disk of which a power cut takes any part that was not flushed, and nothing else."""

import random
from pathlib import Path

import pytest

from tests.power.recording import SECTOR
from tests.power.volatile import Flushes, VolatileDisk, runs, survivors

SECTORS = 16
OLD, NEW, NEWER = (bytes([value]) * SECTOR for value in (1, 2, 3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "disk"
    path.write_bytes(OLD * SECTORS)
    return path


def left(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [data[start : start + SECTOR] for start in range(0, len(data), SECTOR)]


def after_cut(path: Path, seed: int, flushes: Flushes = Flushes.KEPT) -> list[bytes]:
    """Return what is left of a write to each sector that was flushed, and one that was not."""
    path.write_bytes(OLD * SECTORS)
    disk = VolatileDisk(path, seed, flushes=flushes)
    disk.write(NEW * SECTORS, 0)
    disk.flush()
    disk.write(NEWER * SECTORS, 0)
    disk.cut()
    return left(path)


def test_what_was_written_is_read_before_it_is_flushed_from_any_place(path: Path) -> None:
    disk = VolatileDisk(path, 0)
    disk.write(NEW, SECTOR)
    assert disk.read(3 * SECTOR, 0) == OLD + NEW + OLD
    assert disk.read(4, SECTOR - 2) == b"\x01\x01\x02\x02"
    assert disk.read(4, 2 * SECTOR - 2) == b"\x02\x02\x01\x01"
    assert left(path) == [OLD] * SECTORS
    disk.flush()
    assert left(path)[1] == NEW


def test_a_cut_takes_nothing_that_was_flushed(path: Path) -> None:
    for seed in range(50):
        assert set(after_cut(path, seed)) <= {NEW, NEWER}


def test_on_a_disk_that_ignores_flushes_it_does(path: Path) -> None:
    seen = {sector for seed in range(50) for sector in after_cut(path, seed, Flushes.IGNORED)}
    assert seen == {OLD, NEW, NEWER}


def test_what_was_not_flushed_survives_in_part_in_any_order_or_not_at_all(path: Path) -> None:
    kept = [[sector == NEWER for sector in after_cut(path, seed)] for seed in range(50)]
    assert any(not any(one) for one in kept)
    assert any(one[-1] and not one[0] for one in kept)
    assert any(one[0] and not one[-1] for one in kept)


def test_the_same_seed_cuts_the_same(path: Path) -> None:
    cuts = [after_cut(path, seed) for seed in (1, 2, 3, 4, 5)]
    assert cuts == [after_cut(path, seed) for seed in (1, 2, 3, 4, 5)]
    assert len({tuple(cut) for cut in cuts}) > 1


def test_any_version_of_a_sector_since_the_last_flush_may_be_the_one_that_survives() -> None:
    drawn = [survivors({7: [OLD, NEW, NEWER]}, random.Random(seed)) for seed in range(100)]
    assert {one.get(7) for one in drawn} == {None, OLD, NEW, NEWER}


def test_parts_of_sectors_are_refused(path: Path) -> None:
    disk = VolatileDisk(path, 0)
    with pytest.raises(ValueError, match="no whole sectors"):
        disk.write(b"x", 0)


def test_sectors_that_follow_each_other_are_written_at_once() -> None:
    assert runs([(1, b"a"), (2, b"b"), (4, b"c")]) == [(1, b"ab"), (4, b"c")]
