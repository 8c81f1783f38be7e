"""A tray of disks that are no disks: sysfs, procfs and block files in a folder, really written.

A disk can be pulled out in the middle, refuse to be written from some byte on, or keep something
else than what it was given.
"""

import errno
import os
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.medium import FileMedium

MIB = 1 << 20


@dataclass
class Fault:
    """What goes wrong with a disk, once so many of its bytes are written."""

    after: int = 0
    unplugs: bool = False
    fails: bool = False
    flips: bool = False
    wait: threading.Event | None = None  # goes on when this is set


class TrayMedium(FileMedium):
    """A real file that behaves as the disk of its tray does."""

    def __init__(self, tray: "Tray", path: Path, fault: Fault) -> None:
        super().__init__(path, disk=True, size=0)
        self._tray, self._name, self._fault = tray, path.name, fault
        self._sequence = tray.sequence(path.name)
        self._written = 0

    def write(self, position: int, piece: bytes) -> None:
        self._here()
        if self._written >= self._fault.after:
            if self._fault.wait:
                self._fault.wait.wait(10)
            if self._fault.unplugs:
                self._tray.unplug(self._name)
            if self._fault.fails:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            if self._fault.flips and position:
                piece = bytes([piece[0] ^ 1]) + piece[1:]
        self._here()
        super().write(position, piece)
        self._written += len(piece)

    def read(self, position: int, size: int) -> bytes:
        self._here()
        return super().read(position, size)

    def settle(self) -> None:
        self._here()
        super().settle()

    def _here(self) -> None:
        if self._tray.sequence(self._name) != self._sequence:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


@dataclass(frozen=True)
class TrayKernel(Kernel):
    """Opens the tray's disks."""

    tray: "Tray" = field(kw_only=True)

    def block(self, path: Path) -> Path:
        return (self.sys / "block" / path.name).resolve()

    def open_disk(self, path: Path) -> TrayMedium:
        return self.tray.opened(path)


class Tray:
    """Ports 1-1.1, 1-1.2, … with disks in them."""

    def __init__(self, folder: Path, size: int = 8 * MIB) -> None:
        self._folder, self._size = folder, size
        self._lock = threading.RLock()
        self._count = 0
        self._names: dict[str, str] = {}  # port -> sdX
        self.faults: dict[str, Fault] = {}  # by serial
        self.writes: list[str] = []  # serial of each disk that was opened for writing
        for name in ("sys/block", "sys/bus/usb/devices", "dev", "proc/self"):
            (folder / name).mkdir(parents=True)
        self.mounted("20 1 0:5 / /proc rw - proc proc rw")
        (folder / "proc/swaps").write_text("Filename Type Size Used Priority\n")
        places = [folder / name for name in ("sys", "proc", "dev")]
        self.kernel = TrayKernel(*places, tray=self)

    def mounted(self, line: str) -> None:
        (self._folder / "proc/self/mountinfo").write_text(line + "\n")

    def plug(self, port: str, serial: str, vendor: str = "1234", size: int = 0) -> Path:
        """Put a disk in; returns where it can be written."""
        with self._lock:
            name = self._free()
            self._count += 1
            self._names[port] = name
            usb = self._folder / "sys/devices/usb1" / port
            block = usb / f"{port}:1.0/host0/0:0:0:0/block" / name
            block.mkdir(parents=True)
            bytes_there = size or self._size
            for path, text in {
                usb / "idVendor": vendor,
                usb / "serial": serial,
                block.parent.parent / "model": "mmcblk0",
                block / "size": str(bytes_there // 512),
                block / "dev": f"8:{16 * self._count}",
                block / "ro": "0",
                block / "diskseq": str(self._count),
            }.items():
                path.write_text(text + "\n")
            (block / "device").symlink_to("../..")
            with (self.kernel.dev / name).open("wb") as file:
                file.truncate(bytes_there)
            (self.kernel.sys / "block" / name).symlink_to(block)
            (self.kernel.sys / "bus/usb/devices" / port).symlink_to(usb)
            return self.kernel.dev / name

    def load(self, port: str, product: str) -> None:
        """Put a module in that waits in its USB loader."""
        with self._lock:
            self._count += 1
            usb = self._folder / "sys/devices/usb1" / port
            usb.mkdir(parents=True)
            named = {"idVendor": "0a5c", "idProduct": product, "devnum": str(self._count)}
            for name, text in named.items():
                (usb / name).write_text(text + "\n")
            (self.kernel.sys / "bus/usb/devices" / port).symlink_to(usb)

    def unload(self, port: str) -> None:
        """Take a module out of its loader: it starts, or is pulled out."""
        with self._lock:
            (self.kernel.sys / "bus/usb/devices" / port).unlink()
            shutil.rmtree(self._folder / "sys/devices/usb1" / port)

    def unplug(self, name: str) -> bytes:
        """Pull a disk out; returns what it holds."""
        with self._lock:
            link = self.kernel.sys / "block" / name
            if not link.is_symlink():
                return b""
            block = link.resolve()
            link.unlink()
            usb = next(up for up in block.parents if (up / "idVendor").exists())
            (self.kernel.sys / "bus/usb/devices" / usb.name).unlink()
            shutil.rmtree(usb)
            content = (self.kernel.dev / name).read_bytes()
            (self.kernel.dev / name).unlink()
            self._names = {port: there for port, there in self._names.items() if there != name}
            return content

    def empty(self, port: str) -> bytes:
        """Pull out what is in a port."""
        return self.unplug(self._names[port])

    def take(self, port: str) -> None:
        """Pull out what is in a port, if it has not come loose by itself."""
        if port in self._names:
            self.unplug(self._names[port])

    def sequence(self, name: str) -> str:
        path = self.kernel.sys / "block" / name / "diskseq"
        return path.read_text() if path.exists() else ""

    def opened(self, path: Path) -> TrayMedium:
        block = (self.kernel.sys / "block" / path.name).resolve()
        usb = next(up for up in block.parents if (up / "idVendor").exists())
        serial = (usb / "serial").read_text().strip()
        self.writes.append(serial)
        return TrayMedium(self, path, self.faults.get(serial, Fault(after=1 << 40)))

    def _free(self) -> str:
        used = set(self._names.values())
        return next(f"sd{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" if
                    f"sd{letter}" not in used)  # fmt: skip
