import subprocess
from pathlib import Path

import pytest

from imagebuilder import disk, emulator
from imagebuilder.emulator import Display, Machine, Network
from imagebuilder.errors import BuildError
from tests.image.test_devicetree import flattened

FIRMWARE = ("bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat")
CONFIG = "os_prefix={slot}/\nkernel=k\ninitramfs i followkernel\ndevice_tree=d\n"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A disk whose boot partition holds two slots that differ in every file."""
    boot = tmp_path / "boot"
    for slot in ("slot-a", "slot-b"):
        (boot / slot).mkdir(parents=True)
        for name in ("k", "i", "cmdline.txt"):
            (boot / slot / name).write_text(f"{slot} {name}\n")
        (boot / slot / "d").write_bytes(flattened(slot))
    for name in FIRMWARE:
        (boot / name).touch()
    (boot / "config.txt").write_text(CONFIG.format(slot="slot-a"))
    (boot / "tryboot.txt").write_text(CONFIG.format(slot="slot-b"))
    image, part = tmp_path / "disk.img", disk.partition("boot")
    with image.open("wb") as file:
        file.truncate(disk.SIZE)
    identity = disk.Identity(b"seed")
    script = disk.sfdisk_script(identity)
    subprocess.run(["/sbin/sfdisk", "-q", str(image)], input=script, text=True, check=True)
    offset, size = str(part.start // 512), str(part.size // 1024)
    fat = ["/sbin/mkfs.vfat", "-F32", "--offset", offset, str(image), size]
    subprocess.run(fat, check=True, capture_output=True)
    files = [str(path) for path in boot.iterdir()]
    subprocess.run(["mcopy", "-s", "-i", f"{image}@@{part.start}", *files, "::/"], check=True)
    return image


def machine(card: Path, board: str = "cm4", **changes: object) -> Machine:
    return Machine(board=board, disk=card, folder=card.parent, **changes)  # type: ignore[arg-type]  # named by Machine


def read(tree: Path, node: str, name: str) -> str:
    """Ask the format's own reader."""
    argv = ["fdtget", str(tree), node, name]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


def after(argv: list[str], option: str) -> str:
    return argv[argv.index(option) + 1]


def test_a_disk_that_is_served_is_opened_there_and_its_boot_files_come_from_the_file(
    card: Path,
) -> None:
    argv = machine(card, served_at="nbd+unix:///?socket=/run/disk").command()
    assert after(argv, "-drive").split(",")[2] == "file=nbd+unix:///?socket=/run/disk"
    assert Path(after(argv, "-kernel")).read_text() == "slot-a k\n"


def test_a_disk_whose_power_is_gone_stops_the_board(card: Path) -> None:
    stops = ",werror=stop,rerror=stop"
    served = machine(card, served_at="nbd+unix:///?socket=/run/disk").command()
    assert after(served, "-drive").endswith(stops)
    assert stops not in after(machine(card).command(), "-drive")


def test_every_write_of_a_disk_is_noted_where_that_is_asked_for(card: Path) -> None:
    drive = after(machine(card, recording=Path("/run/writes")).command(), "-drive")
    assert f"driver=blklogwrites,file.driver=file,file.filename={card}" in drive
    assert "log.filename=/run/writes" in drive


@pytest.mark.parametrize(("tryboot", "slot"), [(False, "slot-a"), (True, "slot-b")])
def test_qemu_gets_the_files_that_the_firmware_would_choose(
    card: Path, tryboot: bool, slot: str
) -> None:
    argv = machine(card, "cm3").command(tryboot=tryboot)
    for option, name in (("-kernel", "k"), ("-initrd", "i")):
        assert Path(after(argv, option)).read_text() == f"{slot} {name}\n"
    tree = Path(after(argv, "-dtb"))
    assert read(tree, "/", "model") == slot
    assert read(tree, "/chosen/bootloader", "tryboot") == str(int(tryboot))
    line = f"{slot} cmdline.txt console=ttyAMA0,115200 systemd.watchdog_sec=0 "
    assert after(argv, "-append").startswith(line)


