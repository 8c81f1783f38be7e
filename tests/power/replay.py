"""Plays a recording onto a copy of the disk, up to a cut: as exactly as a board would be left."""

import os
import random
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.power.recording import SECTOR, Entry
from tests.power.volatile import Flushes, Pending, newest, put, remember, survivors

PIECE = 1 << 20


@dataclass(frozen=True, order=True)
class Cut:
    """The power goes after the ``after``-th entry of a recording; the seed draws what survives."""

    after: int
    seed: int


@dataclass(frozen=True)
class Window:
    """A part of a disk, a partition's place, in bytes."""

    start: int
    size: int

    def part_of(self, entry: Entry) -> tuple[int, bytes]:
        """Return what of a write falls into it, and where."""
        first = max(entry.offset, self.start)
        end = min(entry.offset + len(entry.data), self.start + self.size)
        if end <= first:
            return 0, b""
        return first - self.start, entry.data[first - entry.offset : end - entry.offset]


@dataclass(frozen=True)
class State:
    """What a cut leaves: a file to look at, and how far the recording was when the power went."""

    cut: Cut
    end: int
    path: Path


def take_out(disk: Path, window: Window, target: Path) -> Path:
    """Copy a window of a disk into a file of its own; zeros become holes."""
    argv = ["dd", f"if={disk}", f"of={target}", "conv=sparse", f"bs={PIECE}", "status=none"]
    argv += [f"skip={window.start}", f"count={window.size}", "iflag=skip_bytes,count_bytes"]
    subprocess.run(argv, check=True)
    with target.open("r+b") as file:
        file.truncate(window.size)
    return target


def draw(entries: Iterable[Entry], window: Window, count: int, seed: int) -> list[Cut]:
    """Draw cuts among the entries that write there."""
    chance = random.Random(seed)
    writes = [number for number, entry in enumerate(entries, 1) if window.part_of(entry)[1]]
    return [Cut(chance.choice(writes), chance.getrandbits(32)) for _ in range(count)]


def draw_at(entries: Iterable[Entry], ends: Collection[int], count: int, seed: int) -> list[Cut]:
    """Draw cuts at the instants at which the recording was so long: when something was answered."""
    chance = random.Random(seed)
    then = [number for number, entry in enumerate(entries, 1) if entry.end in ends]
    return [Cut(chance.choice(then), chance.getrandbits(32)) for _ in range(count)]


def states(
    durable: Path,
    entries: Iterable[Entry],
    window: Window,
    cuts: Sequence[Cut],
    flushes: Flushes = Flushes.KEPT,
) -> Iterator[State]:
    """Make the state of each cut in turn; ``durable``, the window's file, moves on with them.

    The state's file is ``durable`` itself until the next one is asked for: to be read, not written.
    """
    waiting = sorted(cuts, reverse=True)
    pending: Pending = {}
    with durable.open("r+b") as file:
        for number, entry in enumerate(entries, 1):
            if not entry.is_flush:
                offset, data = window.part_of(entry)
                remember(pending, offset, data)
            elif flushes is Flushes.KEPT:
                put(file.fileno(), newest(pending))
                pending.clear()
            while waiting and waiting[-1].after == number:
                cut = waiting.pop()
                left = survivors(pending, random.Random(cut.seed))
                before = _sectors(file.fileno(), left)
                put(file.fileno(), left)
                yield State(cut, entry.end, durable)
                put(file.fileno(), before)
            if not waiting:
                return
    raise ValueError(f"the recording ends before {waiting[-1]}")


def _sectors(file: int, numbers: Mapping[int, bytes]) -> dict[int, bytes]:
    return {number: os.pread(file, SECTOR, number * SECTOR) for number in numbers}


def copied(state: State) -> Path:
    """Return a copy of a state's file, to be mended; the next one takes its place."""
    copy = state.path.with_name(f"{state.path.name}.cut")
    subprocess.run(["cp", "--sparse=always", state.path, copy], check=True)
    return copy
