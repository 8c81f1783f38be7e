"""An ext4 whose superblock a power cut tore is readable again, and no other disk is touched."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path("roles/storage/files/tree/usr/lib/comptoir/mend_superblock.py")
PLACE, HALF = 1024, 512
BYTES = 8 << 20


@pytest.fixture(scope="module")
def mender() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mend_superblock", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(path: Path, *options: str) -> Path:
    with path.open("wb") as file:
        file.truncate(BYTES)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", *options, path], check=True, capture_output=True)
    return path


def superblock(path: Path) -> bytes:
    return path.read_bytes()[PLACE : PLACE + 2 * HALF]


def put(path: Path, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(PLACE)
        file.write(data)


def check(path: Path) -> int:
    return subprocess.run(["e2fsck", "-p", path], check=False, capture_output=True).returncode


def torn(path: Path, new_half: int) -> Path:
    """Let one half only of a new superblock onto the disk."""
    old = superblock(path)
    subprocess.run(["tune2fs", "-L", "renamed", path], check=True, capture_output=True)
    new = superblock(path)
    halves = [old[:HALF], old[HALF:]]
    halves[new_half] = new[new_half * HALF : (new_half + 1) * HALF]
    put(path, b"".join(halves))
    return path


@pytest.mark.parametrize("new_half", [0, 1])
def test_a_torn_superblock_is_refused_by_e2fsck_until_it_is_mended(
    mender: ModuleType, tmp_path: Path, new_half: int
) -> None:
    disk = torn(made(tmp_path / "disk"), new_half)
    assert check(disk) == 8
    assert mender.mend(disk)
    assert check(disk) <= 1
    subprocess.run(["e2fsck", "-fn", disk], check=True, capture_output=True)


def test_torn_once_more_while_it_is_mended_it_is_mended_the_next_time(
    mender: ModuleType, tmp_path: Path
) -> None:
    disk = torn(made(tmp_path / "disk"), 0)
    before = superblock(disk)
    after = mender.mended(before)
    for halves in (after[:HALF] + before[HALF:], before[:HALF] + after[HALF:]):
        put(disk, halves)
        assert mender.mend(disk)
        assert check(disk) <= 1


@pytest.mark.parametrize("options", [(), ("-O", "^metadata_csum")])
def test_a_whole_one_stays_as_it_is_byte_for_byte(
    mender: ModuleType, tmp_path: Path, options: tuple[str, ...]
) -> None:
    disk = made(tmp_path / "disk", *options)
    before = disk.read_bytes()
    assert not mender.mend(disk)
    assert disk.read_bytes() == before


@pytest.mark.parametrize("content", [b"", bytes(BYTES), b"\xff" * BYTES])
def test_what_is_no_ext4_stays_as_it_is(mender: ModuleType, tmp_path: Path, content: bytes) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(content)
    assert not mender.mend(disk)
    assert disk.read_bytes() == content


def test_the_boot_runs_it_before_every_check() -> None:
    drop_in = SCRIPT.parents[1] / "systemd/system/systemd-fsck@.service.d/comptoir.conf"
    assert f"ExecStartPre=-/usr/lib/comptoir/{SCRIPT.name} %f" in drop_in.read_text("utf-8")
