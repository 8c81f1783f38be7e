#!/usr/bin/python3
"""Replays an ext4's journal before its check, so that a cut while it grew is mended too.

The new superblock may be on the disk while new groups' descriptors are in the journal only. Then
e2fsck replays by a copy of the superblock and gives up at the original ("unable to set superblock
flags"), and the kernel does not mount it; checked once more, only counts are wrong.
usage: replay_journal.py PARTITION
"""

import subprocess
import sys
from pathlib import Path

MAGIC_AT, MAGIC = 1024 + 0x38, b"\x53\xef"
UNMENDED = 4  # e2fsck's exit status from here on


def e2fsck(*arguments: str | Path) -> int:
    """Run it, asking nobody; return its exit status."""
    return subprocess.run(["e2fsck", "-y", *arguments], check=False).returncode


def replay(partition: Path) -> bool:
    """Replay what the journal of an ext4 holds; tell whether it was checked for that."""
    with partition.open("rb") as file:
        file.seek(MAGIC_AT)
        if file.read(len(MAGIC)) != MAGIC:
            return False
    if e2fsck("-E", "journal_only", partition) < UNMENDED:
        return False
    e2fsck("-f", partition)
    return True


if __name__ == "__main__":
    if replay(Path(sys.argv[1])):
        sys.stdout.write(f"{sys.argv[1]}: a power cut left its journal half replayed; checked\n")
