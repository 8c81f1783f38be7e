"""A file of what was written to a disk, with its flushes: from it any cut can be played again.

The format is that of Linux' dm-log-writes, which QEMU's blklogwrites writes as well. Standard
library only, because nbdkit runs it in Debian's Python.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
SUPER = struct.Struct("<QQQI")  # magic, version, entries (0: as many as there are), sector size
MAGIC, VERSION = 0x6A736677736872, 1
HEAD = struct.Struct("<QQQQ")  # sector, sectors, what it is, length of a mark's text
WRITE, FLUSH, DISCARD = 0, 1, 4


@dataclass(frozen=True)
class Entry:
    """A write, or a flush; ``end`` is where the recording goes on."""

    end: int
    offset: int = 0
    data: bytes = b""
    is_flush: bool = False


class Recording:
    """Appends to the file; an entry stands in it before the guest is answered."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if not os.fstat(self._file).st_size:
            os.write(self._file, _sector(SUPER.pack(MAGIC, VERSION, 0, SECTOR)))

    def write(self, offset: int, data: bytes) -> None:
        head = HEAD.pack(offset // SECTOR, len(data) // SECTOR, WRITE, 0)
        os.writev(self._file, [_sector(head), data])

    def flush(self) -> None:
        os.write(self._file, _sector(HEAD.pack(0, 0, FLUSH, 0)))


def _sector(data: bytes) -> bytes:
    return data.ljust(SECTOR, b"\0")


def entries(path: Path, after: int = 0) -> Iterator[Entry]:
    """Read a recording, up to where it is whole; what ends by byte ``after`` is left out."""
    with path.open("rb") as file:
        magic, version, _, sector = SUPER.unpack(file.read(SECTOR)[: SUPER.size])
        if (magic, version, sector) != (MAGIC, VERSION, SECTOR):
            raise ValueError(f"{path} is no recording of writes")
        while len(head := file.read(SECTOR)) == SECTOR:
            start, count, what, _ = HEAD.unpack(head[: HEAD.size])
            if what not in {WRITE, FLUSH, DISCARD}:
                raise ValueError(f"{path}: an entry of kind {what}")
            data = file.read(count * SECTOR) if what == WRITE else b""
            if what == WRITE and len(data) < count * SECTOR:
                return
            if file.tell() > after:
                yield Entry(file.tell(), start * SECTOR, data, is_flush=what == FLUSH)
