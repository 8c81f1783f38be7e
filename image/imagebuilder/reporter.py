"""Tells a person how far the build is: a live bar on a terminal, plain lines elsewhere."""

import sys
import time
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

PLAIN_INTERVAL_S = 15


class Reporter(Protocol):
    """What stages and the pipeline tell; percent is 0-100 of the running stage."""

    def begin(self, stage: str) -> None: ...
    def progress(self, percent: float, text: str) -> None: ...
    def note(self, text: str) -> None: ...
    def end(self, outcome: str) -> None: ...


def make_reporter(stream: TextIO | None = None) -> Reporter:
    """Return a live reporter if `stream` (or stderr) is a terminal, else one that prints lines."""
    stream = stream or sys.stderr
    return LiveReporter(Console(file=stream)) if stream.isatty() else PlainReporter(stream)


class PlainReporter:
    """One line per beginning, end and note; progress at most every 15 s, for logs and CI."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._started = self._told = 0.0

    def begin(self, stage: str) -> None:
        self._stage = stage
        self._started = self._told = time.monotonic()

    def progress(self, percent: float, text: str) -> None:
        if time.monotonic() - self._told >= PLAIN_INTERVAL_S:
            self._told = time.monotonic()
            self._say(f"{percent:3.0f}% {text}")

    def note(self, text: str) -> None:
        self._say(text)

    def end(self, outcome: str) -> None:
        self._say(f"{outcome} in {time.monotonic() - self._started:.1f} s")
        self._stage = ""

    def _say(self, text: str) -> None:
        print(f"{self._stage}: {text}" if self._stage else text, file=self._stream, flush=True)


class LiveReporter:
    """A bar with stage, percent, elapsed time and what it does just now."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""
        self._progress: Progress | None = None
        self._task = TaskID(0)

    def begin(self, stage: str) -> None:
        self._stage = stage
        columns = (
            TextColumn("[bold]{task.description:<10}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[text]}", markup=False),
        )
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task = self._progress.add_task(stage, total=100, text="")
        self._progress.start()

    def progress(self, percent: float, text: str) -> None:
        if self._progress:
            self._progress.update(self._task, completed=percent, text=text[:60])

    def note(self, text: str) -> None:
        self._console.print(f"{self._stage}: {text}" if self._stage else text, markup=False)

    def end(self, outcome: str) -> None:
        if not self._progress:
            return
        elapsed = self._progress.tasks[0].elapsed or 0.0
        self._progress.stop()
        self._progress = None
        self._console.print(f"{self._stage:<10} {outcome} in {elapsed:.1f} s", markup=False)
        self._stage = ""
