"""What an image may be written to: a file, or a whole disk, big enough, that nothing uses."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.errors import BuildError

SECTOR = 512
OTHER_DISK = "name another disk; `lsblk` lists them"


@dataclass(frozen=True)
class Kernel:
    """Where the kernel tells of disks and mounts."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")

    def block(self, path: Path) -> Path:
        """Return the folder of a block device."""
        number = path.stat().st_rdev
        return (self.sys / "dev/block" / f"{os.major(number)}:{os.minor(number)}").resolve()

    def mounted(self) -> dict[str, str]:
        """Return the mount point by "major:minor"."""
        lines = (self.proc / "self/mountinfo").read_text(encoding="utf-8").splitlines()
        return {line.split()[2]: line.split()[4] for line in lines}

    def swaps(self) -> set[str]:
        """Return the names (sda2) of the devices in use as swap."""
        lines = (self.proc / "swaps").read_text(encoding="utf-8").splitlines()[1:]
        return {Path(line.split()[0]).name for line in lines}


def check(target: Path, size: int, kernel: Kernel | None = None) -> str:
    """Refuse what must not be written to; else say what it is, for the person to confirm."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return _check_new_file(target)
    if stat.S_ISREG(mode):
        return "a file, to be overwritten"
    if not stat.S_ISBLK(mode):
        raise BuildError("this is no disk and no file", where=str(target), hint=OTHER_DISK)
    return check_disk((kernel or Kernel()).block(target), target, size, kernel or Kernel())


def check_disk(block: Path, target: Path, size: int, kernel: Kernel) -> str:
    """Refuse a disk that is in use or too small; `block` is its folder in sysfs."""
    if (block / "partition").exists():
        whole = block.parent.name
        raise BuildError(
            "this is a partition", where=str(target), hint=f"name the whole disk: /dev/{whole}"
        )
    for reason in _uses(block, kernel):
        raise BuildError(reason, where=str(target), hint=OTHER_DISK)
    if (block / "ro").read_text().strip() == "1":
        raise BuildError(
            "the disk is write-protected", where=str(target), hint="move the switch of the card"
        )
    bytes_there = int((block / "size").read_text()) * SECTOR
    if bytes_there < size:
        raise BuildError(
            f"the disk has {bytes_there >> 20} MiB, the image {size >> 20} MiB",
            where=str(target),
            hint="take a card or module of 4 GB or more",
        )
    model = block / "device/model"
    name = model.read_text().strip() if model.exists() else "disk"
    return f"{name}, {bytes_there / 1e9:.1f} GB"


def _check_new_file(target: Path) -> str:
    if not target.parent.is_dir():
        raise BuildError("there is no such folder", where=str(target.parent), hint="make it first")
    if target.is_relative_to("/dev"):
        raise BuildError("there is no such device", where=str(target), hint=OTHER_DISK)
    return "a new file"


def _uses(block: Path, kernel: Kernel) -> Iterator[str]:
    mounted, swaps = kernel.mounted(), kernel.swaps()
    parts = sorted(path.parent for path in block.glob("*/partition"))
    for part in (block, *parts):
        point = mounted.get((part / "dev").read_text().strip())
        if point == "/":
            yield "this computer runs from it"
        elif point:
            yield f"{part.name} is mounted on {point}"
        if part.name in swaps:
            yield f"{part.name} is in use as swap"
        for holder in sorted((part / "holders").glob("*")):
            yield f"{part.name} is in use by {holder.name}"
