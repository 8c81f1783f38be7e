import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from imagebuilder import base, disk, emulator, firmware
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
BASES = {
    path.stem: base.load(path).boot for path in (emulator.BOARDS.parent / "bases").glob("*.yaml")
}
OPTIONS = {
    name: Options(source_date=DATE, base=boot, boards=BOARDS) for name, boot in BASES.items()
}


def static_elf() -> bytes:
    head = bytearray(64)
    head[:4] = b"\x7fELF"
    return bytes(head)


def device_tree(board: str, name: str) -> str:
    return str(BOARDS[board]["device_trees"][BASES[name].device_trees])


def fill(tree: Path, name: str) -> None:
    modules = tree / "usr/lib/modules" / VERSION
    names = ("erofs", "crc32c_generic", "bcm2835_wdt", "virtio_blk", "virtio_mmio")
    kernel = tree / f"usr/lib/linux-image-{VERSION}"
    overlays = ("README", "overlay_map.dtb", "vc4-kms-v3d.dtbo", "vc4-kms-v3d-pi4.dtbo")
    firmware_files = ("bootcode.bin", "start.elf", "start4.elf", "fixup.dat", "fixup4.dat")
    files = {
        tree / "usr/bin/busybox": static_elf(),
        tree / f"boot/vmlinuz-{VERSION}": b"kernel",
        modules / "modules.dep": "".join(f"kernel/fs/{name}.ko:\n" for name in names).encode(),
        modules / "modules.alias": b"",
        modules / "modules.builtin": b"",
        **{modules / f"kernel/fs/{name}.ko": b"module" for name in names},
        **{kernel / "broadcom" / device_tree(board, name): b"tree" for board in BOARDS},
        **{kernel / "overlays" / file: b"overlay" for file in overlays if BASES[name].overlays},
        **{tree / "usr/lib/raspi-firmware" / name: b"blob" for name in firmware_files},
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture(params=sorted(BASES))
def name(request: pytest.FixtureRequest) -> str:
    """Return a base's name: what is true of boot files is true of every base's."""
    return str(request.param)


@pytest.fixture
def site(tmp_path: Path, name: str) -> Path:
    fill(tmp_path / "configure/tree", name)
    (tmp_path / "base").write_text(name)
    (tmp_path / "lock").mkdir()
    (tmp_path / "lock/debian.json").write_text(json.dumps([]))
    return tmp_path


def make(site: Path) -> Path:
    work = workshop.work(site, configure=site / "configure", lock=site / "lock")
    bootfiles.run(work, OPTIONS[(site / "base").read_text()])
    return work.result / "boot"


def test_config_and_tryboot_are_one_sector_and_differ_in_the_slot_only(site: Path) -> None:
    boot = make(site)
    config, tryboot = (boot / "config.txt").read_bytes(), (boot / "tryboot.txt").read_bytes()
    assert len(config) == len(tryboot) == disk.SECTOR
    assert config.replace(b"slot-a/", b"slot-b/") == tryboot != config


def test_there_is_no_autoboot_file(site: Path) -> None:
    assert not (make(site) / "autoboot.txt").exists()


@pytest.mark.parametrize("board", BOARDS)
def test_each_board_takes_slot_a_with_its_own_device_tree(
    site: Path, name: str, board: str
) -> None:
    choice = firmware.choose(BootFolder(make(site)), firmware.MODELS[board])
    assert choice.prefix == "slot-a/"
    assert choice.device_tree == f"slot-a/{device_tree(board, name)}"
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
    long = replace(BASES["debian"], config="dtoverlay=long\n" * 40)
    with pytest.raises(BuildError, match="more than one sector"):
        config_text(replace(OPTIONS["debian"], base=long), "slot-a")


def test_a_board_without_a_name_for_the_bases_device_tree_is_named() -> None:
    boards = {"cm9": {"filter": "cm9", "device_trees": {"upstream": "cm9.dtb"}}}
    with pytest.raises(BuildError, match=r"cm9 has no device tree .* of raspberrypi.*cm9\.yaml"):
        config_text(replace(OPTIONS["raspios"], boards=boards), "slot-a")


def test_debians_config_names_the_upstream_kernel_and_each_boards_device_tree() -> None:
    lines = config_text(OPTIONS["debian"], "slot-a").decode().strip().splitlines()
    assert lines == [
        "arm_64bit=1",
        "enable_uart=1",
        "disable_splash=1",
        "upstream_kernel=1",
        "gpu_mem=64",
        "os_prefix=slot-a/",
        "kernel=vmlinuz",
        "initramfs initrd.img followkernel",
        "[pi3]",
        "device_tree=bcm2837-rpi-cm3-io3.dtb",
        "[cm4]",
        "device_tree=bcm2711-rpi-cm4-io.dtb",
        "[all]",
    ]


def test_raspberry_pi_os_takes_its_own_display_driver_and_the_cm4s_usb() -> None:
    text = config_text(OPTIONS["raspios"], "slot-a").decode()
    assert "upstream_kernel" not in text
    assert "dtoverlay=vc4-kms-v3d\n" in text
    assert "[cm4]\ndevice_tree=bcm2711-rpi-cm4.dtb\notg_mode=1\n[all]\n" in text


@pytest.mark.parametrize("name", ["raspios"], indirect=True)
def test_overlays_come_from_the_slot(site: Path) -> None:
    choice = firmware.choose(BootFolder(make(site)), firmware.MODELS["cm4"])
    assert choice.overlays == ("slot-a/overlays/vc4-kms-v3d.dtbo",)


@pytest.mark.parametrize("name", ["raspios"], indirect=True)
@pytest.mark.parametrize("lost", ["README", "vc4-kms-v3d.dtbo"])
def test_a_kernel_without_its_overlays_is_refused(site: Path, lost: str) -> None:
    (site / f"configure/tree/usr/lib/linux-image-{VERSION}/overlays" / lost).unlink()
    with pytest.raises(BuildError, match=lost):
        make(site)


def test_a_kernel_without_the_emulators_drivers_or_crc32c_apart_still_starts(
    site: Path, name: str
) -> None:
    modules = site / f"configure/tree/usr/lib/modules/{VERSION}"
    apart = ("virtio_blk", "virtio_mmio", *BASES[name].modules_if_any)
    listed = (modules / "modules.dep").read_text().splitlines()
    kept = [line for line in listed if not any(one in line for one in apart)]
    (modules / "modules.dep").write_text("\n".join(kept) + "\n")
    assert firmware.choose(BootFolder(make(site)), firmware.MODELS["cm3"]).initramfs


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


def test_boards_that_would_take_another_slot_are_refused(site: Path, name: str) -> None:
    boot = make(site)
    (boot / "vmlinuz").write_bytes(b"")
    (boot / "initrd.img").write_bytes(b"")
    for board in BOARDS:
        (boot / device_tree(board, name)).write_bytes(b"")
    if BASES[name].overlays:
        (boot / "slot-a/overlays").rename(boot / "overlays")
    (boot / "slot-a/vmlinuz").unlink()
    with pytest.raises(BuildError, match="not take slot A"):
        bootfiles.check(boot, BOARDS)


def test_the_result_can_be_read_by_everybody(site: Path) -> None:
    for path in make(site).rglob("*"):
        assert path.stat().st_mode & 0o444 == 0o444
