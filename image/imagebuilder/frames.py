"""Compresses a disk image in pieces cut by content, so that a piece seen before costs nothing.

The pieces are zstd frames in a row, which zstd reads as one stream. Where to cut is decided by the
blocks themselves: if a file grows, what follows it moves, but is cut at the same places.
"""

import hashlib
import os
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard

LEVEL = 9  # 19 takes twelve times as long for 2 % less: the root is compressed already
BLOCK = 4096
PIECE_MIN = 1 << 20
PIECE_MAX = 16 << 20
# One block in 1024 ends a piece: 4 MiB beyond the minimum, on average.
CUT_MASK = 0x3FF
READ = 1 << 20
HOLE_MAX = 64 << 20
WORKERS = os.cpu_count() or 1
AHEAD_MAX = 2 * WORKERS


@dataclass(frozen=True)
class Hole:
    """A piece of so many zeros, which need not be read to be known."""

    size: int

    def __len__(self) -> int:
        return self.size


Piece = bytes | Hole


def compress(image: Path, target: Path, memo: Path, told: Callable[[float], None]) -> None:
    """Write `image` compressed to `target`; frames are kept in `memo` by content and level.

    `told` hears the share done, 0 to 1.
    """
    memo.mkdir(parents=True, exist_ok=True)
    total = image.stat().st_size
    done = 0
    with image.open("rb") as source, target.open("wb") as out, ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[tuple[int, Future[bytes]]] = deque()
        for piece in pieces(source, total):
            waiting.append((len(piece), pool.submit(_frame, piece, memo)))
            if len(waiting) >= AHEAD_MAX:
                done += _write(out, waiting)
                told(done / total)
        while waiting:
            done += _write(out, waiting)


def pieces(source: BinaryIO, total: int) -> Iterator[Piece]:
    """Yield the bytes of a sparse file in pieces; holes are not read."""
    position = 0
    while position < total:
        start, end = _next_data(source, position, total)
        for hole in range(position, start, HOLE_MAX):
            yield Hole(min(HOLE_MAX, start - hole))
        source.seek(start)
        yield from _cut(source, end - start)
        position = end


def _next_data(source: BinaryIO, position: int, total: int) -> tuple[int, int]:
    try:
        start = os.lseek(source.fileno(), position, os.SEEK_DATA)
    except OSError:  # nothing but a hole up to the end
        return total, total
    return start, min(os.lseek(source.fileno(), start, os.SEEK_HOLE), total)


def _cut(source: BinaryIO, length: int) -> Iterator[bytes]:
    piece = bytearray()
    while length:
        read = source.read(min(READ, length))
        if not read:
            return
        length -= len(read)
        begin = 0
        for end in _ends(read, len(piece)):
            yield bytes(piece + read[begin:end])
            piece.clear()
            begin = end
        piece += read[begin:]
    if piece:
        yield bytes(piece)


def _ends(read: bytes, before: int) -> Iterator[int]:
    """Yield where pieces end in what was read; `before` bytes of the first came earlier."""
    view, begin = memoryview(read), -before
    for end in range(BLOCK, len(read) + 1, BLOCK):
        size = end - begin
        if size >= PIECE_MAX or (
            size >= PIECE_MIN and zlib.crc32(view[end - BLOCK : end]) & CUT_MASK == 0
        ):
            yield end
            begin = end


def _frame(piece: Piece, memo: Path) -> bytes:
    name = f"{_name(piece)}-{LEVEL}"
    kept = memo / name[:2] / name
    if kept.exists():
        os.utime(kept)
        return kept.read_bytes()
    content = bytes(len(piece)) if isinstance(piece, Hole) else piece
    frame = zstandard.ZstdCompressor(level=LEVEL).compress(content)
    kept.parent.mkdir(exist_ok=True)
    # equal pieces may be made at once, by threads and by builds
    partial = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    partial.write_bytes(frame)
    partial.rename(kept)
    return frame


def _name(piece: Piece) -> str:
    return f"hole-{len(piece)}" if isinstance(piece, Hole) else hashlib.sha256(piece).hexdigest()


def _write(out: BinaryIO, waiting: deque[tuple[int, Future[bytes]]]) -> int:
    size, frame = waiting.popleft()
    out.write(frame.result())
    return size
