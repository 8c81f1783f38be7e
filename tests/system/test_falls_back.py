"""A slot that does not start gives up by itself: the board restarts, in the slot that worked."""

import subprocess
import time
from pathlib import Path

import pytest

from imagebuilder import disk, emulator, emulator_disk, firmware
from imagebuilder.bootpartition import BootImage
from imagebuilder.emulator import Machine
from imagebuilder.stages.assemble import place
from tests.system.updates import Press

pytestmark = pytest.mark.system

GIVES_UP_S_MAX = 900
FILES = ("vmlinuz", "initrd.img", "bcm2711-rpi-cm4-io.dtb", "bcm2837-rpi-cm3-io3.dtb")


def fill_slot_b(card: Path) -> None:
    """Put slot A's kernel into slot B, whose root stays empty."""
    drive = f"{card}@@{disk.partition('boot').start}"
    for name in FILES:
        source, target = f"::/slot-a/{name}", f"::/slot-b/{name}"
        data = subprocess.run(["mtype", "-i", drive, source], check=True, capture_output=True)
        subprocess.run(["mcopy", "-i", drive, "-", target], check=True, input=data.stdout)


def said_on_trial(machine: Machine) -> str:
    """Boot what tryboot.txt names until it gives up by itself; return what its console said."""
    process = machine.start(tryboot=True)
    try:
        begin = time.monotonic()
        while process.poll() is None and time.monotonic() - begin < GIVES_UP_S_MAX:
            time.sleep(1)
        said = machine.serial_log.read_text(errors="replace")
        assert process.poll() == 0, f"it did not restart: {said[-2000:]}"
    finally:
        if process.poll() is None:
            emulator.stop(process)
    assert not machine.tryboot_asked()
    return said


def boots_next(card: Path) -> str:
    """Return the slot that the firmware would take from this disk, with no trial asked for."""
    boot = BootImage(card, disk.partition("boot").start)
    return firmware.choose(boot, firmware.MODELS["cm4"]).prefix


@pytest.mark.parametrize("board", emulator.board_names())
def test_a_trial_boot_without_a_root_ends_in_a_restart(
    image: Path, tmp_path: Path, board: str
) -> None:
    card = emulator_disk.card(image, tmp_path / "disk.img")
    fill_slot_b(card)
    said = said_on_trial(Machine(board=board, disk=card, folder=tmp_path))
    assert "does not mount as erofs; rebooting" in said
    assert boots_next(card) == "slot-a/"


def test_a_trial_whose_kernel_panics_ends_in_a_restart(image: Path, tmp_path: Path) -> None:
    card = emulator_disk.card(image, tmp_path / "disk.img")
    fill_slot_b(card)
    press = Press(image, tmp_path, "1.0")
    place(press.bare_root(), card, disk.partition("root-b"))
    said = said_on_trial(Machine(board="cm4", disk=card, folder=tmp_path))
    assert "Attempted to kill init" in said
    assert boots_next(card) == "slot-a/"
