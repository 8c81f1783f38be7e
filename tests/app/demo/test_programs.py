import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from comptoir.demo.programs import Program, ProgramEnded

LATER_S = 60.0


def program(tmp_path: Path, code: str) -> Program:
    return Program("it", [sys.executable, "-c", code], tmp_path / "log", dict(os.environ))


def test_a_program_that_is_killed_has_no_last_word(tmp_path: Path) -> None:
    one = program(tmp_path, "import time; time.sleep(60)")
    one.start()
    assert one.alive
    one.kill()
    assert not one.alive
    assert one.pid is None


def test_a_program_that_ended_is_reported_with_its_last_words(tmp_path: Path) -> None:
    one = program(tmp_path, "raise SystemExit('no such port')")
    one.start()
    until = time.monotonic() + LATER_S
    while one.alive and time.monotonic() < until:
        time.sleep(0.05)
    with pytest.raises(ProgramEnded, match="it ended: no such port"):
        one.require_alive()


def test_a_program_that_does_not_listen_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.demo.programs.STOP_S", 0.5)
    ready = tmp_path / "ready"
    one = program(
        tmp_path,
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)",
    )
    one.start()
    until = time.monotonic() + LATER_S
    while not ready.exists() and time.monotonic() < until:
        time.sleep(0.05)
    one.stop()
    assert not one.alive


def test_programs_end_with_the_demo_even_when_it_is_killed(tmp_path: Path) -> None:
    starter = (
        "import sys, os, time, pathlib; from comptoir.demo.programs import Program;"
        f"p = Program('it', [sys.executable, '-c', 'import time; time.sleep(60)'],"
        f" pathlib.Path({str(tmp_path / 'log')!r}), dict(os.environ));"
        "p.start(); print(p.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE) as demo:
        assert demo.stdout is not None
        child = int(demo.stdout.readline())
        demo.send_signal(signal.SIGKILL)
    until = time.monotonic() + LATER_S
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1][0]
    except FileNotFoundError:
        return False
    return state != "Z"
