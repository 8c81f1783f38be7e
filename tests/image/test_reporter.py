"""How far the build is: a bar for a person at a terminal, plain lines for a log."""

import io
import re
from dataclasses import dataclass, field

import pytest

from imagebuilder import reporter
from imagebuilder.reporter import Reporter, make_reporter


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Clock:
    """Stands in for module time; tells the times that it was given, one after the other."""

    seconds: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds.pop(0)


def build(to: Reporter) -> None:
    to.note("base debian: as asked")
    to.begin("rootfs")
    to.progress(42, "Setting up dash")
    to.note("~ dash 1 → 2")
    to.end("made")


def test_a_file_gets_plain_lines_without_a_bar() -> None:
    log = io.StringIO()
    build(make_reporter(log))
    *told, last = log.getvalue().splitlines()
    assert told == ["base debian: as asked", "rootfs: ~ dash 1 → 2"]
    assert re.fullmatch(r"rootfs: made in \d+\.\d s", last)


def test_a_log_hears_of_progress_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter, "time", Clock([0, 1, 16, 16, 17, 20]))
    log = io.StringIO()
    to = make_reporter(log)
    to.begin("rootfs")
    for percent in (10, 42, 43):
        to.progress(percent, "Setting up dash")
    to.end("made")
    assert log.getvalue().splitlines() == ["rootfs:  42% Setting up dash", "rootfs: made in 20.0 s"]


def test_a_terminal_shows_stage_percent_and_time_elapsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    screen = Terminal()
    build(make_reporter(screen))
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert re.search(r"rootfs .* 42% .*\d:\d\d:\d\d Setting up dash", shown), shown
    assert "rootfs: ~ dash 1 → 2" in shown
    assert re.search(r"rootfs +made in \d+\.\d s\n", shown)
