"""The enrolment of a terminal: read, and put on the boot partition for its first boot."""

import json
import os
import subprocess
from pathlib import Path

from imagebuilder import disk
from imagebuilder.errors import BuildError

NAME = "comptoir-enrol.json"
KEYS = frozenset({"restaurant", "terminal", "trust", "peers", "cloud"})
BYTES_MAX = 256 * 1024
TIMEOUT_S = 60


def read(path: Path) -> bytes:
    """Return the file's bytes if it is what a terminal takes at first boot."""
    hint = "see image/docs/flash.md for its form"
    try:
        data = path.read_bytes()
        value = json.loads(data)
    except (OSError, ValueError) as error:
        raise BuildError(
            f"the enrolment cannot be read: {error}", where=str(path), hint=hint
        ) from error
    unknown = sorted(value.keys() - KEYS) if isinstance(value, dict) else ["no mapping"]
    if unknown or len(data) > BYTES_MAX:
        what = f"not an enrolment: {', '.join(unknown) or 'too long'}"
        raise BuildError(what, where=str(path), hint=hint)
    return data


def place(data: bytes, target: Path) -> None:
    """Put the enrolment on the boot partition and see that it is there."""
    try:
        drive = f"{target}@@{disk.primary_partitions(target)[0].start}"
        _mtools(["mcopy", "-o", "-i", drive, "-", f"::/{NAME}"], data)
        _settle(target)
        there = _mtools(["mtype", "-i", drive, f"::/{NAME}"])
    except (ValueError, IndexError, OSError, subprocess.SubprocessError) as error:
        raise BuildError(
            f"the enrolment was not written: {_said(error)}",
            where=str(target),
            hint="see that mtools is installed and the card sits well; then run it again",
        ) from error
    if there != data:
        raise BuildError("the enrolment reads back otherwise", where=str(target), hint="try again")


def _settle(target: Path) -> None:
    """Have it on the disk, and read it from there afterwards."""
    number = os.open(target, os.O_RDONLY)
    try:
        os.fsync(number)
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(number)


def _mtools(argv: list[str], data: bytes = b"") -> bytes:
    env = {**os.environ, "MTOOLS_SKIP_CHECK": "1"}
    done = subprocess.run(
        argv, input=data, check=True, env=env, capture_output=True, timeout=TIMEOUT_S
    )
    return done.stdout


def _said(error: Exception) -> str:
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else b""
    return said.decode(errors="replace").strip().partition("\n")[0] or str(error)
