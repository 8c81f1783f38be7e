"""Runs on a booted terminal: its update programs, on its boot partition, with small boot files.

What they take from the firmware and the new root is a folder of the test's own; the boot partition
is the real one. usage: in_guest.py PHASE, one of those in `PHASES`.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, "/usr/lib/comptoir")

import boot_slots  # type: ignore[import-not-found]
import update_hook  # type: ignore[import-not-found]

HERE = Path("/run/cut-states")
A, B = "slot-a", "slot-b"
KILOBYTES = 96
places: Any = boot_slots.Places(HERE)
slots: Any = boot_slots.Slots(places, boot_slots.checked)


def prepare() -> None:
    """Let a folder stand for the terminal, with the real boot partition in it."""
    for name in ("boot/firmware", "proc/device-tree/chosen/bootloader", "keys", "run"):
        (HERE / name).mkdir(parents=True)
    boot_slots.checked(["mount", "--bind", "/boot/firmware", str(places.boot)])
    runs(A, on_trial=False)


def runs(slot: str, *, on_trial: bool) -> None:
    """Be as after a restart into a slot."""
    places.command_line.write_text(f"root=PARTUUID=0badcafe-{boot_slots.SLOTS[slot]} ro\n")
    places.tried.write_bytes(int(on_trial).to_bytes(4, "big"))
    places.request.unlink(missing_ok=True)


def fill(version: int) -> None:
    """Put this version's boot files into slot B."""
    new = HERE / f"new-{version}"
    trees = update_hook._TREE.findall((places.boot / "config.txt").read_text("ascii"))
    names = ["boot/vmlinuz-9", "boot/initrd.img-9"]
    names += [f"usr/lib/linux-image-9/broadcom/{tree}" for tree in trees]
    for name in names:
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        (new / name).write_bytes(f"{Path(name).name} {version}\n".encode() * 64 * KILOBYTES)
    update_hook.fill(slots, places, B, new, boot_slots.checked)


def keep(slot: str) -> None:
    """Boot a slot on trial and let it be good."""
    runs(slot, on_trial=True)
    slots.set_good(slot)


PHASES: dict[str, Callable[[], object]] = {
    "prepare": prepare,
    "fill-1": lambda: fill(1),
    "fill-2": lambda: fill(2),
    "arm-b": lambda: slots.set_primary(B),
    "keep-b": lambda: keep(B),
    "arm-a": lambda: slots.set_primary(A),
    "keep-a": lambda: keep(A),
}

if __name__ == "__main__":
    PHASES[sys.argv[1]]()
