#!/usr/bin/python3
"""Which of the two systems boots, as RAUC's custom boot backend over the firmware's `tryboot`.

`config.txt` names the slot that boots, `tryboot.txt` the one that boots once after the restart
`0 tryboot`. Each is one sector of the boot partition and changes only by that sector's being
overwritten in place: whatever instant the power goes at, the firmware reads the old one or the new.

A slot that is set primary is tried once. It boots for good only when, booted on trial, it is set
good; any other restart is into the slot before it.
usage: boot_slots.py get-primary | get-current | set-primary SLOT | get-state SLOT
       boot_slots.py set-state SLOT good|bad
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLOTS = {"slot-a": "02", "slot-b": "03"}  # each with the number of its partition
SECTOR = 512
REQUEST = "0 tryboot"
_PREFIX = re.compile(r"^os_prefix=(slot-[ab])/$", re.MULTILINE)
_ROOT = re.compile(r"\broot=PARTUUID=\S+-(\d\d)\b")
_NAMED = re.compile(r"^(?:kernel=|device_tree=|initramfs )(\S+)", re.MULTILINE)

Run = Callable[[Sequence[str]], object]


class RefusedError(Exception):
    """What was asked would leave the terminal worse off; the message says why."""


@dataclass(frozen=True)
class Places:
    """Where everything lies; another root for tests."""

    root: Path = Path("/")

    @property
    def boot(self) -> Path:
        """The boot partition."""
        return self.root / "boot/firmware"

    @property
    def state(self) -> Path:
        """What is on trial and what has failed, on the partition that every boot opens."""
        return self.root / "keys/update/slots.json"

    @property
    def request(self) -> Path:
        """What systemd tells the firmware at the next restart."""
        return self.root / "run/systemd/reboot-param"

    @property
    def command_line(self) -> Path:
        """The kernel's, which names the root."""
        return self.root / "proc/cmdline"

    @property
    def tried(self) -> Path:
        """What the firmware leaves in the device tree: 1 if it read tryboot.txt."""
        return self.root / "proc/device-tree/chosen/bootloader/tryboot"


