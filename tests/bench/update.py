"""What a terminal fetches of an update: the blocks that it has not, and what it trusts them by.

Counted on the roots themselves, as RAUC's `block-hash-index` does it; nothing is sent.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

BLOCK = 4096
CHECKSUM = 32
HASHES_A_BLOCK = BLOCK // CHECKSUM  # of dm-verity's tree


def fetched(new: Path, have: Path) -> int:
    """Return the bytes that a terminal with the root `have` reads of a bundle of the root `new`."""
    there = set(checksums(have))
    blocks = list(checksums(new))
    missing = [at for at, checksum in enumerate(blocks) if checksum not in there]
    index = -(-len(blocks) * CHECKSUM // BLOCK)
    # the index comes after the root in the squashfs, so its blocks have hashes of their own
    read = [*missing, *range(len(blocks), len(blocks) + index)]
    return (len(read) + hash_blocks(read)) * BLOCK


def hash_blocks(read: list[int]) -> int:
    """Count the blocks of the hash tree that lead to these blocks, all levels together."""
    level, count = set(read), 0
    while len(level) > 1 or not count:
        level = {at // HASHES_A_BLOCK for at in level}
        count += len(level)
    return count


def checksums(root: Path) -> Iterator[bytes]:
    """Yield the checksum of each block of a root."""
    with root.open("rb") as file:
        while block := file.read(BLOCK):
            yield hashlib.sha256(block).digest()
