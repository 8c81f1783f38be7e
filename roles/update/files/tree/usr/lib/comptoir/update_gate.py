#!/usr/bin/python3
"""Decides of a system booted on trial: it sells, so it stays, or the one before comes back.

It stays when the till has answered that it sells, and every unit that a till needs has been active,
for a while without a break. If that does not come before the deadline, the unit fails, systemd
restarts the terminal, and the firmware, whose one trial is spent, boots the system before.
usage: update_gate.py on-trial | settle
       update_gate.py judge --deadline SECONDS --steady SECONDS [--unit UNIT]...
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from boot_slots import Places, RefusedError, Run, Slots, checked, other_of, write

TILL = "http://127.0.0.1:8080/healthz"
ASK_EVERY_S = 2.0
ANSWERS_S_MAX = 10.0
KEPT = "run/comptoir/update-kept"
OUTCOME = "keys/update/outcome.json"
ALARM = "run/comptoir/alarms/update"
NEVER_CAME_UP = "it did not come up"

Ail = Callable[[], str]  # what ails the terminal; nothing if it sells


@dataclass(frozen=True)
class Terms:
    """How long a trial may last, and how long it must go well; in seconds."""

    deadline: float
    steady: float


@dataclass(frozen=True)
class Clock:
    """The time since boot and a pause; others for tests."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = time.sleep


def judge(places: Places, slots: Slots, why: str, run: Run) -> bool:
    """Keep the running system, or note why not; tell whether it stays."""
    slot = slots.current()
    if not why:
        why = keep(slots, run)
    tell(places, slot, "failed" if why else "kept", why)
    if why:
        slots.set_bad(slot)
    else:
        write(places.root / KEPT, slot + "\n")
    return not why


def keep(slots: Slots, run: Run) -> str:
    """Let RAUC set the running slot good, for it keeps count; return what went wrong."""
    try:
        run(["rauc", "status", "mark-good"])
    except (OSError, subprocess.SubprocessError) as error:
        return f"RAUC did not keep it: {error}"
    return "RAUC did not keep it" if slots.on_trial() else ""


def watch(ail: Ail, terms: Terms, clock: Clock) -> str:
    """Return nothing as soon as all has gone well for long enough, else what ailed at the last."""
    well_since: float | None = None
    while True:
        why, now = ail(), clock.now()
        if why:
            well_since = None
        elif well_since is None:
            well_since = now
        if well_since is not None and now - well_since >= terms.steady:
            return ""
        if now >= terms.deadline:
            return why or "it had not gone well for long enough"
        clock.pause(ASK_EVERY_S)


def settle(places: Places, slots: Slots) -> bool:
    """After a trial that did not last, note so; tell whether there was one.

    The alarm stays, restart after restart, until an update is kept.
    """
    tried = slots.remembered()["trial"]
    if tried is None or tried == slots.current():
        alarm(places)
        return False
    before = told(places)
    why = before["why"] if before.get("outcome") == "failed" else NEVER_CAME_UP
    tell(places, tried, "went back", why)
    slots.set_bad(tried)
    alarm(places)
    return True


def alarm(places: Places) -> None:
    """Leave a note where those of failed programs are, if the last update went back."""
    said = told(places)
    if said.get("outcome") == "went back":
        text = f"the update in {said['slot']} went back to {said['before']}: {said['why']}"
        write(places.root / ALARM, f"{said['at']}\n{text}\n")


def tell(places: Places, slot: str, outcome: str, why: str) -> None:
    """Keep how the last trial ended, for who asks."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"at": at, "slot": slot, "outcome": outcome, "why": why, "before": other_of(slot)}
    write(places.root / OUTCOME, json.dumps(said) + "\n")


def told(places: Places) -> dict[str, str]:
    """Return how the last trial ended; nothing if there was none."""
    try:
        said = json.loads((places.root / OUTCOME).read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in said.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def what_ails(units: Sequence[str], address: str = TILL) -> str:
    """Ask the units and the till."""
    for unit in units:
        command = ["systemctl", "is-active", "--quiet", unit]
        if subprocess.run(command, check=False, timeout=60).returncode:
            return f"{unit} is not active"
    try:
        with urllib.request.urlopen(address, timeout=ANSWERS_S_MAX) as reply:  # noqa: S310  http only
            said = json.loads(reply.read())
    except (OSError, ValueError) as error:
        return f"the till does not answer: {error}"
    return "" if said.get("ok") else "the till says that it does not sell"


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("on-trial", "judge", "settle"))
    parser.add_argument("--deadline", type=float, default=600)
    parser.add_argument("--steady", type=float, default=30)
    parser.add_argument("--unit", action="append", default=[])
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], places: Places) -> int:
    """Do what is asked; 1 says no."""
    asked, slots = _parsed(arguments), Slots(places, checked)
    if asked.what == "on-trial":
        return 0 if slots.on_trial() else 1
    if asked.what == "settle":
        settle(places, slots)
        return 0
    terms = Terms(asked.deadline, asked.steady)
    why = watch(lambda: what_ails(asked.unit), terms, Clock())
    return 0 if judge(places, slots, why, checked) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], Places(Path(os.environ.get("COMPTOIR_ROOT", "/")))))
    except (RefusedError, OSError, ValueError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"update_gate: {error}\n")
        sys.exit(2)
