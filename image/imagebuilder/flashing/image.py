"""The image to be written: its block map, its signature and who vouches for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imagebuilder import signing
from imagebuilder.errors import BuildError
from imagebuilder.flashing.blocks import BlockMap

Say = Callable[[str], None]


@dataclass(frozen=True)
class Image:
    """An image with its block map."""

    path: Path
    blocks: BlockMap

    @classmethod
    def read(cls, path: Path, key: Path | None, say: Say) -> "Image":
        """Read the block map and check the signature; BuildError if either is wrong."""
        if not path.is_file():
            raise BuildError("there is no such image", where=str(path), hint="name *.img.zst")
        blocks = BlockMap.read(beside(path, ".bmap"))
        check_signature(path, key, say)
        return cls(path, blocks)

    @property
    def size(self) -> int:
        """Return how many bytes a disk must have."""
        return self.blocks.image_size


def beside(image: Path, ending: str) -> Path:
    """Return the file of the same build with another ending."""
    name = image.name.removesuffix(".zst").removesuffix(".img")
    return image.with_name(name + ending)


def check_signature(image: Path, key: Path | None, say: Say) -> None:
    """Verify manifest and image if there is a manifest; say so if there is none."""
    manifest = beside(image, ".manifest.json")
    if not manifest.exists():
        say(f"{image.name}: no manifest beside it, so nobody vouches for it")
        return
    chosen = key or signing.default_key()
    named = signing.verify(manifest, chosen)
    if image.name not in named or beside(image, ".bmap").name not in named:
        raise BuildError(
            "the manifest does not speak of this image and its block map",
            where=str(manifest),
            hint="copy all of dist/",
        )
    say(f"signature holds ({chosen})")