def test_more_words_come_last_on_the_kernels_command_line(card: Path) -> None:
    argv = machine(card, arguments="init=/usr/bin/sh").command()
    assert after(argv, "-append").endswith(" init=/usr/bin/sh")


def test_a_cm3_is_raspi3b_with_sd_card_and_usb_network(card: Path) -> None:
    argv = machine(card, "cm3").command()
    assert after(argv, "-machine") == "raspi3b"
    assert after(argv, "-drive").startswith("if=sd,")
    assert "usb-net,netdev=net" in argv


def test_a_cm4_is_told_of_a_trial_in_that_device_tree(card: Path) -> None:
    for tryboot in (True, False):
        tree = Path(after(machine(card, "cm4").command(tryboot=tryboot), "-dtb"))
        assert read(tree, "/chosen/bootloader", "tryboot") == str(int(tryboot))


def test_boot_files_with_a_damaged_device_tree_are_refused(card: Path) -> None:
    drive = f"{card}@@{disk.partition('boot').start}"
    put = ["mcopy", "-o", "-i", drive, "-", "::/slot-a/d"]
    subprocess.run(put, input=b"no tree", check=True)
    with pytest.raises(BuildError, match="no device tree"):
        machine(card, "cm3").command()


def test_a_cm4_is_virt_with_its_own_device_tree(card: Path) -> None:
    argv = machine(card, "cm4").command()
    assert after(argv, "-machine") == "virt"
    assert read(Path(after(argv, "-dtb")), "/", "model") == "linux,dummy-virt"
    assert "virtio-blk-pci,drive=disk" in argv


def test_offline_leaves_only_the_named_ways() -> None:
    network = Network({8080: 80}, offline=True, services={"10.0.2.100:1883": "relay"})
    assert network.options() == (
        "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:8080-:80,"
        "guestfwd=tcp:10.0.2.100:1883-cmd:relay"
    )


def test_a_display_has_an_absolute_pointer(card: Path) -> None:
    argv = machine(card, display=Display(800, 480)).command()
    assert "virtio-gpu-pci,xres=800,yres=480" in argv
    assert "virtio-tablet-pci" in argv


def test_a_board_without_a_screen_in_qemu_says_so(card: Path) -> None:
    with pytest.raises(BuildError, match="cm3 has no screen"):
        machine(card, "cm3", display=Display()).command()


def test_a_steady_guest_counts_its_time_in_instructions(card: Path) -> None:
    assert "-icount" in machine(card, steady=True).command()
    assert "-icount" not in machine(card).command()


def test_an_image_that_a_board_would_not_boot_is_refused(card: Path) -> None:
    drive = f"{card}@@{disk.partition('boot').start}"
    subprocess.run(["mdel", "-i", drive, "::/bootcode.bin"], check=True)
    with pytest.raises(BuildError, match="cm3 would not boot"):
        machine(card, "cm3").command()


def test_a_file_that_is_no_disk_is_refused(tmp_path: Path) -> None:
    card = tmp_path / "disk.img"
    card.write_bytes(bytes(1024))
    with pytest.raises(BuildError, match="no MBR"):
        machine(card).command()


@pytest.mark.parametrize(
    ("said", "asked"),
    [("unimplemented property tag 0x00038064", True), ("tag 0x00030048", False), ("", False)],
)
def test_the_tryboot_flag_is_taken_from_what_qemu_logged(
    card: Path, said: str, asked: bool
) -> None:
    one = machine(card)
    assert not one.tryboot_asked()
    one.firmware_log.write_text(said)
    assert one.tryboot_asked() is asked


def test_there_are_two_boards() -> None:
    assert emulator.board_names() == ["cm3", "cm4"]
