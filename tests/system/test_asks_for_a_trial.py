"""The kernel asks the firmware for a trial of the other slot: only what QEMU logs counts.

The whole image's kernel and root, with a shell in systemd's place: the module is loaded by the name
that udev would load it by, and systemd's own program restarts the board.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imagebuilder import emulator, emulator_disk
from imagebuilder.emulator import Machine
from tests.fakes.restaurant import until
from tests.system.console import Console

pytestmark = pytest.mark.system

SHELL_S_MAX = 600
ENDS_S_MAX = 120
FIRMWARE = "/sys/bus/platform/devices/soc:firmware/modalias"


@contextmanager
def shell(image: Path, folder: Path) -> Iterator[tuple[Machine, Console]]:
    """A CM3 whose first and only program is a shell on the serial console."""
    card = emulator_disk.card(image, folder / "disk.img")
    machine = Machine(board="cm3", disk=card, folder=folder, arguments="init=/usr/bin/sh")
    process = machine.start()
    console: Console | None = None
    try:
        until(machine.serial_socket.exists, SHELL_S_MAX, "QEMU's console", 0.2)
        console = Console(machine.serial_socket)
        console.log_in(SHELL_S_MAX)
        yield machine, console
        begin = time.monotonic()
        while process.poll() is None and time.monotonic() - begin < ENDS_S_MAX:
            time.sleep(0.2)
        assert process.poll() == 0, machine.serial_log.read_text(errors="replace")[-2000:]
    finally:
        if console is not None:
            console.close()
        if process.poll() is None:
            emulator.stop(process)


@pytest.mark.parametrize(
    ("request_", "asked"), [("0 tryboot", True), ("0 tryboot2", False)], ids=["trial", "plain"]
)
def test_only_a_restart_with_the_word_for_it_sets_the_firmwares_flag(
    image: Path, tmp_path: Path, request_: str, asked: bool
) -> None:
    with shell(image, tmp_path) as (machine, console):
        console.run("export PATH=/usr/sbin:/usr/bin")
        console.run(f"modprobe $(cat {FIRMWARE})", 120)
        assert "comptoir_tryboot" in console.run("cat /proc/modules")
        console.run("mount -t tmpfs run /run && mkdir /run/systemd")
        console.run(f"printf '%s' '{request_}' > /run/systemd/reboot-param")
        assert not machine.tryboot_asked()
        console.send("systemctl reboot --force --force\n")
    assert machine.tryboot_asked() is asked
