"""Bundles that this terminal can give to others: a file, or what is left of one beside its slot.

A bundle is a squashfs that is not compressed, its hash tree and the signed manifest. The root lies
in it in one piece, byte for byte as RAUC writes it into a slot: so a terminal keeps what comes
before and after, some hundredths of it, and reads the rest from the slot. That all together is the
bundle is checked once, by its SHA-256, when the slot has been written.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from comptoir import durable

HEAD_BYTES_MAX = 4 << 20  # the root begins within it
MARK_BYTES = 4096  # the root's superblock and more: no two builds have the same
MANIFEST_BYTES_MAX = 64 << 10
PIECE = 1 << 20
NOTE, HEAD, TAIL = "bundle.json", "head", "tail"
_SECTION = re.compile(rb"^\[image\.rootfs\]\n(?:[^\[]+\n)*?size=(\d{1,12})$", re.MULTILINE)
_VALUE = r"^%s=([^\n]{1,100})$"


class NoBundle(Exception):
    """A file is no bundle, or a slot does not hold what the bundle brought."""


class Content(Protocol):
    """Bytes that can be asked for in parts."""

    @property
    def size(self) -> int:
        """How many there are."""
        ...

    def read(self, offset: int, count: int) -> bytes:
        """Return so many from there; fewer at the end alone."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """Which bundle it is: its SHA-256, for whom, which version, how large."""

    bundle: str
    compatible: str
    version: str
    size: int


@dataclass(frozen=True, slots=True)
class Held:
    """A bundle that can be given: its parts in their order, each a file, an offset and a length."""

    about: About
    parts: tuple[tuple[Path, int, int], ...]

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.about.size

    def read(self, offset: int, count: int) -> bytes:
        """Return bytes of it, across its parts."""
        found = b""
        for file, start, length in self.parts:
            if offset < length and count > 0:
                piece = _read(file, start + offset, min(count, length - offset))
                found += piece
                count -= len(piece)
                offset = 0
            else:
                offset -= min(offset, length)
        return found


@dataclass(frozen=True, slots=True)
class _Note:
    """What is kept beside head and tail: where the slot is, and how its content begins."""

    bundle: str
    compatible: str
    version: str
    size: int
    slot: str
    start: int
    length: int
    mark: str


def _read(file: Path, offset: int, count: int) -> bytes:
    with file.open("rb") as stream:
        stream.seek(offset)
        return stream.read(count)


def pieces(content: Content) -> Iterator[bytes]:
    """Return all of it, one piece after the other."""
    for offset in range(0, content.size, PIECE):
        yield content.read(offset, min(PIECE, content.size - offset))


def sum_of(content: Content) -> str:
    """Return its SHA-256 in hex."""
    sums = hashlib.sha256()
    for piece in pieces(content):
        sums.update(piece)
    return sums.hexdigest()


def manifest(content: Content) -> bytes:
    """Return the signed manifest at a bundle's end; raises NoBundle."""
    if content.size <= 8:
        raise NoBundle("it is too short")
    length = int.from_bytes(content.read(content.size - 8, 8), "big")
    if not 0 < length <= min(MANIFEST_BYTES_MAX, content.size - 8):
        raise NoBundle("it has no signed manifest at its end")
    return content.read(content.size - 8 - length, length)


def value(signed: bytes, name: str) -> str:
    """Return what the manifest says under a name; its signature is RAUC's to check."""
    found = re.search((_VALUE % name).encode(), signed, re.MULTILINE)
    if found is None:
        raise NoBundle(f"its manifest does not say its {name}")
    return found[1].decode("utf-8", "replace")


def whole(file: Path) -> Held:
    """Return the bundle in a file; raises NoBundle."""
    held = named(file, "")
    return replace(held, about=replace(held.about, bundle=sum_of(held)))


def named(file: Path, bundle: str) -> Held:
    """Return the bundle in a file whose SHA-256 is known; raises NoBundle."""
    size = file.stat().st_size
    parts = ((file, 0, size),)
    signed = manifest(Held(About(bundle, "", "", size), parts))
    about = About(bundle, value(signed, "compatible"), value(signed, "version"), size)
    return Held(about, parts)


def keep(about: About, source: Content, slot: Path, folder: Path) -> Held:
    """Keep of a bundle, just written to a slot, what the slot has not; raises NoBundle.

    It is kept only if all together is the bundle. ``source`` gives the parts that are missing.
    """
    signed = manifest(source)
    found = _SECTION.search(signed)
    if found is None:
        raise NoBundle("its manifest does not say how large the root is")
    length, mark = int(found[1]), _read(slot, 0, MARK_BYTES)
    head = source.read(0, min(HEAD_BYTES_MAX, source.size))
    start = head.find(mark)
    if start < 0 or len(mark) < MARK_BYTES or start + length > source.size:
        raise NoBundle("its root does not begin as the slot does")
    forget(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEAD).write_bytes(head[:start])
    _copy(source, start + length, folder / TAIL)
    note = _Note(**asdict(about), slot=str(slot), start=start, length=length, mark=_short(mark))
    held = _held(note, folder)
    if sum_of(held) != about.bundle:
        forget(folder)
        raise NoBundle("slot and bundle differ")
    durable.replace(folder / NOTE, json.dumps(asdict(note)).encode())
    return held


def is_that_of(slot: Path, source: Content) -> bool:
    """Tell whether a slot holds the root that a bundle brings; raises Lost from elsewhere."""
    mark = _read(slot, 0, MARK_BYTES)
    return len(mark) == MARK_BYTES and mark in source.read(0, min(HEAD_BYTES_MAX, source.size))


def kept(folder: Path) -> Held | None:
    """Return what is kept in a folder; None if there is nothing, or its slot was written anew."""
    try:
        note = _Note(**json.loads((folder / NOTE).read_bytes()))
        same = _short(_read(Path(note.slot), 0, MARK_BYTES)) == note.mark
    except (OSError, ValueError, TypeError):
        return None
    return _held(note, folder) if same else None


def forget(folder: Path) -> None:
    """Keep nothing of a slot that is about to be written."""
    if folder.exists():
        (folder / NOTE).unlink(missing_ok=True)
        shutil.rmtree(folder)


def _held(note: _Note, folder: Path) -> Held:
    tail = folder / TAIL
    parts = (
        (folder / HEAD, 0, note.start),
        (Path(note.slot), 0, note.length),
        (tail, 0, tail.stat().st_size),
    )
    return Held(About(note.bundle, note.compatible, note.version, note.size), parts)


def _copy(source: Content, first: int, file: Path) -> None:
    with file.open("wb") as out:
        for offset in range(first, source.size, PIECE):
            out.write(source.read(offset, min(PIECE, source.size - offset)))
        out.flush()
        os.fsync(out.fileno())


def _short(mark: bytes) -> str:
    return hashlib.sha256(mark).hexdigest()
