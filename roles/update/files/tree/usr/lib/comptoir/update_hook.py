#!/usr/bin/python3
"""What RAUC asks of a bundle's hook: may it be installed here, and what follows when it is written.

A bundle's own hook is one line that calls this, so that the version that runs decides: an update of
another kind of terminal, or older than what runs, is refused. When the root is written, its kernel,
initramfs and device trees go to the boot partition, into the folder of its slot.
usage: update_hook.py install-check | slot-post-install
"""

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import boot_slots
from boot_slots import Places, RefusedError, Run, Slots

REJECTED = 10  # RAUC then tells the reason as ours, not as a failure of the hook
REASON = "run/comptoir-update/reason.txt"  # of what follows when it is written RAUC tells none
MOUNT_POINT = "run/comptoir/new-root"
_KEPT = "cmdline.txt"  # names this disk's partition, so it is this disk's and never a bundle's
_TREE = re.compile(r"^device_tree=(\S+)", re.MULTILINE)
_BEFORE_RELEASE = re.compile(r"[.-]?(a|b|rc|dev)(?=\d)")


def check(asked: Mapping[str, str], installed: str) -> None:
    """Refuse a bundle that is not meant for this terminal, or is older than what it runs."""
    ours, theirs = asked["RAUC_SYSTEM_COMPATIBLE"], asked["RAUC_MF_COMPATIBLE"]
    if ours != theirs:
        raise RefusedError(f"this update is for {theirs}, this terminal is {ours}")
    version = asked.get("RAUC_MF_VERSION", "")
    if not version:
        raise RefusedError("this update does not say its version")
    if is_older(version, installed):
        raise RefusedError(
            f"this update is version {version}, older than {installed}, which runs here: what was "
            "sold since may not be readable to it. Flash the terminal anew to go back"
        )


def is_older(one: str, other: str) -> bool:
    """Tell whether a version precedes another, by Debian's order; a candidate its release."""
    versions = [_BEFORE_RELEASE.sub(r"~\1", version) for version in (one, other)]
    command = ["dpkg", "--compare-versions", versions[0], "lt", versions[1]]
    code = subprocess.run(command, check=False, timeout=60, capture_output=True).returncode
    if code not in {0, 1}:
        raise RefusedError(f"{one} and {other} are no versions that can be compared")
    return code == 0


def installed_version(root: Path) -> str:
    """Return the version of the app in this root."""
    found = sorted(root.glob("opt/comptoir/lib/python3*/site-packages/comptoir-*.dist-info"))
    if len(found) != 1:
        raise RefusedError("this terminal does not know its own version")
    return found[0].name.removesuffix(".dist-info").partition("-")[2]


def boot_files(root: Path, boot: Path) -> dict[str, Path]:
    """Return what a slot's folder gets: its name there, and the file in the root."""
    kernel = _only(root, "boot/vmlinuz-*")
    version = kernel.name.removeprefix("vmlinuz-")
    folder = root / "usr/lib" / f"linux-image-{version}"
    wanted = {"vmlinuz": kernel, "initrd.img": _only(root, f"boot/initrd.img-{version}")}
    for name in _TREE.findall((boot / "config.txt").read_text("ascii")):
        wanted[name] = _only(folder, f"broadcom/{name}")
    for overlay in sorted((folder / "overlays").glob("*")):
        wanted[f"overlays/{overlay.name}"] = overlay
    return wanted


def fill(slots: Slots, places: Places, slot: str, root: Path, run: Run) -> None:
    """Copy a root's boot files into its slot's folder; never into that of the running system."""
    if slot == slots.current():
        raise RefusedError(f"{slot} runs: its boot files are not touched")
    target, wanted = places.boot / slot, boot_files(root, places.boot)
    with boot_slots.writable(places.boot, run):
        for old in sorted(target.iterdir()):
            if old.name != _KEPT:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for name, source in wanted.items():
            copy(source, target / name)
        run(["sync", "--file-system", str(target)])


def copy(source: Path, target: Path) -> None:
    """Copy a file through to the disk."""
    target.parent.mkdir(exist_ok=True)
    with source.open("rb") as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise RefusedError(f"the update has {len(found)} files {pattern}, not one")
    return found[0]


@contextmanager
def mounted(device: str, point: Path, run: Run) -> Iterator[Path]:
    """Mount a written root to read it."""
    point.mkdir(parents=True, exist_ok=True)
    run(["mount", "-t", "erofs", "-o", "ro,nosuid,nodev,noexec", device, str(point)])
    try:
        yield point
    finally:
        run(["umount", str(point)])


def main(word: str, asked: Mapping[str, str], places: Places, run: Run) -> None:
    """Answer RAUC."""
    if word == "install-check":
        check(asked, installed_version(places.root))
    elif word == "slot-post-install":
        with mounted(asked["RAUC_SLOT_DEVICE"], places.root / MOUNT_POINT, run) as root:
            fill(Slots(places, run), places, asked["RAUC_SLOT_BOOTNAME"], root, run)
    else:
        raise RefusedError(f"RAUC asks for {word}, which this terminal does not know")


def answer(word: str, asked: Mapping[str, str], places: Places, run: Run) -> int:
    """Answer RAUC, and leave the reason of a failure for who asked RAUC."""
    try:
        main(word, asked, places, run)
    except RefusedError as error:
        code, why = REJECTED, str(error)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        code, why = 1, "the boot partition is full" if full else f"{error.strerror or error}"
    except (KeyError, ValueError, subprocess.SubprocessError) as error:
        code, why = 1, repr(error)
    else:
        return 0
    boot_slots.write(places.root / REASON, why + "\n")
    sys.stderr.write(f"{why}\n")
    return code


if __name__ == "__main__":
    terminal = Places(Path(os.environ.get("COMPTOIR_ROOT", "/")))
    sys.exit(answer(sys.argv[1], os.environ, terminal, boot_slots.checked))
