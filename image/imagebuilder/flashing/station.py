"""The station: a tray of units, one after the other or many at once, without touching a key.

What is plugged in is known by its USB port and its serial. A unit that is good is never written
again, this time or the next: the log says so. One that came loose, or fell asleep with the
computer, is taken up when it is plugged in again, at most three times.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from imagebuilder.flashing import disks
from imagebuilder.flashing.batch import AT_ONCE
from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.disks import Disk
from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.unit import Outcome, Result, Target

TRIES_MAX = 3
LARGEST = 300_000_000_000  # no module has more; somebody's backup disk has


class Loader(Protocol):
    """Brings modules up as disks, and knows of each whether its boot loader is good."""

    failed: set[str]  # ports whose module came to nothing

    def look(self) -> None: ...
    def verdict(self, disk: Disk) -> tuple[str, str]: ...  # (version, why not)
    def close(self) -> None: ...


class NoLoader:
    """For cards, and for modules that came up by another hand."""

    def __init__(self) -> None:
        self.failed: set[str] = set()

    def look(self) -> None:
        """Bring nothing up."""

    def verdict(self, disk: Disk) -> tuple[str, str]:
        """Know nothing of a boot loader."""
        del disk
        return "", ""

    def close(self) -> None:
        """Nothing to put away."""


@dataclass
class Rules:
    """Which disks a station takes."""

    ports: Sequence[str] = ()  # prefixes of USB ports; all if empty
    total: int | None = None
    once: int = 0  # ends when so many have ended, good or not
    at_once: int = AT_ONCE
    pause_s: float = 1.0
    loader: Loader = field(default_factory=NoLoader)


class Station:
    """Looks at what is plugged in, starts what is new, until all are good or it is stopped."""

    def __init__(self, bench: Bench, kernel: Kernel, rules: Rules) -> None:
        self._bench, self._kernel, self._rules = bench, kernel, rules
        self._pool = ThreadPoolExecutor(max_workers=rules.at_once)
        self._working: dict[str, Future[Outcome]] = {}  # by serial
        self._handled: set[str] = set()  # pluggings that were dealt with
        self._seen: set[str] = set()  # pluggings of the last look
        self._told: dict[str, str] = {}  # by plugging: what a person was told of it
        self._tries: Counter[str] = Counter()  # by serial
        self._failed: set[str] = set()  # serials whose last try failed
        self._ended: set[str] = set()  # serials that came to an end in this run
        self._left_alone: set[str] = set() if rules.ports else set(self._here())

    @property
    def good(self) -> int:
        """Count the good units of the delivery, whichever run made them."""
        bench = self._bench
        return bench.roster.good if bench.roster else len(bench.book.done_serials())

    @property
    def total(self) -> int | None:
        """Return how many there are to be, if that is known."""
        return self._bench.roster.total if self._bench.roster else self._rules.total

    def run(self) -> int:
        """Work until the last unit is good or somebody stops it; 0 if nothing is left undone."""
        bars = self._bench.bars
        for disk in disks.find(self._kernel):
            if disk.usb and _key(disk) in self._left_alone:
                bars.note(f"{disk.name}: {disk.described}: was here before, is left alone")
        bars.score(self.good, self.total)
        try:
            while not self._bench.stop.is_set() and not self._is_complete():
                self.look()
                self._bench.stop.wait(self._rules.pause_s)
        finally:
            self._pool.shutdown(wait=True)
            self._rules.loader.close()
            self._collect()
        failed = self._failed or self._rules.loader.failed
        done = self.good >= self.total if self.total and not self._rules.once else not failed
        bars.note(f"{self.good} good" + (f" of {self.total}" if self.total else ""))
        return 0 if done else 1

    def look(self) -> None:
        """Take up what is new, and see what has ended."""
        self._collect()
        self._rules.loader.look()
        found = {_plugging(disk): disk for disk in disks.find(self._kernel, self._bench.image.size)}
        self._handled &= found.keys()
        self._told = {key: said for key, said in self._told.items() if key in found}
        settled = [key for key in found if key in self._seen]  # its siblings had time to appear
        self._seen = set(found)
        for key in settled:
            if key not in self._handled:
                self._consider(key, found[key], list(found.values()))

    def _consider(self, key: str, disk: Disk, others: Sequence[Disk]) -> None:
        if not self._is_ours(disk):
            return
        version, reason = self._rules.loader.verdict(disk)
        reason = next(self._objections(disk, others), reason)
        if reason:
            if self._told.get(key) != reason:  # once, not at every look
                self._told[key] = reason
                self._bench.bars.end(disk.name, f"{disk.described}: {reason}", good=False)
                if self._rules.once:
                    self._ended.add(_key(disk))
                    self._failed |= {_key(disk)} - self._bench.book.done_serials()
            return
        if self.total and self.good + len(self._working) >= self.total:
            return
        self._handled.add(key)
        self._tries[disk.serial] += 1
        target = Target(disk.path, self._kernel, disk)
        self._working[disk.serial] = self._pool.submit(self._bench.work, target, version)

    def _is_ours(self, disk: Disk) -> bool:
        ports = self._rules.ports
        chosen = not ports or any(_under(disk.usb, port) for port in ports)
        return bool(disk.usb) and chosen and _key(disk) not in self._left_alone

    def _objections(self, disk: Disk, others: Sequence[Disk]) -> Iterator[str]:
        if disk.refusal:
            yield disk.refusal.what
        if not disk.serial:
            yield "has no serial, so it could not be told from the next: flash it by its name"
        if disk.size > LARGEST:
            yield "is larger than any card or module of a terminal"
        if disk.serial in self._bench.book.done_serials():
            yield "is good already: take it out"
        twins = [other.path for other in others if other.serial == disk.serial]
        if disk.serial in self._working or (len(twins) > 1 and not _is_emmc(disk, others)):
            yield "has the serial of another disk here"
        if self._tries[disk.serial] >= TRIES_MAX:
            yield f"failed {TRIES_MAX} times: put it aside"

    def _collect(self) -> None:
        for serial, future in list(self._working.items()):
            if not future.done():
                continue
            del self._working[serial]
            self._ended.add(serial)
            if future.result().result is Result.GOOD:
                self._failed.discard(serial)
            else:
                self._failed.add(serial)
            self._bench.bars.score(self.good, self.total)

    def _is_complete(self) -> bool:
        if self._rules.once:
            ended = len(self._ended) + len(self._rules.loader.failed)
            return ended >= self._rules.once and not self._working
        return self.total is not None and self.good >= self.total and not self._working

    def _here(self) -> Iterator[str]:
        return (_key(disk) for disk in disks.find(self._kernel))


def _key(disk: Disk) -> str:
    """Return what a disk is known by, however often it is plugged in."""
    return disk.serial or f"{disk.usb}/{disk.name}"


def _plugging(disk: Disk) -> str:
    """Return what is another each time a disk is plugged in."""
    return f"{disk.name}/{disk.sequence}/{disk.serial}"


def _under(port: str, hub: str) -> bool:
    """Tell whether a port is this one or one of this hub."""
    return port == hub or port.startswith((f"{hub}.", f"{hub}-"))


def _is_emmc(disk: Disk, others: Sequence[Disk]) -> bool:
    """Tell a module's eMMC from the NVMe disk that it lends under the same serial."""
    twins = [other for other in others if other.serial == disk.serial]
    emmc = [other for other in twins if "mmcblk" in other.model]
    return emmc == [disk]
