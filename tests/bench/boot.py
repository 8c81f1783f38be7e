"""Time from power-on to the till's first answer, against the login of the bare root."""

import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from imagebuilder import emulator, emulator_disk
from imagebuilder.boot import free_port
from imagebuilder.emulator import Machine, Network
from tests.bench import artefacts, build
from tests.bench.bare import BareMachine, prepare
from tests.bench.figures import Figure, NotMeasurable, Ratio

AIM = 1.5
BOARD = "cm4"
TILL_PORT = 8080
BOOT_S_MAX = 600
ASK_EVERY_S = 0.2


def measure(long: bool) -> list[Figure]:
    """Start the bare root and the terminal twice each: new, and as on any later day."""
    del long
    artefacts.manifest()
    image = artefacts.DIST / f"{artefacts.NAME}.img.zst"
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        bare = prepare(image, build.result("rootfs") / "tree", Path(folder) / "bare")
        card = folder_with_card(image, Path(folder) / "till")
        return [
            Ratio("first start of a new terminal", answer_s(card), login_s(bare), "s", AIM),
            Ratio("a later start", answer_s(card), login_s(bare), "s", AIM),
            f"  {BOARD} in QEMU without acceleration; control: login of the bare root",
        ]


def folder_with_card(image: Path, folder: Path) -> Path:
    """Return a folder with a terminal's disk as it comes from flashing."""
    folder.mkdir()
    emulator_disk.card(image, folder / "disk.img")
    return folder


def login_s(folder: Path) -> float:
    """Return seconds from power-on to the login prompt on the serial console."""
    (folder / "serial.log").unlink(missing_ok=True)
    machine = BareMachine(board=BOARD, disk=folder / "disk.img", folder=folder)
    return _seconds(machine, lambda: "login:" in _said(machine))


def answer_s(folder: Path) -> float:
    """Return seconds from power-on to the till's first answer over HTTP."""
    port = free_port(TILL_PORT)
    network = Network(forwards={port: TILL_PORT}, offline=True)
    machine = Machine(board=BOARD, disk=folder / "disk.img", folder=folder, network=network)
    return _seconds(machine, lambda: _answers(port))


def _seconds(machine: Machine, done: Callable[[], bool]) -> float:
    start = time.monotonic()
    process = machine.start()
    try:
        while not done():
            passed = time.monotonic() - start
            if process.poll() is not None or passed > BOOT_S_MAX:
                raise NotMeasurable(f"{machine.board}, {passed:.0f} s: {_said(machine)[-300:]!r}")
            time.sleep(ASK_EVERY_S)
        return time.monotonic() - start
    finally:
        emulator.stop(process)


def _said(machine: Machine) -> str:
    log = machine.serial_log
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return True
    except OSError:
        return False
