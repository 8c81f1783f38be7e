"""Boots an image in QEMU with the files that a board's firmware would take from it.

Kernel, initramfs, device tree and command line come from the boot partition of the emulated disk,
chosen by the rules in `firmware`. What differs from a board: the serial console is added to the
command line, and a CM4 is QEMU's `virt` machine, with its own device tree and virtio devices.
As the firmware does, the device tree is told whether this start is a trial.
"""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from imagebuilder import devicetree, disk, firmware
from imagebuilder.bootpartition import BootImage
from imagebuilder.errors import BuildError

QEMU = "qemu-system-aarch64"
BOARDS = Path(__file__).parents[1] / "boards"
# The property tag with which the kernel asks the firmware to try the other slot, as QEMU logs it.
TRYBOOT_TAG = "0x00038064"
STOP_GRACE_S = 10
INSTRUCTION_NS_LOG2 = 1  # 2 ns each: a Compute Module is about as fast
TOUCH_DEVICE = "virtio-multitouch-pci"


@dataclass(frozen=True)
class Display:
    """A screen of the emulated terminal, with pointer and, where QEMU has it, touch.

    QEMU shears a picture whose width is no multiple of 8.
    """

    width: int = 1280
    height: int = 800
    show: str = "none"


@dataclass(frozen=True)
class Network:
    """User-mode network: host ports led into the guest, and what the guest reaches outside."""

    forwards: Mapping[int, int] = field(default_factory=dict)  # host port -> guest port
    offline: bool = False
    services: Mapping[str, str] = field(default_factory=dict)  # "10.0.2.100:8883" -> command

    def options(self) -> str:
        """Return the value of QEMU's -netdev."""
        parts = ["user,id=net", f"restrict={'on' if self.offline else 'off'}"]
        parts += [f"hostfwd=tcp:127.0.0.1:{h}-:{g}" for h, g in self.forwards.items()]
        parts += [f"guestfwd=tcp:{a}-cmd:{command}" for a, command in self.services.items()]
        return ",".join(parts)


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One emulated terminal: a board, its disk and the folder of its sockets and logs."""

    board: str
    disk: Path
    folder: Path
    network: Network = field(default_factory=Network)
    display: Display | None = None
    console: str = "socket"
    arguments: str = ""  # more words on the kernel's command line
    served_at: str = ""  # where QEMU opens the disk, if not as a file: an address of NBD
    recording: Path | None = None  # where QEMU notes every write and flush of the disk
    # the guest's clock counts its instructions: on a busy computer it runs into no time-out
    steady: bool = False

    @property
    def serial_log(self) -> Path:
        """All that the serial console said."""
        return self.folder / "serial.log"

    @property
    def serial_socket(self) -> Path:
        """The serial console, to be talked to."""
        return self.folder / "serial.sock"

    @property
    def monitor(self) -> Path:
        """QEMU's control socket (QMP)."""
        return self.folder / "qmp.sock"

    @property
    def firmware_log(self) -> Path:
        """What QEMU did not emulate: the requests to the firmware are among it."""
        return self.folder / "unimplemented.log"

    def tryboot_asked(self) -> bool:
        """Tell whether the guest set the firmware's one-shot flag before it went down."""
        log = self.firmware_log
        return log.exists() and TRYBOOT_TAG in log.read_text(errors="replace").lower()

    def start(self, *, tryboot: bool = False) -> "subprocess.Popen[bytes]":
        """Start QEMU as the board would boot; the log of the firmware's requests starts anew."""
        argv = self.command(tryboot=tryboot)
        stdin = None if self.console == "stdio" else subprocess.DEVNULL
        self.firmware_log.unlink(missing_ok=True)
        if self.recording is not None:
            self.recording.write_bytes(b"")
        try:
            return subprocess.Popen(argv, stdin=stdin)
        except FileNotFoundError as error:
            raise BuildError(
                f"{QEMU} is not installed", where="tools", hint="apt install qemu-system-arm"
            ) from error

    def command(self, *, tryboot: bool = False) -> list[str]:
        """Return the command line of QEMU; boot files are copied out into the folder."""
        spec = board_spec(self.board)["machine"]
        boot = load_boot_files(self.disk, self.board, self.folder, tryboot=tryboot)
        line = " ".join([boot.cmdline, *spec["arguments"], self.arguments]).strip()
        argv = [QEMU, *spec["qemu"], "-kernel", str(boot.kernel), "-initrd", str(boot.initramfs)]
        argv += ["-append", line, *self._disk(spec), *self._network(spec), *self._display(spec)]
        if not spec["device_tree"]:
            dump_device_tree(spec["qemu"], boot.device_tree)
        argv += ["-dtb", str(_as_started(boot.device_tree, trial=tryboot))]
        if self.steady:
            argv += ["-icount", f"shift={INSTRUCTION_NS_LOG2},sleep=on"]
        return [*argv, *self._console(), "-no-reboot", "-d", "unimp", "-D", str(self.firmware_log)]

    def _disk(self, spec: Mapping[str, Any]) -> list[str]:
        drive = f"{self._opened()},cache=writeback"
        if self.served_at:  # a disk that is gone stops the board at once, as it took its power away
            drive += ",werror=stop,rerror=stop"
        if spec["disk"] == "sd":
            return ["-drive", f"if=sd,{drive}"]
        return ["-drive", f"if=none,id=disk,{drive}", "-device", "virtio-blk-pci,drive=disk"]

    def _opened(self) -> str:
        if self.recording is None:
            return f"file={self.served_at or self.disk},format=raw"
        log = f"log.driver=file,log.filename={self.recording}"
        return f"driver=blklogwrites,file.driver=file,file.filename={self.disk},{log}"

    def _network(self, spec: Mapping[str, Any]) -> list[str]:
        device = "usb-net" if spec["disk"] == "sd" else "virtio-net-pci,romfile="
        return ["-netdev", self.network.options(), "-device", f"{device},netdev=net"]

    def _display(self, spec: Mapping[str, Any]) -> list[str]:
        if self.display is None:
            return ["-display", "none"]
        if spec["disk"] == "sd":
            raise BuildError(
                f"{self.board} has no screen in QEMU", where="--display", hint="use --board cm4"
            )
        size = f"xres={self.display.width},yres={self.display.height}"
        argv = ["-device", f"virtio-gpu-pci,{size}", "-device", "virtio-tablet-pci"]
        if has_device(TOUCH_DEVICE):
            argv += ["-device", TOUCH_DEVICE]
        return [*argv, "-display", self.display.show]

    def _console(self) -> list[str]:
        common = f"logfile={self.serial_log},logappend=on"
        where = f"socket,path={self.serial_socket},server=on,wait=off"
        if self.console == "stdio":
            where = "stdio,mux=on,signal=off"
        return [
            "-chardev", f"{where},id=serial,{common}", "-serial", "chardev:serial",
            "-monitor", "none", "-qmp", f"unix:{self.monitor},server=on,wait=off",
        ]  # fmt: skip


