"""A small ext4 of this computer's kernel on a volatile disk: what a program does to it, recorded.

nbdkit serves the disk, nbdfuse shows it as a file, the kernel mounts that file.
"""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.power.served import Served

READY_S_MAX = 300
ENDED_S_MAX = 30


def made(disk: Path, size: int) -> Path:
    """Make an ext4 in a new file, of the kind that a terminal's data lies on."""
    with disk.open("xb") as file:
        file.truncate(size)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", disk], check=True, capture_output=True)
    return disk


@contextmanager
def mounted(served: Served, point: Path) -> Iterator[Path]:
    """Mount a served disk; what is read of its recording is what was there before the end."""
    shown = point.with_name(f"{point.name}.disk")
    shown.touch()
    point.mkdir()
    with ExitStack() as stack:
        served.start()
        stack.callback(served.stop)
        fuse = subprocess.Popen(["nbdfuse", shown, served.address], stdin=subprocess.DEVNULL)
        stack.callback(_end, fuse)
        _until_shown(shown, fuse)
        stack.callback(_run, ["umount", "--lazy", shown])
        _run(["mount", "-t", "ext4", "-o", "loop,noatime", shown, point])
        stack.callback(_run, ["umount", point])
        yield point


def _until_shown(shown: Path, fuse: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + READY_S_MAX
    while not shown.stat().st_size:
        assert fuse.poll() is None, "nbdfuse does not show the disk"
        assert time.monotonic() < end, "nbdfuse is not ready"
        time.sleep(0.02)


def _end(fuse: "subprocess.Popen[bytes]") -> None:
    """End it; by itself it would do so only when the kernel has let go of the file."""
    fuse.terminate()
    try:
        fuse.wait(ENDED_S_MAX)
    except subprocess.TimeoutExpired:
        fuse.kill()
        fuse.wait()


def _run(argv: Sequence[str | Path]) -> None:
    subprocess.run(argv, check=True)
