#!/usr/bin/python3
"""Makes a new terminal one of another restaurant, as somebody at its own screen asked.

The till leaves an enrolment in its own folder. It is put where a power cut leaves it, the programs
stop, the app writes the new identity if nobody has worked here, and the journal of before is put
aside. Every step may be repeated; the enrolment goes last.
usage: join.py
"""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firstboot import write

PROGRAMS = (
    *("comptoir-till", "comptoir-replica", "comptoir-devices", "comptoir-updates", "mosquitto"),
)
ORDER_BYTES_MAX = 64 * 1024
LAYOUT = "exec systemd-tmpfiles --create /usr/lib/comptoir/layout.d/*.conf"
Run = Callable[[Sequence[str]], object]


@dataclass(frozen=True)
class Places:
    """Where everything lies; another root for tests."""

    root: Path = Path("/")

    @property
    def order(self) -> Path:
        """What the till asks for."""
        return self.root / "run/comptoir-till/join.json"

    @property
    def kept(self) -> Path:
        """The same, after a power cut too, until it is done."""
        return self.root / "keys/joining.json"

    @property
    def data(self) -> Path:
        """The journal of before."""
        return self.root / "data/comptoir"

    @property
    def aside(self) -> Path:
        """Where it goes."""
        return self.root / "data/comptoir.before"


def keep(places: Places) -> None:
    """Put the order, if there is one, where it stays."""
    try:
        content = read(places.order)
    except FileNotFoundError:
        return
    finally:
        places.order.unlink(missing_ok=True)
    write(places.kept, content.decode("utf-8"))
    places.kept.chmod(0o600)


def read(order: Path) -> bytes:
    """Read a small plain file of its folder's owner; a link is not followed."""
    file = os.open(order, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != order.parent.stat().st_uid:
            raise OSError(f"{order.name} is no plain file of its folder's owner")
        if status.st_size > ORDER_BYTES_MAX:
            raise OSError(f"{order.name} has {status.st_size} bytes: too large for an enrolment")
        return os.read(file, ORDER_BYTES_MAX)
    finally:
        os.close(file)


def join(places: Places, run: Run) -> None:
    """Do what is asked for, whole or not at all; the programs run afterwards in either case."""
    keep(places)
    if not places.kept.exists():
        return
    run(["systemctl", "stop", *PROGRAMS])
    try:
        run(["comptoir", "identity", "join", str(places.kept)])
    except subprocess.SubprocessError:
        go_on(places, run)
        raise
    if places.data.exists():
        shutil.rmtree(places.aside, ignore_errors=True)
        places.data.rename(places.aside)
    go_on(places, run)


def go_on(places: Places, run: Run) -> None:
    """Forget the order and start the programs, on an empty journal where there is none."""
    places.kept.unlink()
    run(["sh", "-c", LAYOUT])
    run(["systemctl", "--no-block", "start", *PROGRAMS])


def checked(command: Sequence[str]) -> None:
    """Run a command; CalledProcessError if it fails."""
    subprocess.run(command, check=True, timeout=240)


if __name__ == "__main__":
    try:
        join(Places(), checked)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        sys.exit(f"join: {error}; the terminal stays in its own restaurant")
