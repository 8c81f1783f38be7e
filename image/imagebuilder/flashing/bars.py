"""Tells how far each of several units is: a live bar each on a terminal, plain lines elsewhere."""

import sys
import threading
from typing import Protocol, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from imagebuilder.flashing.digits import big


class Bars(Protocol):
    """What the units tell, each under its name, from threads of their own."""

    def begin(self, unit: str, about: str) -> None: ...
    def told(self, unit: str, step: str, share: float) -> None: ...
    def end(self, unit: str, said: str, *, good: bool) -> None: ...
    def note(self, text: str) -> None: ...
    def score(self, good: int, total: int | None) -> None: ...
    def close(self) -> None: ...


def make_bars(stream: TextIO = sys.stderr) -> Bars:
    """Return live bars if `stream` is a terminal, else lines."""
    return LiveBars(Console(file=stream)) if stream.isatty() else PlainBars(stream)


class PlainBars:
    """One line per unit and step, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._steps: dict[str, str] = {}

    def begin(self, unit: str, about: str) -> None:
        self._say(unit, about)

    def told(self, unit: str, step: str, share: float) -> None:
        del share
        if self._steps.get(unit) != step:
            self._steps[unit] = step
            self._say(unit, step)

    def end(self, unit: str, said: str, *, good: bool) -> None:
        self._steps.pop(unit, None)
        self._say(unit, said if good else f"FAILED: {said}")

    def note(self, text: str) -> None:
        with self._lock:
            print(text, file=self._stream, flush=True)

    def score(self, good: int, total: int | None) -> None:
        self.note(f"{good}/{total}" if total else f"{good} good")

    def close(self) -> None:
        """Nothing to put away."""

    def _say(self, unit: str, text: str) -> None:
        self.note(f"{unit}: {text}")


class LiveBars:
    """A bar per unit, under the score; a unit that ended leaves its line above them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._tasks: dict[str, TaskID] = {}
        self._score = ""
        self._progress = Progress(
            TextColumn("[bold]{task.description}"),
            TextColumn("{task.fields[step]:<6}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:3.0f}%"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._live = Live(get_renderable=self._render, console=console, transient=True)

    def begin(self, unit: str, about: str) -> None:
        with self._lock:
            self._live.start()  # only now: before, a person may be asked something
            self._tasks[unit] = self._progress.add_task(unit, total=1.0, step="")
        self.note(f"{unit}: {about}")

    def told(self, unit: str, step: str, share: float) -> None:
        self._progress.update(self._tasks[unit], completed=share, step=step)

    def end(self, unit: str, said: str, *, good: bool) -> None:
        with self._lock:
            task = self._tasks.pop(unit, None)
        if task is not None:
            self._progress.remove_task(task)
        mark, style = ("✔", "green") if good else ("✘", "bold red")
        self._console.print(f"{mark} {unit}: {said}", style=style, markup=False)

    def note(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)

    def score(self, good: int, total: int | None) -> None:
        with self._lock:
            self._score = f"{good}/{total}" if total else str(good)
            self._live.start()

    def close(self) -> None:
        self._live.stop()

    def _render(self) -> Group:
        head = Text(big(self._score) + "\n", style="bold green")
        return Group(*([head] if self._score else []), self._progress)
