"""Plays a recording onto a copy of the disk, up to a cut: as exactly as a board would be left."""

import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.power.recording import Entry, entries
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


def writes_in(recording: Path, window: Window) -> list[tuple[int, int]]:
    """Return the entries that write there, each with where the recording goes on after it."""
    numbered = enumerate(entries(recording), 1)
    return [(number, entry.end) for number, entry in numbered if window.part_of(entry)[1]]


def states(
    durable: Path,
    recording: Path,
    window: Window,
    cuts: Sequence[Cut],
    flushes: Flushes = Flushes.KEPT,
) -> Iterator[State]:
    """Make the state of each cut in turn; ``durable``, the window's file, moves on with them.

    The state's file is the receiver's until it asks for the next one.
    """
    waiting = sorted(cuts, reverse=True)
    pending: Pending = {}
    with durable.open("r+b") as file:
        for number, entry in enumerate(entries(recording), 1):
            if not entry.is_flush:
                offset, data = window.part_of(entry)
                remember(pending, offset, data)
            elif flushes is Flushes.KEPT:
                put(file.fileno(), newest(pending))
                pending.clear()
            while waiting and waiting[-1].after == number:
                cut = waiting.pop()
                yield State(cut, entry.end, _left(durable, pending, cut))
    assert not waiting, f"the recording ends before {waiting[-1]}"


def _left(durable: Path, pending: Pending, cut: Cut) -> Path:
    left = durable.with_name(f"{durable.name}.cut")
    subprocess.run(["cp", "--sparse=always", durable, left], check=True)
    with left.open("r+b") as file:
        put(file.fileno(), survivors(pending, random.Random(cut.seed)))
    return left
