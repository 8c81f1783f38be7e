"""A file of what was written to a disk, with its flushes: from it any cut can be played again.

Standard library only, because nbdkit runs it in Debian's Python.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = struct.Struct(">cQI")  # what it is, offset, length
WRITE, FLUSH = b"W", b"F"


@dataclass(frozen=True)
class Entry:
    """A write, or a flush if it has no data; ``end`` is where the recording goes on."""

    end: int
    offset: int = 0
    data: bytes = b""

    @property
    def is_flush(self) -> bool:
        return not self.data


class Recording:
    """Appends to the file; an entry stands in it before the guest is answered."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, offset: int, data: bytes) -> None:
        os.writev(self._file, [HEAD.pack(WRITE, offset, len(data)), data])

    def flush(self) -> None:
        os.write(self._file, HEAD.pack(FLUSH, 0, 0))


def entries(path: Path) -> Iterator[Entry]:
    """Read a recording, up to where it is whole."""
    with path.open("rb") as file:
        while len(head := file.read(HEAD.size)) == HEAD.size:
            what, offset, length = HEAD.unpack(head)
            data = file.read(length)
            if len(data) < length:
                return
            yield Entry(file.tell(), offset, data if what == WRITE else b"")
