"""Writes the mapped blocks of an image to a medium and reads them back against their checksums."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from xml.etree import ElementTree as ET

import zstandard

from imagebuilder.errors import BuildError
from imagebuilder.flashing.medium import Medium

PIECE = 1 << 20
Told = Callable[[float], None]
AGAIN = "copy the image and its .bmap again, or build it anew"


@dataclass(frozen=True)
class Range:
    """Bytes that the image has data in, and their sha256."""

    start: int
    end: int
    sha256: str

    @property
    def size(self) -> int:
        """Count its bytes."""
        return self.end - self.start


@dataclass(frozen=True)
class BlockMap:
    """A .bmap file: which parts of the image must be written, all else may hold anything."""

    image_size: int
    ranges: tuple[Range, ...]

    @property
    def mapped(self) -> int:
        """Count the bytes to be written."""
        return sum(part.size for part in self.ranges)

    @classmethod
    def read(cls, path: Path) -> "BlockMap":
        """Read a block map of version 2."""
        try:
            top = ET.fromstring(path.read_bytes())  # noqa: S314  bmaptool's own, and signed
            size, block = (int(top.findtext(tag, "")) for tag in ("ImageSize", "BlockSize"))
            ranges = tuple(_range(entry, size, block) for entry in top.iter("Range"))
        except FileNotFoundError as error:
            raise BuildError("the block map is missing", where=str(path), hint=AGAIN) from error
        except (ET.ParseError, ValueError, KeyError) as error:
            raise BuildError("this is no block map", where=str(path), hint=AGAIN) from error
        return cls(size, ranges)


def write(image: Path, blocks: BlockMap, out: Medium, told: Told) -> None:
    """Write the mapped blocks, the partition table last: half a target has no partitions."""
    out.write(0, bytes(min(PIECE, blocks.image_size)))
    first = b""
    done = 0
    with opened(image) as source:
        for position, piece in _mapped(source, blocks):
            if position == 0:
                first = piece
            else:
                out.write(position, piece)
            done += len(piece)
            told(done / blocks.mapped)
    out.settle()
    out.write(0, first)
    out.settle()


def read_back(medium: Medium, blocks: BlockMap, told: Told) -> None:
    """Compare what the medium holds with the block map's checksums."""
    done = 0
    for part in blocks.ranges:
        digest = hashlib.sha256()
        for position in range(part.start, part.end, PIECE):
            piece = medium.read(position, min(PIECE, part.end - position))
            digest.update(piece)
            done += len(piece)
            told(done / blocks.mapped)
        if digest.hexdigest() != part.sha256:
            raise BuildError(
                f"what was written reads back otherwise at {part.start >> 20} MiB",
                where="read back",
                hint="the card or module is bad or came loose: try again, then replace it",
            )


def opened(image: Path) -> BinaryIO:
    """Open an image, expanding it if it is compressed."""
    file = image.open("rb")
    if image.suffix != ".zst":
        return file
    reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return cast("BinaryIO", reader)


def _range(entry: ET.Element, size: int, block: int) -> Range:
    first, _, last = (entry.text or "").strip().partition("-")
    end = min((int(last or first) + 1) * block, size)
    return Range(int(first) * block, end, entry.attrib["chksum"])


def _mapped(source: BinaryIO, blocks: BlockMap) -> Iterator[tuple[int, bytes]]:
    """Yield the mapped bytes with their position, each range checked against its sum."""
    position = 0
    for part in blocks.ranges:
        for piece in _pieces(source, part.start - position):
            position += len(piece)
        digest = hashlib.sha256()
        for piece in _pieces(source, part.size):
            digest.update(piece)
            yield position, piece
            position += len(piece)
        if digest.hexdigest() != part.sha256:
            raise BuildError("the image is not its block map's", where="image", hint=AGAIN)


def _pieces(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        try:
            piece = source.read(min(size, PIECE))
        except zstandard.ZstdError as error:
            raise BuildError(f"the image is damaged: {error}", where="image", hint=AGAIN) from error
        if not piece:
            raise BuildError("the image ends too early", where="image", hint=AGAIN)
        size -= len(piece)
        yield piece
