"""A boot partition from which a terminal would not start as it must is seen."""

import subprocess
from pathlib import Path

import pytest

from tests.power.boot_states import ALWAYS, TRIAL, A, B, Files, Phase, Seen, allowed, judged
from tests.power.replay import Cut, State

CONFIG = "os_prefix={slot}/\nkernel=vmlinuz\ninitramfs initrd.img followkernel\ndevice_tree=d.dtb\n"
FIRMWARE = ("bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat")
SLOT = ("vmlinuz", "initrd.img", "d.dtb", "cmdline.txt")
ARMED = [Phase("boot", 0, 0, {ALWAYS: A}), Phase("arm", 10, 20, {TRIAL: B})]


@pytest.fixture
def partition(tmp_path: Path) -> Path:
    """Two slots, of which A starts and B can be tried."""
    folder = tmp_path / "boot"
    for slot in (A, B):
        (folder / slot).mkdir(parents=True)
        for name in SLOT:
            (folder / slot / name).write_text(f"{slot} {name}\n" * 100)
    for name in FIRMWARE:
        (folder / name).write_text(name)
    for name, slot in (("config.txt", A), ("tryboot.txt", B)):
        (folder / name).write_text(CONFIG.format(slot=slot))
    path = tmp_path / "boot.img"
    argv = ["mkfs.fat", "-F", "32", "-C", str(path), "65536"]
    subprocess.run(argv, check=True, capture_output=True)
    put(path, *folder.iterdir())
    return path


def put(partition: Path, *files: Path, into: str = "") -> None:
    subprocess.run(["mcopy", "-o", "-s", "-i", partition, *files, f"::/{into}"], check=True)


def faults(partition: Path, end: int, files: dict[str, Files]) -> list[str]:
    state = State(Cut(1, 1), end, partition)
    return judged([state], ARMED, files, mend_every=1).faults


@pytest.fixture
def whole(partition: Path) -> dict[str, Files]:
    seen = Seen(partition)
    return {slot: seen.of(slot) for slot in (A, B)}


def test_one_that_is_whole_has_no_fault(partition: Path, whole: dict[str, Files]) -> None:
    seen = Seen(partition)
    assert (seen.start(tryboot=False), seen.start(tryboot=True)) == (A, B)
    assert set(whole[A]) == {f"{A}/cmdline.txt", f"{A}/d.dtb"}
    assert faults(partition, 30, whole) == []


@pytest.mark.parametrize("text", ["", "\0" * 512, CONFIG.format(slot=B)])
def test_a_config_that_is_lost_or_names_another_slot_is_seen(
    partition: Path, whole: dict[str, Files], tmp_path: Path, text: str
) -> None:
    (tmp_path / "config.txt").write_text(text)
    put(partition, tmp_path / "config.txt")
    assert len(faults(partition, 30, whole)) == 1


def test_a_slot_that_lacks_a_file_may_not_be_the_one_to_try(
    partition: Path, whole: dict[str, Files]
) -> None:
    subprocess.run(["mdel", "-i", partition, f"::/{B}/vmlinuz"], check=True)
    assert faults(partition, 5, whole) == []
    assert "tries nothing" in faults(partition, 10, whole)[0]


def test_a_slot_with_another_file_is_not_whole(
    partition: Path, whole: dict[str, Files], tmp_path: Path
) -> None:
    (tmp_path / "initrd.img").write_text("half")
    put(partition, tmp_path / "initrd.img", into=B)
    assert "not whole" in faults(partition, 30, whole)[0]


def test_a_changed_file_and_a_file_system_that_is_gone_are_seen(
    partition: Path, whole: dict[str, Files]
) -> None:
    data = partition.read_bytes()
    at = data.index(f"{A} d.dtb".encode())
    with partition.open("r+b") as file:
        file.seek(at)
        file.write(b"x")
    assert "not whole" in faults(partition, 30, whole)[0]
    partition.write_bytes(data[:512] + bytes(len(data) - 512))
    assert faults(partition, 30, whole) != []


def test_while_a_step_goes_on_its_end_may_be_there_or_not() -> None:
    phases = [*ARMED, Phase("keep", 30, 40, {ALWAYS: B, TRIAL: A})]
    assert [allowed(phases, ALWAYS, end) for end in (0, 29, 30, 39, 40)] == [
        {A}, {A}, {A, B}, {A, B}, {B},
    ]  # fmt: skip
    assert [allowed(phases, TRIAL, end) for end in (9, 10, 25, 35, 45)] == [
        set(), {B}, {B}, {A, B}, {A},
    ]  # fmt: skip
