"""Updates for an emulated terminal, each a signed bundle: the image's own and faulty ones."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from imagebuilder import disk, emulator_disk, updatekey
from imagebuilder.stages import bundle
from tests.image import workshop

DATE = 1_700_000_000
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

    def _packed(self, tree: Path) -> Path:
        root = self.folder / "packed.erofs"
        argv = ["mkfs.erofs", "--quiet", "-zlz4", str(root), str(tree)]
        subprocess.run(argv, check=True, capture_output=True)
        subprocess.run(["rm", "-rf", tree], check=True)
        return root
