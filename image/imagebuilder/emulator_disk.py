"""An image as an emulator's disk: expanded, copied, grown to a size that cards have.

The image given is never written. An SD card in QEMU must have a power of two as its size.
"""

import subprocess
from pathlib import Path

from imagebuilder import expanding
from imagebuilder.errors import BuildError

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
    source = expanding.expanded(image)
    subprocess.run(["cp", "--reflink=auto", "--sparse=always", source, target], check=True)
    target.chmod(0o600)
    size = SIZE_MIN
    while size < target.stat().st_size:
        size *= 2
    with target.open("r+b") as file:
        file.truncate(size)
    return target
