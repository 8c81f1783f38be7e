"""An image as an emulator's disk: expanded, copied, grown to a size that cards have.

The image given is never written. An SD card in QEMU must have a power of two as its size.
"""

import shutil
import subprocess
from pathlib import Path

import zstandard

from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError

PIECE = 1 << 20
SIZE_MIN = 4 << 30
IMAGE_ENDINGS = (".img.zst", ".img")


def newest(dist: Path) -> Path:
    """Return the image made last."""
    images = [path for path in dist.glob("*.img*") if path.name.endswith(IMAGE_ENDINGS)]
    if not images:
        raise BuildError("there is no image yet", where=str(dist), hint="run image/build")
    return max(images, key=lambda path: path.stat().st_mtime)


def card(image: Path, target: Path) -> Path:
    """Copy the image to `target`, grown to the next size of a card; holes stay holes."""
    source = expanded(image) if image.name.endswith(".zst") else image
    subprocess.run(["cp", "--reflink=auto", "--sparse=always", source, target], check=True)
    target.chmod(0o600)
    size = SIZE_MIN
    while size < target.stat().st_size:
        size *= 2
    with target.open("r+b") as file:
        file.truncate(size)
    return target


def expanded(image: Path) -> Path:
    """Return the image without its compression, from the cache if it was expanded before."""
    status = image.stat()
    folder = Cache.default().root / "expanded"
    name = image.name.removesuffix(".zst")
    target = folder / f"{name}-{status.st_mtime_ns}-{status.st_size}"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{name}-*"):
            old.unlink()
        part = target.with_name(f"{target.name}.part")
        try:
            expand(image, part)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    return target


def expand(image: Path, target: Path) -> None:
    """Write the zstd frames of `image` out, leaving holes for zeros."""
    zeros = bytes(PIECE)
    reader = zstandard.ZstdDecompressor()
    try:
        with image.open("rb") as packed, target.open("wb") as out:
            with reader.stream_reader(packed, read_across_frames=True) as stream:
                while piece := stream.read(PIECE):
                    if piece == zeros[: len(piece)]:
                        out.seek(len(piece), 1)
                    else:
                        out.write(piece)
            out.truncate()
    except zstandard.ZstdError as error:
        raise BuildError(
            f"the image does not expand: {error}",
            where=str(image),
            hint="it is damaged or incomplete: build or fetch it again",
        ) from error
    if shutil.disk_usage(target.parent).free == 0:
        raise BuildError("the disk is full", where=str(target.parent), hint="free space")
