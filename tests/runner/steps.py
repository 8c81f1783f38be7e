"""Runs one step in a process group of its own, within its time, and counts what it proved."""

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

GRACE_S = 10


@dataclass(frozen=True)
class Count:
    """Checks that held and checks that did not."""

    passed: int = 0
    failed: int = 0
    # a line each: which, and what it said first
    failures: tuple[str, ...] = field(default=(), compare=False)

    def __add__(self, other: "Count") -> "Count":
        """Add two counts."""
        failures = self.failures + other.failures
        return Count(self.passed + other.passed, self.failed + other.failed, failures)


def run(words: tuple[str, ...], extra: list[str], seconds_max: float) -> Count:
    """Run one command; pytest's own tests are counted, any other command is one check."""
    if words[0] != "pytest":
        code = _code(words, seconds_max)
        return Count(passed=1) if code == 0 else _one_failure(words, code)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = _code((*words, f"--junitxml={report}", *extra), seconds_max)
        return _tests(report, code) if report.exists() else _one_failure(words, code)


def _tests(report: Path, code: int) -> Count:
    """Count a pytest report; a skipped test is a failed one, and so is a run without tests."""
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - our own pytest wrote it
    failures = tuple(f"{_id(case)}: {said}" for case in cases if (said := _complaint(case)))
    passed = len(cases) - len(failures)
    if code != 0 and not failures:
        failures = (f"pytest ended with {code}",)
    return Count(passed, len(failures), failures)


def _one_failure(words: tuple[str, ...], code: int) -> Count:
    return Count(failed=1, failures=(f"{' '.join(words)}: ended with {code}",))


def _complaint(case: ET.Element) -> str:
    """Return the first line of what went wrong; empty for a test that passed."""
    for kind in ("failure", "error", "skipped"):
        for found in case.iter(kind):
            said = found.get("message") or found.text or kind
            return next((line.strip() for line in said.splitlines() if line.strip()), kind)
    return ""


def _id(case: ET.Element) -> str:
    return f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")


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