def dump_device_tree(machine: Sequence[str], target: Path) -> None:
    """Let QEMU write the device tree of a machine that has its own."""
    first, options, *more = machine
    dump = [first, f"{options},dumpdtb={target}", *more, "-nodefaults", "-display", "none"]
    subprocess.run([QEMU, *dump], check=True, capture_output=True)


def _as_started(tree: Path, *, trial: bool) -> Path:
    """Return a device tree with what the firmware adds to it."""
    try:
        added = devicetree.add_trial(tree.read_bytes(), trial=trial)
    except ValueError as error:
        raise BuildError(str(error), where=str(tree), hint="build the image anew") from error
    started = tree.with_name("device-tree-started")
    started.write_bytes(added)
    return started


@dataclass(frozen=True)
class BootFiles:
    """What the firmware would have put into memory, as files here."""

    kernel: Path
    initramfs: Path
    device_tree: Path
    cmdline: str


def load_boot_files(image: Path, board: str, folder: Path, *, tryboot: bool) -> BootFiles:
    """Do the firmware's part: choose the files on the image's boot partition and fetch them."""
    try:
        first = disk.primary_partitions(image)[0]
        firmware.check_disk(first.kind, firmware.MODELS[board])
        boot = BootImage(image, first.start)
        choice = firmware.choose(boot, firmware.MODELS[board], tryboot=tryboot)
    except (firmware.FirmwareError, ValueError) as error:
        raise BuildError(f"{board} would not boot: {error}", where=str(image), hint="build it anew"
        ) from error  # fmt: skip
    kernel, initramfs, tree = (folder / name for name in ("kernel", "initramfs", "device-tree"))
    kernel.write_bytes(boot.read(choice.kernel))
    initramfs.write_bytes(b"".join(boot.read(name) for name in choice.initramfs))
    tree.write_bytes(boot.read(choice.device_tree))
    return BootFiles(kernel, initramfs, tree, boot.read(choice.cmdline).decode().strip())


def board_spec(name: str) -> dict[str, Any]:
    """Read a board's file."""
    return dict(yaml.safe_load((BOARDS / f"{name}.yaml").read_text(encoding="utf-8")))


def board_names() -> list[str]:
    """Name the boards there are."""
    return sorted(path.stem for path in BOARDS.glob("*.yaml"))


def has_device(name: str) -> bool:
    """Tell whether this QEMU has a device."""
    argv = [QEMU, "-machine", "virt", "-device", "help"]
    listed = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return f'"{name}"' in listed


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End QEMU; what the guest has flushed is on the disk."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
