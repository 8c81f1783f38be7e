"""Debian's own RAUC over our boot backend: a service of the test's own, on a bus of its own.

Always: it asks and tells the backend all that it does around an installation. By TESTS_LONG: it
installs, from a bundle in its format `plain`, for `verity` takes dm-verity; that needs root, loop
devices and a kernel with squashfs and erofs.
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

from tests.roles.terminal import TREES, Terminal

PROGRAMS = Path("roles/update/files/tree/usr/lib/comptoir").resolve()
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
data-directory={folder}

[handlers]
bootloader-custom-backend={programs}/boot_slots.py

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


MOUNT = """\
#!/bin/sh
case "$*" in *remount*) exit 0 ;; esac
exec /usr/bin/mount "$@"
"""
BUNDLE = """\
[update]
compatible=test
version={version}

[bundle]
format=plain

[hooks]
filename=hook
hooks=install-check;

[image.rootfs]
filename=root.img
hooks=post-install;
adaptive=block-hash-index;
"""
VERSION = "1.2"


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
    """Return what RAUC finds on a terminal, and a `mount` that remounts nothing."""
    (tmp_path / "mount").mkdir()
    for name in ("root-a", "root-b"):
        (tmp_path / name).write_bytes(bytes(4096))
    (tmp_path / "bus.conf").write_text(BUS.format(folder=tmp_path))
    (tmp_path / "system.conf").write_text(SYSTEM.format(folder=tmp_path, programs=PROGRAMS))
    key(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/mount").write_text(MOUNT)
    (tmp_path / "bin/mount").chmod(0o755)
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


def key(folder: Path) -> None:
    """Make the key that signs bundles, and the certificate that terminals bear."""
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    out = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "keyring.pem")]
    subprocess.run([*request, *out], check=True, capture_output=True)


def bundle(folder: Path, version: str) -> Path:
    """Make a bundle of a root that has a kernel and all that goes with it."""
    content, root = folder / f"content-{version}", folder / "root"
    content.mkdir()
    files = ["boot/vmlinuz-6.99", "boot/initrd.img-6.99"]
    files += [f"usr/lib/linux-image-6.99/broadcom/{name}" for name in TREES]
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"new {name}" * 1000)
    subprocess.run(["mkfs.erofs", "--quiet", content / "root.img", root], check=True)
    (content / "manifest.raucm").write_text(BUNDLE.format(version=version))
    (content / "hook").write_text(f'#!/bin/sh\nexec {PROGRAMS}/update_hook.py "$@"\n')
    (content / "hook").chmod(0o755)
    signed = [f"--cert={folder}/keyring.pem", f"--key={folder}/key.pem"]
    made = folder / f"{version}.raucb"
    subprocess.run(["rauc", "bundle", *signed, content, made], check=True, capture_output=True)
    return made


@pytest.fixture
def with_room(folder: Path, terminal: Terminal) -> None:
    """Give the terminal slots that hold a root, and a version."""
    for name in ("root-a", "root-b"):
        (folder / name).write_bytes(bytes(1 << 20))
    packages = terminal.root / "opt/comptoir/lib/python3.13/site-packages"
    (packages / f"comptoir-{VERSION}.dist-info").mkdir(parents=True)


@pytest.mark.long
@pytest.mark.usefixtures("with_room")
def test_an_update_is_installed_in_the_other_slot_with_its_boot_files_and_tried_next(
    rauc: Rauc, terminal: Terminal
) -> None:
    running = (rauc.folder / "root-a").read_bytes()
    made = bundle(rauc.folder, "1.3")
    done = rauc("install", str(made))
    assert done.returncode == 0, done.stderr + (rauc.folder / "log").read_text()
    image = (rauc.folder / "content-1.3/root.img").read_bytes()
    assert (rauc.folder / "root-b").read_bytes()[: len(image)] == image
    assert (rauc.folder / "root-a").read_bytes() == running
    kernel = (terminal.boot / "slot-b/vmlinuz").read_text()
    assert kernel == "new boot/vmlinuz-6.99" * 1000
    assert (terminal.boot / "slot-a/vmlinuz").read_text() == "vmlinuz of slot-a"
    assert rauc.status()["next"] == "rootfs.1"
    assert terminal.request.read_text() == "0 tryboot"


@pytest.mark.long
@pytest.mark.usefixtures("with_room")
def test_an_older_update_is_refused_with_the_reason_and_changes_nothing(
    rauc: Rauc, terminal: Terminal
) -> None:
    done = rauc("install", str(bundle(rauc.folder, "1.1")))
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "version 1.1, older than 1.2, which runs here" in said, said
    assert (rauc.folder / "root-b").read_bytes() == bytes(1 << 20)
    assert (terminal.boot / "slot-b/vmlinuz").read_text() == "vmlinuz of slot-b"
    assert not terminal.request.exists()
