"""Finds this computer's disks and says of each why it must not be written to, if so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.errors import BuildError
from imagebuilder.flashing.kernel import Kernel

SECTOR = 512
OTHER_DISK = "name another disk; image/flash alone lists them"
# Memory, files, optical and network drives, layers over disks, and an eMMC's own boot areas
NO_CARD = re.compile(r"(loop|ram|zram|dm-|md|sr|fd|nbd)\d+$|mmcblk\d+(boot\d+|rpmb)$")
BROADCOM = "0a5c"  # the maker of a Compute Module's chip, and so of its USB gadget


@dataclass(frozen=True)
class Disk:
    """A whole disk; `sequence` is another number each time one is plugged in."""

    name: str
    path: Path
    size: int
    model: str
    serial: str
    usb: str  # the port, 1-1.4; empty if not on USB
    vendor: str
    sequence: str
    refusal: BuildError | None = None

    @property
    def described(self) -> str:
        """Say what it is, for a person to confirm."""
        serial = f", serial {self.serial}" if self.serial else ""
        return f"{self.model or 'disk'}, {self.size / 1e9:.1f} GB{serial}"

    @property
    def is_module(self) -> bool:
        """Tell a module that lends its eMMC over USB from a card in a reader."""
        return self.vendor == BROADCOM


def find(kernel: Kernel, size: int = 0) -> list[Disk]:
    """Return all disks that hold something, by name; refused if smaller than `size`."""
    found = []
    for block in sorted((kernel.sys / "block").glob("*")):
        if NO_CARD.match(block.name):
            continue
        try:
            disk = read(block.resolve(), kernel, size)
        except OSError:  # unplugged while it is looked at
            continue
        if disk.size:
            found.append(disk)
    return found


def read(block: Path, kernel: Kernel, size: int) -> Disk:
    """Read one disk from its folder in sysfs; OSError if it goes meanwhile."""
    usb = _usb(block)
    there = int((block / "size").read_text()) * SECTOR
    path = kernel.dev / block.name
    return Disk(
        name=block.name,
        path=path,
        size=there,
        model=_text(block / "device/model") or _text(block / "device/name"),
        serial=_text(usb / "serial") if usb else _text(block / "device/serial"),
        usb=usb.name if usb else "",
        vendor=_text(usb / "idVendor") if usb else "",
        sequence=_text(block / "diskseq"),
        refusal=next(_refusals(block, path, there, size, kernel), None),
    )


def named(path: Path, kernel: Kernel, size: int) -> Disk:
    """Return the disk of this path, with its refusal if it may not be written to."""
    block = kernel.block(path)
    if (block / "partition").exists():
        raise BuildError(
            "this is a partition",
            where=str(path),
            hint=f"name the whole disk: {kernel.dev / block.parent.name}",
        )
    return read(block, kernel, size)


def is_there(disk: Disk, kernel: Kernel) -> bool:
    """Tell whether this very disk is still plugged in, not another of its name."""
    block = kernel.sys / "block" / disk.name
    return block.exists() and _text(block / "diskseq") == disk.sequence


def _refusals(
    block: Path, path: Path, there: int, size: int, kernel: Kernel
) -> Iterator[BuildError]:
    for reason in _uses(block, kernel):
        yield BuildError(reason, where=str(path), hint=OTHER_DISK)
    if _text(block / "ro") == "1":
        yield BuildError(
            "the disk is write-protected", where=str(path), hint="move the switch of the card"
        )
    if there < size:
        yield BuildError(
            f"the disk has {there >> 20} MiB, the image {size >> 20} MiB",
            where=str(path),
            hint="take a card or module of 4 GB or more",
        )


def _uses(block: Path, kernel: Kernel) -> Iterator[str]:
    mounted, swaps = kernel.mounted(), kernel.swaps()
    parts = sorted(path.parent for path in block.glob("*/partition"))
    for part in (block, *parts):
        point = mounted.get(_text(part / "dev")) or mounted.get(part.name)
        if point == "/":
            yield "this computer runs from it"
        elif point:
            yield f"{part.name} is mounted on {point}"
        if part.name in swaps:
            yield f"{part.name} is in use as swap"
        for holder in sorted((part / "holders").glob("*")):
            yield f"{part.name} is in use by {holder.name}"


def _usb(block: Path) -> Path | None:
    """Return the folder of the USB device that the disk hangs on."""
    device = (block / "device").resolve()
    return next((folder for folder in device.parents if (folder / "idVendor").exists()), None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return ""
