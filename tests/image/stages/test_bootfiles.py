import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from imagebuilder import disk, emulator, firmware
from imagebuilder.bootpartition import BootFolder
from imagebuilder.errors import BuildError
from imagebuilder.stages import bootfiles
from imagebuilder.stages.bootfiles import Options, config_text
from tests.image import workshop

VERSION = "6.12-arm64"
DATE = 1_700_000_000
BOARDS: dict[str, Any] = {
    name: yaml.safe_load((emulator.BOARDS / f"{name}.yaml").read_text())
    for name in emulator.board_names()
}


def static_elf() -> bytes:
    head = bytearray(64)
    head[:4] = b"\x7fELF"
    return bytes(head)


def fill(tree: Path) -> None:
    modules = tree / "usr/lib/modules" / VERSION
    names = ("erofs", "crc32c_generic", "bcm2835_wdt", "virtio_blk", "virtio_mmio")
    trees = tree / f"usr/lib/linux-image-{VERSION}/broadcom"
    firmware_files = ("bootcode.bin", "start.elf", "start4.elf", "fixup.dat", "fixup4.dat")
    files = {
        tree / "usr/bin/busybox": static_elf(),
        tree / f"boot/vmlinuz-{VERSION}": b"kernel",
        modules / "modules.dep": "".join(f"kernel/fs/{name}.ko:\n" for name in names).encode(),
        modules / "modules.alias": b"",
        modules / "modules.builtin": b"",
        **{modules / f"kernel/fs/{name}.ko": b"module" for name in names},
        **{trees / board["device_tree"]: b"tree" for board in BOARDS.values()},
        **{tree / "usr/lib/raspi-firmware" / name: b"blob" for name in firmware_files},
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    fill(tmp_path / "configure/tree")
    (tmp_path / "lock").mkdir()
    (tmp_path / "lock/debian.json").write_text(json.dumps([]))
    return tmp_path


def make(site: Path) -> Path:
    work = workshop.work(site, configure=site / "configure", lock=site / "lock")
    bootfiles.run(work, Options(source_date=DATE, boards=BOARDS))
    return work.result / "boot"


def test_config_and_tryboot_are_one_sector_and_differ_in_the_slot_only(site: Path) -> None:
    boot = make(site)
    config, tryboot = (boot / "config.txt").read_bytes(), (boot / "tryboot.txt").read_bytes()
    assert len(config) == len(tryboot) == disk.SECTOR
    assert config.replace(b"slot-a/", b"slot-b/") == tryboot != config


def test_there_is_no_autoboot_file(site: Path) -> None:
    assert not (make(site) / "autoboot.txt").exists()


@pytest.mark.parametrize("board", BOARDS)
def test_each_board_takes_slot_a_with_its_own_device_tree(site: Path, board: str) -> None:
    choice = firmware.choose(BootFolder(make(site)), firmware.MODELS[board])
    assert choice.prefix == "slot-a/"
    assert choice.device_tree == f"slot-a/{BOARDS[board]['device_tree']}"
    assert choice.initramfs == ("slot-a/initrd.img",)


def test_each_slot_names_its_own_root_read_only(site: Path) -> None:
    boot = make(site)
    identity = disk.Identity.of(site / "lock/debian.json", DATE)
    for slot, number in (("slot-a", 2), ("slot-b", 3)):
        words = (boot / slot / "cmdline.txt").read_text().split()
        assert f"root=PARTUUID={identity.signature:08x}-0{number}" in words
        assert {"rootfstype=erofs", "ro", "panic=10"} <= set(words)


def test_every_file_bears_the_source_date(site: Path) -> None:
    boot = make(site)
    assert {path.stat().st_mtime for path in boot.rglob("*")} == {DATE}


def test_a_config_beyond_one_sector_is_refused() -> None:
    boards = {"cm9": {"config": "[pi9]\n" + "dtoverlay=long\n" * 40}}
    with pytest.raises(BuildError, match="more than one sector"):
        config_text(boards, "slot-a")


@pytest.mark.parametrize(
    "lost", [f"boot/vmlinuz-{VERSION}", "usr/lib/raspi-firmware/start.elf", "usr/bin/busybox"]
)
def test_a_tree_without_a_needed_file_is_told(site: Path, lost: str) -> None:
    (site / "configure/tree" / lost).unlink()
    with pytest.raises(BuildError, match=Path(lost).name.partition("-")[0]):
        make(site)


def test_two_kernels_are_refused(site: Path) -> None:
    other = site / "configure/tree/usr/lib/modules/7.0"
    other.mkdir()
    (other / "modules.dep").touch()
    with pytest.raises(BuildError, match="2 kernels"):
        make(site)


def test_boards_that_would_not_start_are_refused(site: Path) -> None:
    boot = make(site)
    (boot / "start.elf").unlink()
    with pytest.raises(BuildError, match=r"cm3 would not start.*start\.elf"):
        bootfiles.check(boot, BOARDS)


def test_boards_that_would_take_another_slot_are_refused(site: Path) -> None:
    boot = make(site)
    (boot / "vmlinuz").write_bytes(b"")
    (boot / "initrd.img").write_bytes(b"")
    for board in BOARDS.values():
        (boot / board["device_tree"]).write_bytes(b"")
    (boot / "slot-a/vmlinuz").unlink()
    with pytest.raises(BuildError, match="not take slot A"):
        bootfiles.check(boot, BOARDS)


def test_the_result_can_be_read_by_everybody(site: Path) -> None:
    for path in make(site).rglob("*"):
        assert path.stat().st_mode & 0o444 == 0o444
