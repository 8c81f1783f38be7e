"""Files that are whole after a power cut: with what they held before, or with what is new."""

import os
from pathlib import Path

PRIVATE, SHARED, PUBLIC = 0o600, 0o640, 0o644  # the owner; his group too; everybody


def replace(file: Path, content: bytes, mode: int = PUBLIC, aside: Path | None = None) -> None:
    """Put content in a file's place, on the disk before this returns; ``mode`` as of chmod.

    It is written in the folder ``aside`` first, if what reads the file's own must see no other.
    """
    new = (aside or file.parent) / f".{file.name}.new"
    new.unlink(missing_ok=True)  # one that a power cut left may be readable by others
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    new.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
