"""A power cut may tear an ext4's superblock in two: a booted terminal mends it and sells."""

from pathlib import Path

import pytest

from imagebuilder import disk
from tests.system.box import Box, running

pytestmark = [pytest.mark.system, pytest.mark.long]

WRITTEN_AT = 1024 + 0x30  # in the first of a superblock's two sectors: when it was last written
TORN = ("keys", "data")


def tear(card: Path, name: str) -> None:
    """Let only the first sector of a new superblock have come onto the disk."""
    with card.open("r+b") as file:
        file.seek(disk.partition(name).start + WRITTEN_AT)
        old = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([old[0] ^ 1]))


def test_torn_superblocks_are_mended_before_they_are_checked(image: Path, tmp_path: Path) -> None:
    box = Box("cm4", image, tmp_path)
    for name in TORN:
        tear(box.machine.disk, name)
    with running(box):
        for name in TORN:
            unit = f"systemd-fsck@dev-comptoir-{name}.service"
            said = box.console.run(f"journalctl -b -o cat -u {unit}")
            assert "its superblock was torn by a power cut; mended" in said
            assert "rw" in box.console.run(f"findmnt -n -o OPTIONS /{name}").split(",")
        box.sign_in()
        box.sell()
