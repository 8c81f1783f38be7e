"""An ext4 that a power cut caught growing is whole again, and no other disk is touched."""

import importlib.util
import shutil
import struct
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path("roles/storage/files/tree/usr/lib/comptoir")
BLOCK, GROUP = 4096, 32768  # bytes, and blocks of a group
GROWN = 300 << 20
PLACE, SIZE, FEATURES_AT, CHECKSUM_AT, RECOVER = 1024, 1024, 0x60, 0x3FC, 4


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*argv: str | Path) -> None:
    subprocess.run(argv, check=True, capture_output=True)


def in_use(disk: bytearray, start: int) -> None:
    """Mark a superblock as that of a mounted file system: with a journal to be replayed."""
    block = disk[start : start + SIZE]
    (features,) = struct.unpack_from("<I", block, FEATURES_AT)
    struct.pack_into("<I", block, FEATURES_AT, features | RECOVER)
    checksum = loaded("mend_superblock").crc32c(bytes(block[:CHECKSUM_AT]))
    struct.pack_into("<I", block, CHECKSUM_AT, checksum)
    disk[start : start + SIZE] = block


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    """An ext4 of one group that grows to three, cut when only its new superblock was written.

    The new groups are there, and so are the other blocks: in the journal.
    """
    small, grown, disk = tmp_path / "small", tmp_path / "grown", tmp_path / "disk"
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "sold").write_bytes(b"a check\n" * BLOCK)
    with small.open("wb") as file:
        file.truncate(GROUP * BLOCK)
    run("mke2fs", "-q", "-t", "ext4", "-b", str(BLOCK), "-d", tmp_path / "files", small)
    shutil.copy(small, grown)
    with grown.open("r+b") as file:
        file.truncate(GROWN)
    run("resize2fs", "-f", grown)
    after = bytearray(grown.read_bytes())
    for start in (PLACE, GROUP * BLOCK):
        in_use(after, start)
    before = small.read_bytes()
    disk.write_bytes(before + after[len(before) :])
    journal(disk, changed(before, after))
    with disk.open("r+b") as file:
        file.seek(PLACE)
        file.write(after[PLACE : PLACE + SIZE])
    return disk


def changed(before: bytes, after: bytearray) -> dict[int, bytes]:
    """Return the blocks that are others afterwards, by number."""
    places = [slice(at, at + BLOCK) for at in range(0, len(before), BLOCK)]
    return {n: bytes(after[at]) for n, at in enumerate(places) if before[at] != after[at]}


def journal(disk: Path, blocks: dict[int, bytes]) -> None:
    """Write a transaction of an ext4's journal."""
    content, orders = disk.with_name("blocks"), disk.with_name("orders")
    content.write_bytes(b"".join(blocks.values()))
    numbers = ",".join(map(str, blocks))
    orders.write_text(f"journal_open\njournal_write -b {numbers} {content}\njournal_close\n")
    run("debugfs", "-w", "-f", orders, disk)


def check(disk: Path, option: str) -> int:
    return subprocess.run(["e2fsck", option, disk], check=False, capture_output=True).returncode


def test_an_ext4_cut_while_it_grew_is_not_mended_by_one_check_until_its_journal_is_replayed(
    growing: Path,
) -> None:
    alone = growing.with_name("alone")
    shutil.copy(growing, alone)
    assert check(alone, "-y") == 12
    assert loaded("replay_journal").replay(growing)
    assert check(growing, "-y") == 0
    assert check(growing, "-fn") == 0
    kept = subprocess.run(["debugfs", "-R", "cat /sold", growing], check=True, capture_output=True)
    assert kept.stdout == b"a check\n" * BLOCK


def test_one_without_a_cut_stays_as_it_is(growing: Path) -> None:
    whole = growing.with_name("grown")
    before = whole.read_bytes()
    assert not loaded("replay_journal").replay(whole)
    assert whole.read_bytes() == before


def test_what_is_no_ext4_stays_as_it_is(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(b"\xff" * (8 << 20))
    assert not loaded("replay_journal").replay(disk)
    assert disk.read_bytes() == b"\xff" * (8 << 20)


def test_the_boot_runs_it_before_every_check_once_the_superblock_is_mended() -> None:
    drop_in = FOLDER.parent / "systemd/system/systemd-fsck@.service.d/comptoir.conf"
    programs = [line for line in drop_in.read_text("utf-8").splitlines() if "ExecStartPre" in line]
    assert programs == [
        f"ExecStartPre=-/usr/lib/comptoir/{name}.py %f"
        for name in ("mend_superblock", "replay_journal")
    ]
