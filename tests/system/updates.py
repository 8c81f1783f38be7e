"""Updates for an emulated terminal, each a signed bundle: the image's own and faulty ones."""

import mmap
import os
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comptoir.updates.bundles import HEAD_BYTES_MAX
from imagebuilder import disk, emulator_disk, updatekey
from imagebuilder.stages import bundle
from tests.image import workshop

DATE = 1_700_000_000
BLOCK_BITS = 12
MAGIC, SUPERBLOCK = (0xE0F5E1E2).to_bytes(4, "little"), 1024  # of an erofs
FEATURES, BLOCKS, UUID = SUPERBLOCK + 8, SUPERBLOCK + 36, SUPERBLOCK + 48
SUMMED = 1
BOOT_FILES = {
    "vmlinuz": "boot/vmlinuz-9",
    "initrd.img": "boot/initrd.img-9",
    "bcm2711-rpi-cm4-io.dtb": "usr/lib/linux-image-9/broadcom/bcm2711-rpi-cm4-io.dtb",
    "bcm2837-rpi-cm3-io3.dtb": "usr/lib/linux-image-9/broadcom/bcm2837-rpi-cm3-io3.dtb",
}


@dataclass(frozen=True)
class Press:
    """Makes bundles for the terminals of an image and puts them on a shelf."""

    image: Path
    folder: Path
    version: str

    @property
    def own(self) -> Path:
        """The bundle that was built with the image."""
        return self.image.with_name(self.image.name.removesuffix(".img.zst") + ".raucb")

    @property
    def compatible(self) -> str:
        """Which terminals they are for."""
        return self.own.name.removesuffix(".raucb")

    def put(self, name: str, root: Path, *, version: str = "", key: Path | None = None) -> Path:
        """Sign a root, as the builder does."""
        site = self.folder / f"site-{name}"
        (site / "assemble").mkdir(parents=True)
        root.rename(site / "assemble/root.erofs")
        work = workshop.work(site, assemble=site / "assemble")
        options = bundle.Options(
            name=self.compatible,
            version=version or self.version,
            source_date=DATE,
            key=str(key or updatekey.default()),
        )
        bundle.run(work, options)
        made = self.shelf / f"{name}.raucb"
        (work.result / f"{options.name}.raucb").rename(made)
        subprocess.run(["rm", "-rf", site], check=True)
        return made

    @property
    def shelf(self) -> Path:
        """The folder that is served."""
        place = self.folder / "shelf"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def card(self) -> Path:
        """The image, expanded once."""
        return emulator_disk.card(self.image, self.folder / "card.img")

    def bare_root(self) -> Path:
        """Return a root with boot files, and nothing that could run: its kernel panics."""
        tree, drive = self.folder / "bare", f"{self.card()}@@{disk.partition('boot').start}"
        for name, place in BOOT_FILES.items():
            (tree / place).parent.mkdir(parents=True, exist_ok=True)
            argv = ["mcopy", "-n", "-i", drive, f"::/slot-a/{name}", str(tree / place)]
            subprocess.run(argv, check=True)
        return self._packed(tree)

    def changed_root(self, changes: Mapping[bytes, bytes] | None = None) -> Path:
        """Return the image's root with other bytes in small files of it, which lie there plain.

        It gets a name of its own, and is one without a sum over its superblock, as old tools made.
        """
        root = self.folder / "changed.erofs"
        with self.own.open("rb") as bundle:
            start = bundle.read(HEAD_BYTES_MAX).find(MAGIC) - SUPERBLOCK
            assert start >= 0, f"{self.own} holds no erofs"
            bundle.seek(start)
            with root.open("wb") as out:
                shutil.copyfileobj(bundle, out, 1 << 20)
        with root.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
            blocks = int.from_bytes(content[BLOCKS : BLOCKS + 4], "little")
            content[FEATURES] &= ~SUMMED & 0xFF
            content[UUID : UUID + 16] = uuid.uuid4().bytes
            for before, after in (changes or {}).items():
                at = content.find(before)
                assert len(before) == len(after), (before, after)
                assert at >= 0, f"nothing plain in the root says {before!r}"
                assert content.find(before, at + 1) < 0, f"{before!r} is not in one place"
                content[at : at + len(after)] = after
        os.truncate(root, blocks << BLOCK_BITS)
        return root

    def _packed(self, tree: Path) -> Path:
        root = self.folder / "packed.erofs"
        argv = ["mkfs.erofs", "--quiet", "-zlz4", str(root), str(tree)]
        subprocess.run(argv, check=True, capture_output=True)
        subprocess.run(["rm", "-rf", tree], check=True)
        return root
