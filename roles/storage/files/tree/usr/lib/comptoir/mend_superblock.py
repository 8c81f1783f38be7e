#!/usr/bin/python3
"""Makes an ext4 readable again whose superblock a power cut tore, before it is checked.

The superblock lies in two sectors of a disk: all that changes while mounted in the first, its
checksum in the second. If only one of a pair of new ones came onto the disk, kernel and e2fsck take
neither, though the journal holds the whole block. Here the checksum is written anew, with the mark
of a file system to be checked; the journal's own copy may take that mark back.
usage: mend_superblock.py PARTITION
"""

import os
import struct
import sys
from pathlib import Path

PLACE, SIZE = 1024, 1024
STATE_AT, MAGIC_AT, FEATURES_AT, KIND_AT, CHECKSUM_AT = 0x3A, 0x38, 0x64, 0x175, 0x3FC
MAGIC, METADATA_CSUM, CRC32C = 0xEF53, 0x400, 1
HAS_ERRORS = 2
POLYNOMIAL = 0x82F63B78


def crc32c(data: bytes) -> int:
    """Return ext4's checksum: CRC-32C, not inverted at its end."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
    return value


def is_torn(superblock: bytes) -> bool:
    """Tell whether it is an ext4's superblock that does not match its checksum."""
    (magic,) = struct.unpack_from("<H", superblock, MAGIC_AT)
    (features,) = struct.unpack_from("<I", superblock, FEATURES_AT)
    if magic != MAGIC or not features & METADATA_CSUM or superblock[KIND_AT] != CRC32C:
        return False
    (checksum,) = struct.unpack_from("<I", superblock, CHECKSUM_AT)
    return bool(checksum != crc32c(superblock[:CHECKSUM_AT]))


def mended(superblock: bytes) -> bytes:
    """Return it with its checksum, marked as that of a file system to be checked."""
    new = bytearray(superblock)
    (state,) = struct.unpack_from("<H", new, STATE_AT)
    struct.pack_into("<H", new, STATE_AT, state | HAS_ERRORS)
    struct.pack_into("<I", new, CHECKSUM_AT, crc32c(bytes(new[:CHECKSUM_AT])))
    return bytes(new)


def mend(partition: Path) -> bool:
    """Mend a partition or an image file of one; tell whether there was something to mend."""
    file = os.open(partition, os.O_RDWR)
    try:
        superblock = os.pread(file, SIZE, PLACE)
        if len(superblock) < SIZE or not is_torn(superblock):
            return False
        os.pwrite(file, mended(superblock), PLACE)
        os.fsync(file)
    finally:
        os.close(file)
    return True


if __name__ == "__main__":
    if mend(Path(sys.argv[1])):
        sys.stdout.write(f"{sys.argv[1]}: its superblock was torn by a power cut; mended\n")
