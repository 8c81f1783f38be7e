"""Debian's own RAUC over our boot backend: a service of the test's own, on a bus of its own.

It installs nothing here, for that takes dm-verity and the terminal's disk; it asks and tells the
backend all that it does around an installation.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.roles.terminal import Terminal

BACKEND = Path("roles/update/files/tree/usr/lib/comptoir/boot_slots.py").resolve()
STARTS_S_MAX = 60
BUS = """\
<busconfig>
  <type>system</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>
"""
SYSTEM = """\
[system]
compatible=test
bootloader=custom
statusfile={folder}/rauc.status
mountprefix={folder}/mount

[handlers]
bootloader-custom-backend={backend}

[keyring]
path={folder}/keyring.pem

[slot.rootfs.0]
device={folder}/root-a
type=raw
bootname=slot-a

[slot.rootfs.1]
device={folder}/root-b
type=raw
bootname=slot-b
"""


@dataclass(frozen=True)
class Rauc:
    """The program, as a terminal has it."""

    folder: Path
    environment: dict[str, str]

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            ["rauc", f"--conf={self.folder}/system.conf", *words],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=STARTS_S_MAX,
        )

    def status(self) -> dict[str, str]:
        """Return which slot boots next, and whether each is good, as it says."""
        done = self("status", "--output-format=json")
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        slots = {
            one["bootname"]: one["boot_status"] for each in said["slots"] for one in each.values()
        }
        return {"booted": said["booted"], "next": said["boot_primary"], **slots}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return what RAUC finds on a terminal, and a `mount` that does nothing."""
    (tmp_path / "mount").mkdir()
    for name in ("root-a", "root-b"):
        (tmp_path / name).write_bytes(bytes(4096))
    (tmp_path / "bus.conf").write_text(BUS.format(folder=tmp_path))
    (tmp_path / "system.conf").write_text(SYSTEM.format(folder=tmp_path, backend=BACKEND))
    (tmp_path / "keyring.pem").write_text("")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/mount").symlink_to("/bin/true")
    return tmp_path


@pytest.fixture
def rauc(folder: Path, terminal: Terminal) -> Iterator[Rauc]:
    """Start a bus and the service on it, as if slot A had been booted."""
    environment = {
        **os.environ,
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "COMPTOIR_ROOT": str(terminal.root),
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus",
        "DBUS_STARTER_BUS_TYPE": "system",
    }
    bus = ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork"]
    service = ["rauc", f"--conf={folder}/system.conf", "service", "--override-boot-slot=slot-a"]
    with (folder / "log").open("wb") as log, started(bus, environment, log.fileno()):
        wait_for((folder / "bus").exists, folder / "log")
        with started(service, environment, log.fileno()):
            made = Rauc(folder, environment)
            wait_for(lambda: is_up(made), folder / "log")
            yield made


@contextmanager
def started(
    command: Sequence[str], environment: dict[str, str], log: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program meanwhile."""
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=STARTS_S_MAX)


def is_up(rauc: Rauc) -> bool:
    return rauc("status").returncode == 0


def wait_for(happened: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + STARTS_S_MAX
    while not happened():
        assert time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.1)


def test_an_update_is_tried_and_kept_as_rauc_sees_it(rauc: Rauc, terminal: Terminal) -> None:
    for words in (("mark-bad", "other"), ("mark-active", "other")):  # around an installation
        assert rauc("status", *words).returncode == 0
    tried = {"booted": "slot-a", "next": "rootfs.1", "slot-a": "good", "slot-b": "bad"}
    assert rauc.status() == tried
    assert terminal.request.read_text() == "0 tryboot"
    assert b"os_prefix=slot-a/" in (terminal.boot / "config.txt").read_bytes()

    assert rauc("status", "mark-good", "other").returncode != 0  # it does not run
    assert (rauc.folder / "log").read_text().count("slot-b does not run") == 1

    terminal.starts("slot-b", on_trial=True)
    assert rauc("status", "mark-good", "rootfs.1").returncode == 0
    assert rauc.status() == {**tried, "slot-b": "good"}
    assert b"os_prefix=slot-b/" in (terminal.boot / "config.txt").read_bytes()
    assert b"os_prefix=slot-a/" in (terminal.boot / "tryboot.txt").read_bytes()
