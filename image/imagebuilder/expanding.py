"""Images without their compression, kept in the cache until the packed one changes."""

import lzma
import os
import shutil
import zlib
from pathlib import Path
from typing import IO

import zstandard

from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError

PIECE = 1 << 20
PACKED = (".zst", ".xz")


def expanded(image: Path) -> Path:
    """Return the image without its compression, from the cache if it was expanded before.

    What the same file held before goes; other checkouts' images of that name stay.
    """
    if image.suffix not in PACKED:
        return image
    status = image.stat()
    cache = Cache.default().root
    place = zlib.crc32(os.fsencode(image.resolve()))
    name = f"{image.name.removesuffix(image.suffix)}-{place:08x}"
    target = cache / "expanded" / f"{name}-{status.st_mtime_ns}-{status.st_size}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        for old in target.parent.glob(f"{name}-*"):
            old.unlink(missing_ok=True)
        aside = cache / "work" / f"expand-{os.getpid()}"  # swept if it is killed
        aside.mkdir(parents=True, exist_ok=True)
        try:
            expand(image, aside / target.name)
            (aside / target.name).rename(target)
        finally:
            shutil.rmtree(aside)
    return target


def expand(image: Path, target: Path) -> None:
    """Write what `image` has packed out, leaving holes for zeros."""
    zeros = bytes(PIECE)
    try:
        with image.open("rb") as packed, target.open("wb") as out:
            with _reader(image, packed) as stream:
                while piece := stream.read(PIECE):
                    if piece == zeros[: len(piece)]:
                        out.seek(len(piece), 1)
                    else:
                        out.write(piece)
            out.truncate()
    except (zstandard.ZstdError, lzma.LZMAError, EOFError) as error:
        raise BuildError(
            f"the image does not expand: {error}",
            where=str(image),
            hint="it is damaged or incomplete: build or fetch it again",
        ) from error
    if shutil.disk_usage(target.parent).free == 0:
        raise BuildError("the disk is full", where=str(target.parent), hint="free space")


def _reader(image: Path, packed: IO[bytes]) -> IO[bytes]:
    if image.suffix == ".xz":
        return lzma.open(packed)
    stream: IO[bytes] = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
    return stream
