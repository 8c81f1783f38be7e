"""An image laid out as Raspberry Pi OS is, made of a tree: a FAT and an ext4, nothing else."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from imagebuilder import disk

MIB = disk.MIB
BOOT_MIB = 40  # the least that a FAT32 has
FIRST = {"config.txt": b"arm_64bit=1\n", "kernel8.img": b"kernel"}
LINUX_ALONE = f"label: dos\nstart={MIB // 512}, type=83\n"


def make(
    image: Path, tree: Path, *, root_mib: int, boot: Mapping[str, bytes] | None = None
) -> Path:
    """Write an image whose second partition holds `tree`."""
    boot_sectors, root_at = BOOT_MIB * MIB // 512, (1 + BOOT_MIB) * MIB
    rows = [f"start={MIB // 512}, size={boot_sectors}, type=c", f"start={root_at // 512}, type=83"]
    table(image, "\n".join(["label: dos", *rows, ""]), root_at + root_mib * MIB)
    fat = ["mkfs.vfat", "-F", "32", "-s", "1", "--offset", str(MIB // 512)]
    size = str(BOOT_MIB * 1024)
    subprocess.run([*fat, image, size], check=True, capture_output=True)
    for name, content in (FIRST if boot is None else boot).items():
        copy = ["mcopy", "-i", f"{image}@@{MIB}", "-", f"::/{name}"]
        subprocess.run(copy, check=True, input=content)
    ext4: list[str | Path] = ["mke2fs", "-q", "-t", "ext4", "-d", tree, "-E", f"offset={root_at}"]
    subprocess.run([*ext4, image, f"{root_mib}m"], check=True, stderr=subprocess.DEVNULL)
    return image


def table(image: Path, script: str, size: int) -> Path:
    """Write an image of this size that has partitions and nothing in them."""
    with image.open("wb") as file:
        file.truncate(size)
    argv: list[str | Path] = ["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", image]
    subprocess.run(argv, input=script.encode(), check=True)
    return image
