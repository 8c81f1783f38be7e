"""image/flash watch: what was flashed boots for the first time; which of it sells already.

    image/flash watch                                    every terminal on this network
    image/flash watch --log restaurants.log.csv          ends when all that were flashed sell

Terminals are found by mDNS, and asked at /healthz, which reads their journal's end.
"""

import argparse
import json
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from imagebuilder.flashing.book import Book, Line
from imagebuilder.flashing.finder import Finder, Mdns
from imagebuilder.flashing.plan import host_of
from imagebuilder.flashing.stopping import stop_on_signal

ASK_S = 3.0
ASKED_AT_ONCE = 16
ANSWER_BYTES_MAX = 64 * 1024
SELLS, WAITING = "sells", "waiting for its first boot"


@dataclass(frozen=True)
class Seen:
    """A terminal as it last answered, or as it is expected."""

    name: str
    terminal: str = ""
    restaurant: str = ""
    address: str = ""
    version: str = ""
    state: str = WAITING
    after_s: float = 0.0  # since the watch began, when it sold first


class Watch:
    """The terminals that are expected and those that were found, each with its state."""

    def __init__(self, expected: Sequence[Line], finder: Finder) -> None:
        self._finder = finder
        self._began = time.monotonic()
        self._expected = {host_of(line.terminal): line for line in expected if line.terminal}
        self.seen: dict[str, Seen] = {
            name: Seen(name, line.terminal, line.restaurant)
            for name, line in self._expected.items()
        }

    def look(self) -> list[Seen]:
        """Ask every terminal once; return those whose state has changed."""
        found = self._finder.found()
        with ThreadPoolExecutor(max_workers=ASKED_AT_ONCE) as pool:
            answers = dict(zip(found, pool.map(ask, found.values()), strict=True))
        changed = []
        for name, (said, fault) in answers.items():
            before = self.seen.get(name, Seen(name))
            now = self._judged(before, found[name], said, fault)
            self.seen[name] = now
            if now.state != before.state:
                changed.append(now)
        return changed

    @property
    def is_complete(self) -> bool:
        """Tell whether all that are expected sell."""
        return bool(self._expected) and self.is_well

    @property
    def is_well(self) -> bool:
        """Tell whether there are terminals, and all of them sell."""
        return bool(self.seen) and all(seen.state == SELLS for seen in self.seen.values())

    def _judged(self, before: Seen, address: str, said: dict[str, Any], fault: str) -> Seen:
        if fault and not said:
            state = f"no answer: {fault}" if before.address else WAITING
            return Seen(before.name, before.terminal, before.restaurant, before.address,
                before.version, state, before.after_s)  # fmt: skip
        terminal, line = str(said.get("terminal", "")), self._expected.get(before.name)
        if line and terminal != line.terminal:
            state = f"is {terminal or 'nobody'}, not {line.terminal}"
        elif not said.get("ok"):
            state = f"self-test failed: {fault or 'it does not say ok'}"
        else:
            state = SELLS
        after = before.after_s or (time.monotonic() - self._began if state == SELLS else 0.0)
        house = before.restaurant or str(said.get("restaurant", ""))
        return Seen(
            before.name, terminal, house, address, str(said.get("version", "")), state, after
        )


def ask(address: str) -> tuple[dict[str, Any], str]:
    """Return what /healthz says, and what is wrong with the answer if anything."""
    try:
        with urllib.request.urlopen(f"http://{address}/healthz", timeout=ASK_S) as answer:
            return _object(answer.read(ANSWER_BYTES_MAX)), ""
    except urllib.error.HTTPError as error:
        with error:
            return _object(error.read(ANSWER_BYTES_MAX)), f"HTTP {error.code}"
    except OSError as error:
        reason = getattr(error, "reason", error)
        return {}, getattr(reason, "strerror", None) or str(reason)


def main(arguments: Sequence[str]) -> int:
    """Watch until all that were flashed sell, the time is over, or Ctrl-C."""
    given = parse(arguments)
    expected = _expected(given.log) if given.log else []
    names = tuple(host_of(line.terminal) for line in expected)
    finder = Mdns(names, given.interface)
    try:
        with stop_on_signal() as stop:
            return run(Watch(expected, finder), stop, given.seconds, given.pause)
    finally:
        finder.close()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="image/flash watch",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--log", type=Path, metavar="CSV", help="the log of image/flash: who is expected")
    add("--for", type=float, dest="seconds", metavar="SECONDS", help="end after this time")
    add("--pause", type=float, default=2.0, metavar="SECONDS", help="between looks (default: 2)")
    add(
        "--interface", action="append", metavar="ADDRESS", help="our address on the bench's network"
    )
    return parser.parse_args(arguments)


def run(watch: Watch, stop: threading.Event, seconds: float | None, pause_s: float) -> int:
    """Show what changes; 0 if all that are expected sell, or, expecting none, all that are here."""
    deadline = time.monotonic() + seconds if seconds else None
    console = Console()
    with Live(console=console, auto_refresh=False, transient=not console.is_terminal) as live:
        while not stop.is_set():
            for seen in watch.look():
                console.print(_told(seen), markup=False, highlight=False, soft_wrap=True)
            if console.is_terminal:
                live.update(table(watch), refresh=True)
            if watch.is_complete or (deadline and time.monotonic() > deadline):
                break
            stop.wait(pause_s)
    missing = sum(seen.state != SELLS for seen in watch.seen.values())
    sys.stdout.write(f"{len(watch.seen) - missing} of {len(watch.seen)} sell\n")
    return 0 if watch.is_well else 1


def table(watch: Watch) -> Table:
    """Return all terminals, those that do not sell yet first."""
    shown = Table("terminal", "restaurant", "address", "version", "state")
    for seen in sorted(watch.seen.values(), key=lambda one: (one.state == SELLS, one.name)):
        style = "green" if seen.state == SELLS else "yellow" if seen.state == WAITING else "red"
        name = seen.terminal or seen.name
        shown.add_row(name, seen.restaurant, seen.address, seen.version, seen.state, style=style)
    return shown


def _told(seen: Seen) -> str:
    who = f"{seen.name} ({seen.restaurant})" if seen.restaurant else seen.name
    if seen.state != SELLS:
        return f"{who}: {seen.state}"
    return (
        f"{who}: sells after {seen.after_s:.0f} s, version {seen.version}, http://{seen.address}/"
    )


def _expected(log: Path) -> list[Line]:
    book = Book(log)
    book.close()
    return book.good()


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
