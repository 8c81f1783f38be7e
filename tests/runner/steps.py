"""Runs one step in a process group of its own, within its time, and counts what it proved."""

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

GRACE_S = 10


@dataclass(frozen=True)
class Count:
    """Checks that held and checks that did not."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Add two counts."""
        return Count(self.passed + other.passed, self.failed + other.failed)


def run(words: tuple[str, ...], extra: list[str], seconds_max: float) -> Count:
    """Run one command; pytest's own tests are counted, any other command is one check."""
    if words[0] != "pytest":
        return _verdict(_code(words, seconds_max))
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = _code((*words, f"--junitxml={report}", *extra), seconds_max)
        return _tests(report, code)


def _verdict(code: int) -> Count:
    return Count(passed=1) if code == 0 else Count(failed=1)


def _tests(report: Path, code: int) -> Count:
    """Count a pytest report; a skipped test is a failed one, and so is a run without tests."""
    if not report.exists():
        return Count(failed=1)
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own pytest wrote it
    total, failed, errors, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    bad = failed + errors + skipped
    if code != 0 and bad == 0:
        bad = 1
    return Count(passed=max(0, total - bad), failed=bad)


def _code(words: tuple[str, ...], seconds_max: float) -> int:
    print(f"\n$ {' '.join(words)}", flush=True)
    try:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)
    except FileNotFoundError:
        print(f"there is no command {words[0]}", flush=True)
        return 127
    try:
        return process.wait(timeout=seconds_max)
    except subprocess.TimeoutExpired:
        print(f"ended: longer than {seconds_max / 60:.0f} minutes", flush=True)
        return -signal.SIGTERM
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the step and whatever it left behind in its group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=GRACE_S)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
