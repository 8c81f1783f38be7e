"""Raspberry Pi's rpiboot: found, checked for what we need of it, and run for one USB port."""

import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.errors import BuildError
from imagebuilder.flashing.unit import Stopped

GADGET = "mass-storage-gadget64"
TIMEOUT_S = 180
LOOK_S = 0.2
STEPS = f"""do this once, then give --rpiboot-path usbboot/rpiboot:
  sudo apt install git make gcc pkg-config libusb-1.0-0-dev
  git clone --depth=1 --recurse-submodules --shallow-submodules https://github.com/raspberrypi/usbboot
  make -C usbboot
It must hold the folder {GADGET}, and know -p and -j."""
JUMPER = "fit the jumper nRPIBOOT / EMMC_DISABLE, then take the module out and put it in again"


@dataclass(frozen=True)
class Rpiboot:
    """The program and the folders of firmware that it came with."""

    program: Path
    share: Path
    stop: threading.Event
    timeout_s: float = TIMEOUT_S

    @property
    def gadget(self) -> Path:
        """The firmware that lends a module's eMMC as a disk."""
        return self.share / GADGET

    def run(self, folder: Path, port: str, metadata: Path | None = None) -> str:
        """Load a folder's firmware into the module at a USB port; return what was printed."""
        argv: list[str | Path] = [self.program, "-d", folder, "-p", port]
        if metadata:
            argv += ["-j", metadata]
        with subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            output = self._until_ended(process, port)
        if process.returncode:
            last = output.strip().rpartition("\n")[2]
            raise BuildError(f"rpiboot failed: {last}", where=f"USB {port}", hint=JUMPER)
        return output

    def _until_ended(self, process: subprocess.Popen[bytes], port: str) -> str:
        deadline = time.monotonic() + self.timeout_s
        while True:
            try:
                return process.communicate(timeout=LOOK_S)[0].decode(errors="replace")
            except subprocess.TimeoutExpired:
                if self.stop.is_set():
                    process.kill()
                    raise Stopped from None
                if time.monotonic() > deadline:
                    process.kill()
                    raise BuildError(
                        f"no answer in {self.timeout_s:.0f} s", where=f"USB {port}", hint=JUMPER
                    ) from None


def find(given: Path | None, stop: threading.Event) -> Rpiboot:
    """Return the rpiboot to use; BuildError with the exact steps if there is none that will do."""
    named = str(given) if given else shutil.which("rpiboot")
    if not named or not Path(named).is_file():
        raise BuildError("rpiboot is not here", where=str(given or "PATH"), hint=STEPS)
    program = Path(named).resolve()
    shares = (program.parent, program.parent.parent / "share/rpiboot")
    share = next((folder for folder in shares if _has_gadget(folder)), None)
    if share is None:
        raise BuildError(f"this rpiboot has no {GADGET}", where=str(program), hint=STEPS)
    if missing := [option for option in ("-p ", "-j ") if option not in _help(program)]:
        known = " and ".join(missing).strip()
        raise BuildError(f"this rpiboot does not know {known}", where=str(program), hint=STEPS)
    return Rpiboot(program, share, stop)


def _has_gadget(folder: Path) -> bool:
    return all((folder / GADGET / name).is_file() for name in ("bootfiles.bin", "boot.img"))


def _help(program: Path) -> str:
    try:
        return subprocess.run(
            [program, "-h"], check=False, capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise BuildError(f"rpiboot does not start: {error}", where=str(program), hint=STEPS
        ) from error  # fmt: skip
