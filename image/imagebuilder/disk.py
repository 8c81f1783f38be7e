"""The disk of a terminal: where each partition lies and what names it, the same for every board.

An MBR, because a CM3 boots nothing else: boot files, two read-only roots of which one is in use,
then an extended partition with the keys and the data, which grows on first boot. Fits a 4 GB eMMC.
Everything that could be random comes from the lock and the source date: same input, same disk.
"""

import hashlib
import struct
import uuid
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
SECTOR = 512
ROOT_A, ROOT_B = 2, 3
FAT32_LBA, LINUX, EXTENDED = 0x0C, 0x83, 0x05
ENTRY = struct.Struct("<B3sB3sII")  # status, CHS, type, CHS, first sector, sectors
TABLE_AT, SIGNATURE_AT = 446, 440


@dataclass(frozen=True)
class Partition:
    """A place on the disk; start and size in bytes."""

    number: int
    kind: int
    start: int
    size: int
    name: str = ""


# 4 MiB steps suit the erase blocks of eMMC; before each logical partition one step for its table.
LAYOUT = (
    Partition(1, FAT32_LBA, 4 * MIB, 512 * MIB, "boot"),
    Partition(2, LINUX, 516 * MIB, 1126 * MIB, "root-a"),
    Partition(3, LINUX, 1642 * MIB, 1126 * MIB, "root-b"),
    Partition(4, EXTENDED, 2768 * MIB, 200 * MIB, "extended"),
    Partition(5, LINUX, 2772 * MIB, 64 * MIB, "keys"),
    Partition(6, LINUX, 2840 * MIB, 128 * MIB, "data"),
)
SIZE = LAYOUT[-1].start + LAYOUT[-1].size


def partition(name: str) -> Partition:
    """Return the partition of the layout that has this name."""
    return next(part for part in LAYOUT if part.name == name)


@dataclass(frozen=True)
class Identity:
    """All that would be random on a disk, drawn from a seed instead."""

    seed: bytes

    @classmethod
    def of(cls, lock: Path, source_date: int) -> "Identity":
        """Derive the identity from the lock's bytes and the source date."""
        return cls(hashlib.sha256(lock.read_bytes() + str(source_date).encode()).digest())

    @property
    def signature(self) -> int:
        """The MBR's disk signature: the first half of every PARTUUID."""
        return self._number("disk")

    @property
    def volume(self) -> int:
        """The volume id of the FAT."""
        return self._number("fat")

    def partuuid(self, number: int) -> str:
        """Return the PARTUUID of a partition, as the kernel writes it."""
        return f"{self.signature:08x}-{number:02x}"

    def uuid(self, purpose: str) -> str:
        """Return a UUID for a file system or a hash seed."""
        return str(uuid.UUID(bytes=self._bytes(purpose)[:16], version=4))

    def _number(self, purpose: str) -> int:
        return int.from_bytes(self._bytes(purpose)[:4], "little")

    def _bytes(self, purpose: str) -> bytes:
        return hashlib.sha256(self.seed + purpose.encode()).digest()


def sfdisk_script(identity: Identity) -> str:
    """Return the partition table as input for sfdisk."""
    head = ["label: dos", f"label-id: 0x{identity.signature:08x}", "unit: sectors", ""]
    rows = [
        f"{part.number}: start={part.start // SECTOR}, size={part.size // SECTOR}, "
        f"type={part.kind:x}"
        for part in LAYOUT
    ]
    return "\n".join([*head, *rows, ""])


def primary_partitions(image: Path) -> tuple[Partition, ...]:
    """Read the MBR of an image; ValueError if there is none."""
    with image.open("rb") as file:
        sector = file.read(SECTOR)
    if sector[510:512] != b"\x55\xaa":
        raise ValueError(f"{image} has no MBR")
    found = []
    for index in range(4):
        _, _, kind, _, first, count = ENTRY.unpack_from(sector, TABLE_AT + index * ENTRY.size)
        if kind:
            found.append(Partition(index + 1, kind, first * SECTOR, count * SECTOR))
    return tuple(found)