class Slots:
    """The two systems of a terminal."""

    def __init__(self, places: Places, run: Run) -> None:
        self._places = places
        self._run = run

    def current(self) -> str:
        """Return the slot that runs."""
        found = _ROOT.search(self._places.command_line.read_text())
        numbers = {number: slot for slot, number in SLOTS.items()}
        if found is None or found[1] not in numbers:
            raise RefusedError("the kernel's command line names neither slot as the root")
        return numbers[found[1]]

    def on_trial(self) -> bool:
        """Tell whether the firmware booted this system once only, and it is not set good since."""
        path = self._places.tried
        tried = path.exists() and int.from_bytes(path.read_bytes(), "big") == 1
        return tried and self.committed() != self.current()

    def committed(self) -> str:
        """Return the slot that boots when nothing else is asked for."""
        return self._named_in("config.txt")

    def primary(self) -> str:
        """Return the slot of the next restart."""
        asked = self._places.request
        armed = asked.exists() and asked.read_text().strip() == REQUEST
        return self._named_in("tryboot.txt") if armed else self.committed()

    def set_primary(self, slot: str) -> None:
        """Let the next restart try a slot, or take that back if it boots anyway."""
        other_of(slot)
        if slot == self.committed():
            self._places.request.unlink(missing_ok=True)
            self._remember(trial=None)
            return
        self._require_boot_files(slot)
        with self._writable_boot():
            self._point("tryboot.txt", slot)
        self._remember(trial=slot)
        self._places.request.parent.mkdir(parents=True, exist_ok=True)
        self._places.request.write_text(REQUEST)

    def is_good(self, slot: str) -> bool:
        """Tell whether a slot has boot files and has not failed."""
        other_of(slot)
        return slot not in self.remembered()["bad"] and not self._missing(slot)

    def set_bad(self, slot: str) -> None:
        """Note that a slot is not to be relied on; it is no longer tried."""
        other_of(slot)
        state = self.remembered()
        if state["trial"] == slot and slot != self.current():
            self._places.request.unlink(missing_ok=True)
            state["trial"] = None
        self._remember(trial=state["trial"], bad=sorted({*state["bad"], slot}))

    def set_good(self, slot: str) -> None:
        """Let the running slot boot from now on; only it can be known to be good."""
        if slot != self.current():
            raise RefusedError(f"{slot} does not run, so nobody knows that it is good")
        if slot != self.committed():
            if not self.on_trial():
                raise RefusedError(f"{slot} was not booted on trial")
            with self._writable_boot():
                self._point("config.txt", slot)
        if self._named_in("tryboot.txt") != other_of(slot):  # also after a cut between the two
            with self._writable_boot():
                self._point("tryboot.txt", other_of(slot))
        self._remember(trial=None, bad=[one for one in self.remembered()["bad"] if one != slot])

    def remembered(self) -> dict[str, Any]:
        """Return what is on trial and what failed."""
        try:
            said = json.loads(self._places.state.read_text(encoding="utf-8"))
            return {"trial": said["trial"], "bad": list(said["bad"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {"trial": None, "bad": []}  # what boots is said by config.txt alone

    def _remember(self, **changes: object) -> None:
        state = {**self.remembered(), **changes}
        if state != self.remembered():
            write(self._places.state, json.dumps(state) + "\n")

    def _named_in(self, name: str) -> str:
        found = _PREFIX.search((self._places.boot / name).read_text("ascii"))
        if found is None:
            raise RefusedError(f"{name} on the boot partition names no slot")
        return found[1]

    def _point(self, name: str, slot: str) -> None:
        """Overwrite one sector so that a file names a slot, and see that it does."""
        path = self._places.boot / name
        before = path.read_bytes()
        after = _PREFIX.sub(f"os_prefix={slot}/", before.decode("ascii")).encode("ascii")
        if len(before) != SECTOR or len(after) != SECTOR:
            raise RefusedError(f"{name} is not one sector: it could be torn by a power cut")
        file = os.open(path, os.O_WRONLY | os.O_SYNC)
        try:
            os.pwrite(file, after, 0)
            os.fsync(file)
        finally:
            os.close(file)
        if self._named_in(name) != slot:
            raise RefusedError(f"{name} did not take the change")

    def _require_boot_files(self, slot: str) -> None:
        if missing := self._missing(slot):
            raise RefusedError(f"{slot} cannot boot: no {', '.join(missing)} on the boot partition")

    def _missing(self, slot: str) -> list[str]:
        """Name what config.txt asks for and this slot has not."""
        text = (self._places.boot / "config.txt").read_text("ascii")
        names = ["cmdline.txt", *_NAMED.findall(text)]
        return [name for name in names if not (self._places.boot / slot / name).is_file()]

    @contextmanager
    def _writable_boot(self) -> Iterator[None]:
        with writable(self._places.boot, self._run):
            yield


@contextmanager
def writable(boot: Path, run: Run) -> Iterator[None]:
    """Let the boot partition be written for a moment; it is read-only at all other times."""
    remount = ["mount", "--options-source=mtab", "-o"]
    run([*remount, "remount,rw", str(boot)])
    try:
        yield
    finally:
        run([*remount, "remount,ro", str(boot)])


def other_of(slot: str) -> str:
    """Return the other slot; RefusedError if this is none."""
    if slot not in SLOTS:
        raise RefusedError(f"there is no {slot}, only {' and '.join(SLOTS)}")
    return next(name for name in SLOTS if name != slot)


def write(path: Path, text: str) -> None:
    """Write a file so that after a power cut it is whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def answer(slots: Slots, words: Sequence[str]) -> str:
    """Do what RAUC asks and return what it wants to read."""
    match list(words):
        case ["get-primary"]:
            return slots.primary()
        case ["get-current"]:
            return slots.current()
        case ["get-state", slot]:
            return "good" if slots.is_good(slot) else "bad"
        case ["set-primary", slot]:
            slots.set_primary(slot)
        case ["set-state", slot, "good"]:
            slots.set_good(slot)
        case ["set-state", slot, "bad"]:
            slots.set_bad(slot)
        case _:
            raise RefusedError(
                "it answers get-primary, get-current, set-primary, get-state, set-state"
            )
    return ""


def checked(command: Sequence[str]) -> None:
    """Run a command; CalledProcessError if it fails."""
    subprocess.run(command, check=True, timeout=60)


if __name__ == "__main__":
    # COMPTOIR_ROOT: a folder that stands for a whole terminal, for tests
    try:
        terminal = Slots(Places(Path(os.environ.get("COMPTOIR_ROOT", "/"))), checked)
        sys.stdout.write(answer(terminal, sys.argv[1:]) + "\n")
    except (RefusedError, OSError, ValueError, subprocess.SubprocessError) as error:
        sys.exit(f"boot_slots: {error}")
