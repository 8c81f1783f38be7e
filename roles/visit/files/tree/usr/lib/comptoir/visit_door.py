#!/usr/bin/python3
"""Opens and shuts the way in for a technician, by what the till says of the visit.

usage: visit_door.py [over | hold PROGRAM...]
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(os.environ.get("COMPTOIR_ROOT", "/"))
SAID = ROOT / "run/comptoir-till/visit.json"
NEWS = SAID.with_suffix(".news")
MINE = ROOT / "run/comptoir-visit"
DOOR = "comptoir-visit-door.service"
UNIT = ROOT / "usr/lib/systemd/system" / DOOR
KEY = re.compile(r"(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]{40,1000}={0,2}")
VISIT = re.compile(r"[\w.:-]{1,100}")
VISIT_S_MAX = 3600
SET = "inet comptoir technician"
EMPTY = f"add set {SET} {{ type inet_service; flags timeout; }}\nflush set {SET}\n"
FORBIDDEN = "no-port-forwarding,no-agent-forwarding,no-X11-forwarding"
TIME_IS_UP = 124  # what timeout(1) ends with
RULE = "tcp dport @technician accept"


class Shut(Exception):
    """Nobody may come in; says why."""


def said() -> tuple[str, str, int]:
    """Return the visit, its key, and the seconds that it lasts yet; raises Shut."""
    try:
        now = json.loads(SAID.read_text())
        visit, key = str(now["visit"]), str(now["key"])
        left_s = int(now["ends_uptime_ms"]) // 1000 - int(time.monotonic())
    except FileNotFoundError:
        raise Shut("the till has said nothing") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Shut(f"{SAID} is none: {error!r}") from error
    if not key:
        raise Shut("no visit is granted")
    if not KEY.fullmatch(key) or not VISIT.fullmatch(visit):
        raise Shut("its key is none")
    if not 0 < left_s <= VISIT_S_MAX:
        raise Shut("its time is over")
    return visit, key, left_s


def port() -> int:
    """Return the port that the door's own unit listens on."""
    found = re.search(r" -p (\d+) ", UNIT.read_text())
    if found is None:
        raise Shut(f"{UNIT} names no port")
    return int(found[1])


def run(*command: str, given: str = "") -> str:
    """Run a program; raises CalledProcessError with what it said."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout


def let_through(number: int, left_s: int) -> None:
    """Let new connections to the port in; the kernel itself ends that."""
    rules = EMPTY + f"add element {SET} {{ {number} timeout {left_s}s }}\n"
    run("nft", "-f", "-", given=rules)
    if RULE not in run("nft", "list", "chain", "inet", "comptoir", "terminal_inbound"):
        rule = f"add rule inet comptoir terminal_inbound {RULE}"
        run("nft", "-f", "-", given=rule + "\n")


def let_nobody_through() -> None:
    """Let no new connection in."""
    run("nft", "-f", "-", given=EMPTY)


def write(name: str, content: str) -> None:
    """Write a file that only root reads."""
    descriptor = os.open(MINE / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(content)


def open_door(visit: str, key: str, left_s: int) -> None:
    """Let one technician in; the end of a visit that was heard of before only comes nearer."""
    MINE.mkdir(mode=0o700, exist_ok=True)
    now_s = int(time.monotonic())
    before, ends_s = known()
    same = before == f"{visit} {key}"
    if same:
        left_s = min(left_s, ends_s - now_s)
        if left_s <= 0:
            raise Shut("its time is over")
    goes_on = same and is_open()
    if not goes_on:
        run("systemctl", "stop", DOOR)
        write("authorized_keys", f"{FORBIDDEN} {key} visit\n")
    write("visit", f"{now_s + left_s} {visit} {key}\n")
    if not goes_on:
        run("systemctl", "--no-block", "start", DOOR)
    let_through(port(), left_s)


def known() -> tuple[str, int]:
    """Return the visit that the door is open to, and the second of uptime at which it ends."""
    try:
        ends, _, before = (MINE / "visit").read_text().strip().partition(" ")
        return before, int(ends)
    except (OSError, ValueError):
        return "", 0


def hold(program: list[str]) -> int:
    """Become the door's program for as long as the visit lasts yet, after a fault of it as well."""
    left_s = known()[1] - int(time.monotonic())
    if left_s > 0:
        os.execv("/usr/bin/timeout", ["timeout", "--foreground", str(left_s), *program])  # noqa: S606 - it becomes the program
    return TIME_IS_UP


def is_open() -> bool:
    """Tell whether the door's program runs."""
    return subprocess.run(["systemctl", "--quiet", "is-active", DOOR], check=False).returncode == 0


def shut_door() -> None:
    """Let nobody in, and whoever is in out."""
    let_nobody_through()
    for name in ("authorized_keys", "visit"):
        (MINE / name).unlink(missing_ok=True)
    run("systemctl", "--no-block", "stop", DOOR)


def main(words: list[str]) -> int:
    """Act on what the till says now; ``over`` and ``hold`` are the words of the door's unit."""
    if words[:1] == ["hold"]:
        return hold(words[1:])
    if words == ["over"]:
        if os.environ.get("EXIT_STATUS") == str(TIME_IS_UP):
            shut_door()
        return 0
    NEWS.unlink(missing_ok=True)  # before the file is read: what is said later begins this anew
    try:
        open_door(*said())
        sys.stdout.write("open\n")
    except Shut as why:
        shut_door()
        sys.stdout.write(f"shut: {why}\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"visit_door: {getattr(error, 'stderr', '') or error}\n")
        sys.exit(1)
