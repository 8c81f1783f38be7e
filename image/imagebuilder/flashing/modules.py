"""Modules in their USB loader: each new one gets its boot loader checked, then lends its eMMC."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.errors import BuildError
from imagebuilder.flashing.bars import Bars
from imagebuilder.flashing.disks import BROADCOM, Disk
from imagebuilder.flashing.eeprom import Eeprom, Verdict
from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.rpiboot import Rpiboot
from imagebuilder.flashing.unit import Stopped

CM3, CM4 = "2764", "2711"  # USB product of a BCM2837 and a BCM2711 in the loader
TRIES_MAX = 3
AT_ONCE = 8
DISK_S_MAX = 60.0  # the module boots a small Linux that finds its eMMC
NO_EEPROM = Verdict("", None)  # a CM3: its loader is on its eMMC, and comes with the image
NOT_READ = "its boot loader was not checked: put it in again with the jumper nRPIBOOT fitted"


@dataclass(frozen=True)
class Waiting:
    """A module that waits in its loader; `number` is another each time it appears."""

    port: str
    product: str
    number: str


def waiting(kernel: Kernel) -> list[Waiting]:
    """Return the modules in their loader, by port."""
    found = []
    for device in sorted((kernel.sys / "bus/usb/devices").glob("*")):
        try:
            vendor, product, number = (
                (device / name).read_text().strip() for name in ("idVendor", "idProduct", "devnum")
            )
        except OSError:  # an interface, or unplugged meanwhile
            continue
        if vendor == BROADCOM and product in {CM3, CM4}:
            found.append(Waiting(device.name, product, number))
    return found


class Modules:
    """Brings modules up, several at once, and gives the verdict on each."""

    def __init__(
        self, tool: Rpiboot, folder: Path, kernel: Kernel, bars: Bars, ports: Sequence[str] = ()
    ) -> None:
        self._tool, self._kernel, self._bars, self._ports = tool, kernel, bars, ports
        self._eeprom = Eeprom(tool, folder)
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE)
        self._lock = threading.Lock()
        self._working: dict[str, Future[None]] = {}  # by port
        self._tries: dict[str, int] = {}  # by port, since it was last empty
        self._verdicts: dict[str, Verdict] = {}  # by port
        self._seen: set[str] = set()  # ports whose disk was there
        self._raised: dict[str, float] = {}  # by port: since when its disk is awaited
        self.disk_s_max = DISK_S_MAX
        self.failed: set[str] = set()  # ports whose module came to nothing

    def look(self) -> None:
        """Bring up what newly waits; forget what was taken out."""
        for port, done in list(self._working.items()):
            if done.done():
                del self._working[port]
                done.result()
        self._miss()
        self._forget()
        for module in waiting(self._kernel):
            if self._ports and module.port not in self._ports:
                continue
            tries = self._tries.get(module.port, 0)
            busy = module.port in self._working or module.port in self._raised
            if busy or tries >= TRIES_MAX:
                continue
            self._tries[module.port] = tries + 1
            self._working[module.port] = self._pool.submit(self._bring_up, module)

    def verdict(self, disk: Disk) -> tuple[str, str]:
        """Return the version of a disk's boot loader, and why it is not good, if so."""
        with self._lock:
            verdict = self._verdicts.get(disk.usb)
            self._seen.add(disk.usb)
        if verdict is None or not disk.serial.endswith(verdict.serial):
            return "", NOT_READ
        with self._lock:
            self.failed.discard(disk.usb)
        return verdict.version, verdict.reason

    def close(self) -> None:
        """Return when nothing is brought up any more."""
        self._pool.shutdown(wait=True)

    def _bring_up(self, module: Waiting) -> None:
        port = module.port
        self._bars.note(f"USB {port}: a {'CM4' if module.product == CM4 else 'CM3'} is loaded")
        try:
            self._check(module)
            self._tool.run(self._tool.gadget, port)
        except BuildError as error:
            self._fail(port, f"{error.what}: {error.hint}")
        except OSError as error:
            self._fail(port, error.strerror or str(error))
        except Stopped:
            self._fail(port, "stopped before its eMMC was there")
        else:
            with self._lock:
                self._raised[port] = time.monotonic()

    def _check(self, module: Waiting) -> None:
        """Note the verdict on a module; BuildError if its boot loader is too old and stays so."""
        verdict = self._eeprom.settle(module.port) if module.product == CM4 else NO_EEPROM
        if verdict.reason:
            raise BuildError(verdict.reason, where=f"USB {module.port}", hint="put it aside")
        with self._lock:
            self._verdicts[module.port] = verdict
            self._seen.discard(module.port)

    def _fail(self, port: str, said: str) -> None:
        with self._lock:
            self._verdicts.pop(port, None)
            self.failed.add(port)
        self._bars.end(f"USB {port}", said, good=False)

    def _miss(self) -> None:
        """Say of a module that was loaded and lends no disk."""
        with self._lock:
            self._raised = {p: at for p, at in self._raised.items() if p not in self._seen}
            late = [p for p, at in self._raised.items() if time.monotonic() - at > self.disk_s_max]
        for port in late:
            del self._raised[port]
            self._fail(port, "no disk appeared: has this module an eMMC?")

    def _forget(self) -> None:
        """Drop what is known of a port that is empty again: the next module is another."""
        devices = self._kernel.sys / "bus/usb/devices"
        with self._lock:
            ports = self._seen | self.failed
            empty = {port for port in ports - self._working.keys() if not (devices / port).exists()}
            for port in empty:
                self._verdicts.pop(port, None)
                self._tries.pop(port, None)
            self._seen -= empty
