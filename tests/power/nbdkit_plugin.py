"""nbdkit's side of a volatile disk: one connection, whose end is the cut, or the n-th write.

PYTHONPATH=. nbdkit python nbdkit_plugin.py path=DISK seed=N [cut_after=WRITES] [flushes=ignored]
             [recording=FILE]
"""

import os
from pathlib import Path
from typing import Any

import nbdkit

from tests.power.recording import SECTOR, Recording
from tests.power.volatile import Flushes, VolatileDisk

API_VERSION = 2
GIVEN: dict[str, str] = {}
BYTES_A_REQUEST_MAX = 32 << 20


def config(key: str, value: str) -> None:
    """Take a word of the command line."""
    GIVEN[key] = value


def thread_model() -> Any:
    """One request after the other: a flush is over before the next write begins."""
    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(_readonly: bool) -> VolatileDisk:  # noqa: A001  nbdkit's name
    """Begin: a guest has its disk."""
    recorder = Recording(Path(GIVEN["recording"])) if "recording" in GIVEN else None
    flushes = Flushes(GIVEN.get("flushes", Flushes.KEPT.value))
    return VolatileDisk(Path(GIVEN["path"]), int(GIVEN["seed"]), flushes=flushes, recorder=recorder)


def close(disk: VolatileDisk) -> None:
    """End: the guest's power is gone."""
    disk.cut()


def get_size(disk: VolatileDisk) -> int:
    """Tell how large it is."""
    return disk.size


def block_size(_disk: VolatileDisk) -> tuple[int, int, int]:
    """Ask for whole sectors."""
    return SECTOR, 4096, BYTES_A_REQUEST_MAX


def can_flush(_disk: VolatileDisk) -> bool:
    """Tell that there is a cache, so that the guest flushes it."""
    return True


def pread(disk: VolatileDisk, buffer: bytearray, offset: int, _flags: int) -> None:
    """Read."""
    buffer[:] = disk.read(len(buffer), offset)


def pwrite(disk: VolatileDisk, buffer: bytearray, offset: int, _flags: int) -> None:
    """Write; after the last write that there is power for, nobody is answered any more."""
    disk.write(bytes(buffer), offset)
    if disk.writes == int(GIVEN.get("cut_after", 0)):
        disk.cut()
        os._exit(0)


def flush(disk: VolatileDisk, _flags: int) -> None:
    """Flush."""
    disk.flush()
