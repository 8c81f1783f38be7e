"""image/boot: starts an image as a terminal in QEMU, so that a person can sell on it.

    image/boot                      the newest image in dist/, as a CM4
    image/boot --board cm3 IMAGE    as a CM3, from this image
    image/boot --display            with a screen: the kiosk
    image/boot --console            the serial console here (Ctrl-A X ends it)

The image is never written: the terminal runs from a copy, which `--keep` keeps for the next time.
"""

import argparse
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from imagebuilder import emulator, emulator_disk
from imagebuilder.emulator import Display, Machine, Network
from imagebuilder.errors import BuildError

TILL_PORT = 8080
ASK_EVERY_S = 2.0
say = Console(highlight=False, markup=False, soft_wrap=True).print
DIST = Path(__file__).parents[2] / "dist"


def main(arguments: Sequence[str]) -> int:
    """Boot until the guest is switched off or Ctrl-C."""
    options = _parser().parse_args(arguments)
    image = options.image or emulator_disk.newest(DIST)
    if not image.is_file():
        raise BuildError("there is no such image", where=str(image), hint="name a file, or none")
    with _folder(options.keep) as folder:
        card = folder / "disk.img"
        if not card.exists():
            say(f"copying {image}")
            emulator_disk.card(image, card)
        return _run(_machine(options, folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="image/boot",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("image", nargs="?", type=Path, metavar="IMAGE", help="*.img or *.img.zst")
    add("--board", choices=emulator.board_names(), default="cm4")
    add("--port", type=int, default=TILL_PORT, help="first port here to try for the till")
    add(
        "--display",
        nargs="?",
        const="vnc=127.0.0.1:0",
        metavar="QEMU",
        help="show the kiosk by VNC, or as QEMU's -display says (gtk, sdl)",
    )
    add("--console", action="store_true", help="the serial console in this terminal")
    add("--offline", action="store_true", help="no network outside but the till's port")
    add("--keep", type=Path, metavar="FOLDER", help="run from and keep the disk in this folder")
    return parser  # fmt: skip


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="comptoir-boot-", dir="/var/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _machine(options: argparse.Namespace, folder: Path) -> Machine:
    port = free_port(options.port)
    return Machine(
        board=options.board,
        disk=folder / "disk.img",
        folder=folder,
        network=Network(forwards={port: TILL_PORT}, offline=options.offline),
        display=Display(show=options.display) if options.display else None,
        console="stdio" if options.console else "socket",
    )


def _run(machine: Machine) -> int:
    tryboot = False
    while True:
        process = machine.start(tryboot=tryboot)
        try:
            _tell(machine, process)
            code = process.wait()
        finally:
            if process.poll() is None:
                emulator.stop(process)
        if code or not _rebooted(machine):
            return code
        tryboot = machine.tryboot_asked()
        say(f"the terminal restarts{' on trial' if tryboot else ''}")


def _tell(machine: Machine, process: "subprocess.Popen[bytes]") -> None:
    """Say where everything is, and when the till answers."""
    started = time.monotonic()
    address = f"http://127.0.0.1:{next(iter(machine.network.forwards))}"
    say(f"{machine.board} starts; console log: {machine.serial_log}")
    if machine.display and machine.display.show.startswith("vnc="):
        say("screen: vnc://127.0.0.1:5900")
    while process.poll() is None:
        if answers(f"{address}/healthz"):
            say(f"till: {address}  (after {time.monotonic() - started:.0f} s)")
            return
        time.sleep(ASK_EVERY_S)


def _rebooted(machine: Machine) -> bool:
    """Tell a restart from a switch-off by the kernel's last words."""
    tail = machine.serial_log.read_text(errors="replace")[-2000:]
    return "reboot: Restarting system" in tail


def answers(url: str) -> bool:
    """Tell whether somebody answers there."""
    try:
        with urllib.request.urlopen(url, timeout=ASK_EVERY_S * 2) as reply:  # noqa: S310  http only
            return int(reply.status) == 200
    except (OSError, urllib.error.URLError, ValueError):
        return False


def free_port(first: int) -> int:
    """Return the first port from `first` on which nothing listens here."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise BuildError(f"no free port from {first} to {first + 99}", where="--port", hint="name one")
