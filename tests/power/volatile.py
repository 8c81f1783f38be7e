"""A disk whose write cache forgets: what was written and not flushed may be lost at a cut.

Sectors of 512 bytes are whole or not there. Of each that was written since the last flush, a cut
lets any of its versions through or none, drawn from a seed: so writes survive in any order.
Standard library only, because nbdkit runs it in Debian's Python.
"""

import os
import random
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Protocol

from tests.power.recording import SECTOR

SURVIVE = (0.0, 0.1, 0.5, 0.9)  # a cut keeps each unflushed write with one of these chances
Pending = dict[int, list[bytes]]  # a sector's versions since the last flush, the newest last


class Flushes(Enum):
    """What the disk does when it is told to flush."""

    KEPT = "kept"
    IGNORED = "ignored"  # a disk that lies: the control


class Recorder(Protocol):
    """Hears every write and flush, in their order."""

    def write(self, offset: int, data: bytes) -> None: ...
    def flush(self) -> None: ...


class VolatileDisk:
    """A file as a disk, with a cache in memory before it."""

    def __init__(
        self,
        path: Path,
        seed: int,
        *,
        flushes: Flushes = Flushes.KEPT,
        recorder: Recorder | None = None,
    ) -> None:
        self._file = os.open(path, os.O_RDWR)
        self._random = random.Random(seed)
        self._flushes = flushes
        self._recorder = recorder
        self.pending: Pending = {}
        self.writes = 0

    @property
    def size(self) -> int:
        return os.fstat(self._file).st_size

    def read(self, count: int, offset: int) -> bytes:
        """Return what was written last, flushed or not."""
        first, end = offset // SECTOR, -(-(offset + count) // SECTOR)
        touched = [number for number in range(first, end) if number in self.pending]
        if not touched:
            return os.pread(self._file, count, offset)
        whole = bytearray(os.pread(self._file, (end - first) * SECTOR, first * SECTOR))
        for number in touched:
            start = (number - first) * SECTOR
            whole[start : start + SECTOR] = self.pending[number][-1]
        start = offset - first * SECTOR
        return bytes(whole[start : start + count])

    def write(self, data: bytes, offset: int) -> None:
        """Take data into the cache."""
        if self._recorder is not None:
            self._recorder.write(offset, data)
        remember(self.pending, offset, data)
        self.writes += 1

    def flush(self) -> None:
        """Have everything on the disk, where a cut takes nothing away."""
        if self._recorder is not None:
            self._recorder.flush()
        if self._flushes is Flushes.KEPT:
            put(self._file, newest(self.pending))
            self.pending.clear()

    def cut(self) -> None:
        """The power goes."""
        put(self._file, survivors(self.pending, self._random))
        self.pending.clear()
        os.close(self._file)


def remember(pending: Pending, offset: int, data: bytes) -> None:
    """Note a write's sectors as the newest versions."""
    if offset % SECTOR or len(data) % SECTOR:
        raise ValueError(f"{len(data)} bytes at {offset} are no whole sectors")
    for start in range(0, len(data), SECTOR):
        versions = pending.setdefault((offset + start) // SECTOR, [])
        versions.append(bytes(data[start : start + SECTOR]))


def newest(pending: Pending) -> dict[int, bytes]:
    """Return what a flush puts on the disk."""
    return {number: versions[-1] for number, versions in pending.items()}


def survivors(pending: Pending, chance: random.Random) -> dict[int, bytes]:
    """Return the sectors that a cut lets through, each in the version that came last."""
    share = chance.choice(SURVIVE)
    kept = {
        number: [version for version in pending[number] if chance.random() < share]
        for number in sorted(pending)
    }
    return {number: chance.choice(versions) for number, versions in kept.items() if versions}


def put(file: int, sectors: Mapping[int, bytes]) -> None:
    """Write sectors to a file."""
    for start, data in runs(sorted(sectors.items())):
        os.pwrite(file, data, start * SECTOR)


def runs(sectors: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Join sectors that follow each other, so that a long write is one."""
    joined: list[tuple[int, list[bytes]]] = []
    for number, data in sectors:
        if joined and joined[-1][0] + len(joined[-1][1]) == number:
            joined[-1][1].append(data)
        else:
            joined.append((number, [data]))
    return [(start, b"".join(parts)) for start, parts in joined]
