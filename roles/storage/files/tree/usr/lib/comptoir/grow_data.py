#!/usr/bin/python3
"""Lets the data partition take the rest of the disk, on the first boot from a larger card.

The data partition (6) is the last logical one inside the extended one (4): first 4 grows, then 6.
Each step writes one table entry through sfdisk and is skipped once it is done, so a power cut
between any two leaves a disk that the next boot finishes. The file system grows after its mount
(`x-systemd.growfs`). usage: grow_data.py DISK|DATA-PARTITION
"""

import fcntl
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

EXTENDED, DATA = 4, 6
SECTOR = 512
STEP = 4 * 1024 * 1024 // SECTOR  # partitions end on an eMMC's erase block


def disk_of(path: Path) -> Path:
    """Return the disk of a partition; a disk or an image file is its own."""
    device = path.resolve(strict=True)
    if not stat.S_ISBLK(device.stat().st_mode):
        return device
    node = Path("/sys/class/block", device.name).resolve()
    return Path("/dev", node.parent.name) if (node / "partition").exists() else device


def sectors_of(disk: Path) -> int:
    """Return how many sectors of 512 bytes a disk or an image file has."""
    with disk.open("rb") as file:
        return file.seek(0, 2) // SECTOR


def partitions_of(disk: Path) -> dict[int, dict[str, Any]]:
    """Return the partition table's entries by number."""
    told = subprocess.run(["sfdisk", "--json", disk], check=True, capture_output=True)
    entries = json.loads(told.stdout)["partitiontable"]["partitions"]
    return {int(entry["node"][len(str(disk)) :].lstrip("p")): entry for entry in entries}


def resize(disk: Path, number: int, sectors: int) -> None:
    """Write a new size into one entry of the table, on the disk before it returns."""
    subprocess.run(
        ["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", "-N", str(number), disk],
        input=f",{sectors}\n".encode(),
        check=True,
    )


def steps(entries: dict[int, dict[str, Any]], sectors: int) -> list[tuple[int, int]]:
    """Return the (partition, new size) that are still to be done, in their order."""
    end = sectors // STEP * STEP
    wanted = [(number, end - entries[number]["start"]) for number in (EXTENDED, DATA)]
    return [(number, size) for number, size in wanted if entries[number]["size"] < size]


def grow(disk: Path) -> list[int]:
    """Do what is still to be done; answer which partitions grew."""
    todo = steps(partitions_of(disk), sectors_of(disk))
    for number, size in todo:
        resize(disk, number, size)
    return [number for number, _ in todo]


def main() -> None:
    """Grow the table, then tell the kernel; keys of the same disk may be mounted meanwhile."""
    data = Path(sys.argv[1])
    disk = disk_of(data)
    # udev leaves a locked disk alone. While table and kernel disagree it knows no such partition
    # and would take /dev/comptoir/data away, and systemd unmount it.
    with disk.open("rb") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        grown = grow(disk)
        if grown and stat.S_ISBLK(disk.stat().st_mode):
            # not partx: it takes the partition away and puts it back, and what waits for it fails
            size = partitions_of(disk)[DATA]["size"]
            subprocess.run(["resizepart", disk, str(DATA), str(size)], check=True)
    if grown and stat.S_ISBLK(disk.stat().st_mode):
        subprocess.run(["udevadm", "trigger", "--action=change", "--settle", data], check=True)
    sys.stdout.write(f"{disk}: grown {grown}\n" if grown else f"{disk}: nothing to grow\n")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        reason = (error.stderr or b"").decode(errors="replace").strip()
        sys.exit(f"grow_data: {error.cmd[0]} failed: {reason}; the next boot tries again")
