"""A made-up sysfs and procfs stand in for disks: no test touches a real one."""

from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flash_target import Kernel, check, check_disk

GB4 = 4_000_000_000
TARGET = Path("/dev/sdx")


class Machine:
    """A computer with one disk, sdx, of 4 GB with one partition."""

    def __init__(self, folder: Path) -> None:
        self.kernel = Kernel(folder / "sys", folder / "proc")
        self.block = folder / "sys/block/sdx"
        self._proc = folder / "proc"
        self.write("dev", "8:0\n")
        self.write("ro", "0\n")
        self.write("size", f"{GB4 // 512}\n")
        self.write("device/model", "Card Reader  \n")
        self.write("sdx1/dev", "8:1\n")
        self.write("sdx1/partition", "1\n")
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

    def check(self, size: int = GB4 - 512) -> str:
        return check_disk(self.block, TARGET, size, self.kernel)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_free_disk_is_described_for_the_person_to_confirm(machine: Machine) -> None:
    assert machine.check() == "Card Reader, 4.0 GB"


@pytest.mark.parametrize(("number", "part"), [("8:1", "sdx1"), ("8:0", "sdx")])
def test_a_mounted_disk_is_refused(machine: Machine, number: str, part: str) -> None:
    machine.mounted(f"30 1 {number} / /media/stick rw - ext4 /dev/x rw")
    with pytest.raises(BuildError, match=f"{part} is mounted on /media/stick"):
        machine.check()


def test_the_disk_that_this_computer_runs_from_is_refused(machine: Machine) -> None:
    machine.mounted("30 1 8:1 / / rw - ext4 /dev/sdx1 rw")
    with pytest.raises(BuildError, match="this computer runs from it"):
        machine.check()


def test_a_disk_in_use_as_swap_is_refused(machine: Machine) -> None:
    machine.swaps("/dev/sdx1 partition 1 0 -2\n")
    with pytest.raises(BuildError, match="swap"):
        machine.check()


def test_a_disk_under_raid_or_encryption_is_refused(machine: Machine) -> None:
    machine.write("sdx1/holders/dm-0", "")
    with pytest.raises(BuildError, match="in use by dm-0"):
        machine.check()


def test_a_partition_is_refused_and_the_whole_disk_named(machine: Machine) -> None:
    with pytest.raises(BuildError, match="name the whole disk: /dev/sdx"):
        check_disk(machine.block / "sdx1", Path("/dev/sdx1"), 1, machine.kernel)


def test_a_disk_too_small_is_refused(machine: Machine) -> None:
    with pytest.raises(BuildError, match="the disk has 3814 MiB, the image 3815 MiB"):
        machine.check(3815 << 20)


def test_a_write_protected_disk_is_refused(machine: Machine) -> None:
    machine.write("ro", "1\n")
    with pytest.raises(BuildError, match="write-protected"):
        machine.check()


def test_a_file_may_be_new_or_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "card.img"
    assert check(file, 1) == "a new file"
    file.touch()
    assert check(file, 1) == "a file, to be overwritten"


@pytest.mark.parametrize("target", ["/dev/null", "/dev/nosuch", "/nosuch/card.img", "/"])
def test_what_is_neither_file_nor_disk_is_refused(target: str) -> None:
    with pytest.raises(BuildError, match="no "):
        check(Path(target), 1)
