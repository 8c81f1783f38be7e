"""What is written to: a disk or a file, by position, so that another thing can stand in for it."""

import os
from pathlib import Path
from typing import Protocol


class Medium(Protocol):
    """Bytes by position; every call raises OSError as the kernel does."""

    def write(self, position: int, piece: bytes) -> None: ...
    def read(self, position: int, size: int) -> bytes: ...
    def settle(self) -> None: ...
    def close(self) -> None: ...


class FileMedium:
    """A disk or a file that the kernel has opened."""

    def __init__(self, path: Path, *, disk: bool, size: int) -> None:
        """Open it; a disk alone for us, a file new and of this size."""
        flags = os.O_RDWR | (os.O_EXCL if disk else os.O_CREAT | os.O_TRUNC)
        self._number = os.open(path, flags | os.O_CLOEXEC, 0o600)
        if not disk:
            os.ftruncate(self._number, size)

    def write(self, position: int, piece: bytes) -> None:
        """Write all of the piece."""
        view = memoryview(piece)
        while view:
            count = os.pwrite(self._number, view, position)
            position += count
            view = view[count:]

    def read(self, position: int, size: int) -> bytes:
        """Read up to so many bytes; fewer at the end."""
        return os.pread(self._number, size, position)

    def settle(self) -> None:
        """Return when all is on the disk; what is read after this comes from the disk."""
        os.fsync(self._number)
        os.posix_fadvise(self._number, 0, 0, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        """Let others have it."""
        os.close(self._number)
