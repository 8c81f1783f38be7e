"""A made-up sysfs and procfs stand in for disks: no test touches a real one."""

from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing.disks import Disk, find, is_there, named, read
from imagebuilder.flashing.kernel import Kernel

GB4 = 4_000_000_000
TARGET = Path("/dev/sdx")


class Machine:
    """A computer with one disk, sdx, of 4 GB with one partition, on USB port 1-1.4."""

    def __init__(self, folder: Path) -> None:
        self.kernel = Kernel(folder / "sys", folder / "proc")
        self._usb = folder / "sys/devices/usb1/1-1.4"
        self.block = self._usb / "1-1.4:1.0/0:0:0:0/block/sdx"
        self._proc = folder / "proc"
        self.write("dev", "8:0\n")
        self.write("ro", "0\n")
        self.write("size", f"{GB4 // 512}\n")
        self.write("diskseq", "7\n")
        self.write("../../model", "Card Reader  \n")
        self.write("sdx1/dev", "8:1\n")
        self.write("sdx1/partition", "1\n")
        (self.block / "device").symlink_to("../..")
        for name, text in {"idVendor": "0a5c", "serial": "10000000b29d2da0"}.items():
            (self._usb / name).write_text(f"{text}\n")
        (folder / "sys/block").mkdir()
        (folder / "sys/block/sdx").symlink_to(self.block)
        self.mounted("20 1 0:5 / /proc rw - proc proc rw")
        self.swaps("")

    def write(self, name: str, text: str) -> None:
        path = self.block / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def mounted(self, line: str) -> None:
        path = self._proc / "self/mountinfo"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line + "\n")

    def swaps(self, line: str) -> None:
        (self._proc / "swaps").write_text(f"Filename Type Size Used Priority\n{line}")

    def read(self, size: int = GB4 - 512) -> Disk:
        return read(self.block, self.kernel, size)

    def refusal(self, size: int = GB4 - 512) -> str:
        return str(self.read(size).refusal)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "sys/devices/usb1/1-1.4/1-1.4:1.0/0:0:0:0/block/sdx").mkdir(parents=True)
    return Machine(tmp_path)


def test_a_free_disk_is_described_for_the_person_to_confirm(machine: Machine) -> None:
    assert machine.read().described == "Card Reader, 4.0 GB, serial 10000000b29d2da0"
    assert machine.read().refusal is None


def test_a_disk_is_known_by_its_usb_port_and_serial(machine: Machine) -> None:
    (disk,) = find(machine.kernel)
    assert (disk.usb, disk.serial, disk.is_module) == ("1-1.4", "10000000b29d2da0", True)


def test_another_disk_of_the_same_name_is_not_the_one_that_was_looked_at(machine: Machine) -> None:
    disk = machine.read()
    assert is_there(disk, machine.kernel)
    machine.write("diskseq", "8\n")
    assert not is_there(disk, machine.kernel)


@pytest.mark.parametrize(
    "name", ["loop0", "ram1", "zram0", "dm-0", "md127", "sr0", "mmcblk0boot0", "mmcblk0rpmb"]
)
def test_what_is_no_card_is_not_listed(machine: Machine, name: str) -> None:
    (machine.kernel.sys / "block" / name).mkdir()
    assert [disk.name for disk in find(machine.kernel)] == ["sdx"]


def test_an_empty_card_reader_is_not_listed(machine: Machine) -> None:
    machine.write("size", "0\n")
    assert find(machine.kernel) == []


@pytest.mark.parametrize(("number", "part"), [("8:1", "sdx1"), ("8:0", "sdx")])
def test_a_mounted_disk_is_refused(machine: Machine, number: str, part: str) -> None:
    machine.mounted(f"30 1 {number} / /media/stick rw - ext4 /dev/x rw")
    assert f"{part} is mounted on /media/stick" in machine.refusal()


def test_the_disk_that_this_computer_runs_from_is_refused(machine: Machine) -> None:
    machine.mounted("30 1 8:1 / / rw - ext4 /dev/sdx1 rw")
    assert "this computer runs from it" in machine.refusal()


def test_a_btrfs_root_has_a_number_of_its_own_and_is_refused_all_the_same(machine: Machine) -> None:
    machine.mounted("30 1 0:27 /@ / rw shared:1 - btrfs /dev/sdx1 rw")
    assert "this computer runs from it" in machine.refusal()


def test_a_disk_in_use_as_swap_is_refused(machine: Machine) -> None:
    machine.swaps("/dev/sdx1 partition 1 0 -2\n")
    assert "swap" in machine.refusal()


def test_a_disk_under_raid_or_encryption_is_refused(machine: Machine) -> None:
    machine.write("sdx1/holders/dm-0", "")
    assert "in use by dm-0" in machine.refusal()


def test_a_partition_is_refused_and_the_whole_disk_named(machine: Machine) -> None:
    class OnePartition(Kernel):
        def block(self, path: Path) -> Path:
            return machine.block / path.name

    with pytest.raises(BuildError, match="name the whole disk: /dev/sdx"):
        named(Path("/dev/sdx1"), OnePartition(), 1)


def test_a_disk_too_small_is_refused(machine: Machine) -> None:
    assert "the disk has 3814 MiB, the image 3815 MiB" in machine.refusal(3815 << 20)


def test_a_write_protected_disk_is_refused(machine: Machine) -> None:
    machine.write("ro", "1\n")
    assert "write-protected" in machine.refusal()
