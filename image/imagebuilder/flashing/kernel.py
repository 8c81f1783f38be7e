"""Where the kernel tells of disks, mounts and swap, and how a disk is opened."""

import os
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.flashing.medium import FileMedium, Medium


@dataclass(frozen=True)
class Kernel:
    """This computer's disks; other folders, or another opening, in tests."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    dev: Path = Path("/dev")

    def block(self, path: Path) -> Path:
        """Return the folder of a block device."""
        number = path.stat().st_rdev
        return (self.sys / "dev/block" / f"{os.major(number)}:{os.minor(number)}").resolve()

    def mounted(self) -> dict[str, str]:
        """Return the mount point by "major:minor", and by name (sda2) where there is one."""
        found: dict[str, str] = {}
        for line in (self.proc / "self/mountinfo").read_text(encoding="utf-8").splitlines():
            before, _, after = line.partition(" - ")
            words, source = before.split(), after.split()[1]
            found[words[2]] = words[4]
            if source.startswith("/dev/"):  # Btrfs has a number of its own
                found[Path(source).name] = words[4]
        return found

    def swaps(self) -> set[str]:
        """Return the names (sda2) of the devices in use as swap."""
        lines = (self.proc / "swaps").read_text(encoding="utf-8").splitlines()[1:]
        return {Path(line.split()[0]).name for line in lines}

    def open_disk(self, path: Path) -> Medium:
        """Open a whole disk, for nobody else at the same time."""
        return FileMedium(path, disk=True, size=0)
