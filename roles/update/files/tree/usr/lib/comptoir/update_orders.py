#!/usr/bin/python3
"""Does as root what the updates program may only ask for: an installation, and the restart after.

An order is a small file of that program's folder, and says nothing but which bundle. It is believed
only in its exact form: RAUC is sent to our own tap on this machine and nowhere else, no shell reads
any of it. What came of it is left for the program to read.
usage: update_orders.py
"""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boot_slots import Places, RefusedError, Slots, checked, other_of, write

ORDERS = "run/comptoir-updates"
RESULT = "run/comptoir-update/result.json"
REASON = "run/comptoir-update/reason.txt"  # why a bundle's hook said no
TAP = "http://127.0.0.1:8885/{}.raucb"
ORDER_BYTES_MAX = 1024
NUMBER_MAX = 1 << 63
INSTALL_S_MAX = 3 * 3600
TRIES_MAX = 3
UNMOUNTED = "Failed mounting bundle"  # udev may have closed the nbd device before RAUC opened it
WHY_CHARACTERS_MAX = 300
_BUNDLE = re.compile(r"[0-9a-f]{64}")
_REASON = re.compile(r"^LastError: (.+)$", re.MULTILINE)

Rauc = Callable[[Sequence[str]], tuple[int, str]]


@dataclass(frozen=True)
class Order:
    """What is asked for; a restart names no bundle."""

    number: int
    bundle: str = ""


def take(folder: Path, name: str, words: frozenset[str]) -> Order | None:
    """Return an order and remove it, whatever it is; None if there is none."""
    path = folder / name
    try:
        content = read(path, owner=folder.stat().st_uid)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RefusedError(f"{name} cannot be read: {error.strerror}") from error
    finally:
        path.unlink(missing_ok=True)
    return parsed(name, content, words)


def parsed(name: str, content: bytes, words: frozenset[str]) -> Order:
    """Return what an order says, if it has its exact form."""
    try:
        said: Any = json.loads(content)
    except ValueError as error:
        raise RefusedError(f"{name} is no order: {error}") from error
    if not isinstance(said, dict) or said.keys() != words:
        raise RefusedError(f"{name} does not say {' and '.join(sorted(words))}, and only that")
    number, bundle = said["number"], said.get("bundle", "")
    if type(number) is not int or not 0 <= number < NUMBER_MAX:
        raise RefusedError(f"{name} has no number")
    if "bundle" in words and not (isinstance(bundle, str) and _BUNDLE.fullmatch(bundle)):
        raise RefusedError(f"{name} does not name a bundle by its SHA-256")
    return Order(number, bundle)


def read(path: Path, owner: int) -> bytes:
    """Read a small plain file of the folder's owner; a link is not followed."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != owner:
            raise RefusedError(f"{path.name} is no plain file of its folder's owner")
        if status.st_size > ORDER_BYTES_MAX:
            raise RefusedError(f"{path.name} has {status.st_size} bytes: too large for an order")
        return os.read(file, ORDER_BYTES_MAX)
    finally:
        os.close(file)


def install(order: Order, slots: Slots, rauc: Rauc, noted: Path) -> str:
    """Let RAUC install a bundle from our tap; return the device that it wrote."""
    if slots.on_trial():
        raise RefusedError("the running system is on trial: the other slot is its way back")
    noted.unlink(missing_ok=True)
    for _ in range(TRIES_MAX):
        code, said = rauc(["rauc", "install", TAP.format(order.bundle)])
        if not code or UNMOUNTED not in said:
            break
    if code:
        hooks = noted.read_text(encoding="utf-8").strip() if noted.exists() else ""
        raise RefusedError(hooks or reason(said))
    return f"/dev/comptoir/root-{other_of(slots.current())[-1]}"


def reason(said: str) -> str:
    """Return why RAUC did not install, of all that it said."""
    found = _REASON.findall(said) or [line for line in said.splitlines() if line.strip()]
    return str(found[-1]).strip() if found else "RAUC said nothing"


def restart(slots: Slots) -> None:
    """Restart into what was installed; a restart that tries nothing helps nobody."""
    if slots.primary() == slots.current():
        raise RefusedError("no trial is armed: a restart would boot the same system")
    checked(["systemctl", "reboot"])


def tell(places: Places, order: Order, slot: str = "", why: str = "") -> None:
    """Leave the result; ``why`` says what went wrong."""
    said = {"number": order.number, "ok": not why, "why": why[:WHY_CHARACTERS_MAX], "slot": slot}
    write(places.root / RESULT, json.dumps(said) + "\n")


def obey(places: Places, slots: Slots, rauc: Rauc) -> None:
    """Do what is asked for, if it is in order."""
    folder = places.root / ORDERS
    order = take(folder, "install.json", frozenset({"bundle", "number"}))
    if order is not None:
        try:
            tell(places, order, install(order, slots, rauc, places.root / REASON))
        except (RefusedError, OSError, subprocess.SubprocessError) as error:
            tell(places, order, why=str(error))
    order = take(folder, "restart.json", frozenset({"number"}))
    if order is not None:
        try:
            restart(slots)
        except (RefusedError, OSError, subprocess.SubprocessError) as error:
            tell(places, order, why=str(error))


def run_rauc(command: Sequence[str]) -> tuple[int, str]:
    """Run RAUC; returns its exit code and all that it said, which the journal gets too."""
    done = subprocess.run(
        command,
        check=False,
        timeout=INSTALL_S_MAX,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = done.stdout.decode("utf-8", "replace")
    sys.stderr.write(said)
    return done.returncode, said


if __name__ == "__main__":
    terminal = Places(Path(os.environ.get("COMPTOIR_ROOT", "/")))
    try:
        obey(terminal, Slots(terminal, checked), run_rauc)
    except RefusedError as error:  # an order of no use is none; the next one is as good as any
        sys.stderr.write(f"update_orders: {error}\n")
