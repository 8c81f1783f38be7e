"""One unit from empty to good: checked, written, read back, enrolled; or failed, and why."""

import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from imagebuilder.errors import BuildError
from imagebuilder.flashing import blocks, disks, enrolment
from imagebuilder.flashing.disks import Disk
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.medium import FileMedium, Medium

NO_SERIAL = "unknown-"
# (step, share of it that is done); raises Stopped when the person has had enough
Told = Callable[[str, float], None]


class Stopped(Exception):
    """The person ends the work; the unit is half written."""


class Result(StrEnum):
    """What became of a unit."""

    GOOD = "good"
    FAILED = "failed"


@dataclass(frozen=True)
class Target:
    """A disk or a file that an image may be written to."""

    path: Path
    kernel: Kernel
    disk: Disk | None = None

    @property
    def name(self) -> str:
        """Return what a unit is called on screen."""
        return self.disk.name if self.disk else str(self.path)

    @property
    def serial(self) -> str:
        """Return what it is known by; of a card without a serial, never the same twice."""
        if self.disk is None:
            return str(self.path)
        return self.disk.serial or f"{NO_SERIAL}{time.time_ns()}"

    @property
    def described(self) -> str:
        """Say what it is."""
        return self.disk.described if self.disk else "a file"

    def open(self, size: int) -> Medium:
        """Open it, if it still is what was looked at."""
        if self.disk is None:
            return FileMedium(self.path, disk=False, size=size)
        if not disks.is_there(self.disk, self.kernel):
            raise FileNotFoundError(self.path)
        return self.kernel.open_disk(self.path)


@dataclass(frozen=True)
class Outcome:
    """How a unit ended; `enrolled` if an identity may be on it."""

    result: Result
    reason: str = ""
    seconds: float = 0.0
    enrolled: bool = False


def target(path: Path, kernel: Kernel, size: int) -> Target:
    """Return what a path names; BuildError if it must not be written to."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        _check_new_file(path, kernel)
        return Target(path, kernel)
    if stat.S_ISREG(mode):
        return Target(path, kernel)
    if not stat.S_ISBLK(mode):
        raise BuildError("this is no disk and no file", where=str(path), hint=disks.OTHER_DISK)
    return disk_target(path, kernel, size)


def disk_target(path: Path, kernel: Kernel, size: int) -> Target:
    """Return a disk; BuildError if it must not be written to."""
    disk = disks.named(path, kernel, size)
    if disk.refusal:
        raise disk.refusal
    return Target(path, kernel, disk)


def flash(image: Image, target: Target, enrol: bytes | None, told: Told) -> Outcome:
    """Make the unit good, or say what went wrong; never raises what one unit does wrong."""
    unit = _Unit(image, target, enrol, told)
    started = time.monotonic()
    try:
        unit.work()
    except Stopped:
        reason = "stopped: it is half written and does not boot"
    except BuildError as error:
        reason = f"{error.what}: {error.hint}"
    except OSError as error:
        reason = unit.explain(error)
    else:
        return Outcome(Result.GOOD, "", time.monotonic() - started, unit.enrolled)
    return Outcome(Result.FAILED, reason, time.monotonic() - started, unit.enrolled)


class _Unit:
    """The steps of one unit, and how far it came."""

    def __init__(self, image: Image, target: Target, enrol: bytes | None, told: Told) -> None:
        self._image, self._target, self._enrol, self._told = image, target, enrol, told
        self._step = "open"
        self._share = 0.0
        self.enrolled = False

    def work(self) -> None:
        """Write, read back, enrol."""
        medium = self._target.open(self._image.size)
        try:
            mapped = self._image.blocks
            blocks.write(self._image.path, mapped, medium, lambda share: self._tell("write", share))
            blocks.read_back(medium, mapped, lambda share: self._tell("verify", share))
            if self._enrol:
                self._tell("enrol", 0.0)
                self.enrolled = True
                enrolment.place(self._enrol, self._target.path)
        finally:
            medium.close()

    def explain(self, error: OSError) -> str:
        """Say in a person's words what the kernel says."""
        disk = self._target.disk
        at = f"{self._step} at {self._share:.0%}"
        if disk and not disks.is_there(disk, self._target.kernel):
            return f"unplugged during {at}: plug it in again"
        if isinstance(error, PermissionError):
            return "no right to open it: run it with sudo"
        what = error.strerror or str(error)
        return f"{what} during {at}: try again; if it stays, the card or module is bad"

    def _tell(self, step: str, share: float) -> None:
        self._step, self._share = step, share
        self._told(step, share)


def _check_new_file(path: Path, kernel: Kernel) -> None:
    if not path.parent.is_dir():
        raise BuildError("there is no such folder", where=str(path.parent), hint="make it first")
    if path.is_relative_to(kernel.dev):
        raise BuildError("there is no such device", where=str(path), hint=disks.OTHER_DISK)
