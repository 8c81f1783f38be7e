"""Counted faults of real programs, a network namespace each; and each defence off, to be seen."""

import os
import subprocess
import sys

import pytest

from tests.faults.netns.__main__ import refusal
from tests.faults.netns.cases import CASES

pytestmark = pytest.mark.system
RUN_S_MAX = 1800
USUAL = [
    name
    for name, case in CASES.items()
    if case.terminals == 3
    and case.cloud
    and not (case.settings or case.own_clocks or case.weather or case.prints or case.older)
]
SHORT, LONG = ("R2",), pytest.mark.long
OTHERS = [
    name if name in SHORT else pytest.param(name, marks=LONG) for name in CASES if name not in USUAL
]


def run(*arguments: str) -> tuple[int, str]:
    """Play cases; returns the exit status and what was said."""
    assert not refusal(), refusal()
    command = [sys.executable, "-m", "tests.faults.netns", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as program:
        try:
            said, _ = program.communicate(timeout=RUN_S_MAX)
        finally:
            program.terminate()  # it takes everything with it
    text = said.decode()
    sys.stdout.write(text)
    return program.returncode, text


@pytest.mark.long
def test_one_restaurant_through_every_fault_loses_nothing() -> None:
    code, text = run("--together", *USUAL)
    assert code == 0, text


@pytest.mark.parametrize("case", OTHERS)
def test_a_restaurant_of_another_make_loses_nothing(case: str, tmp_path: os.PathLike[str]) -> None:
    code, text = run(case, "--no-controls", "--state", str(tmp_path))
    assert code == 0, text


@pytest.mark.long
@pytest.mark.parametrize("case", list(CASES))
def test_control_with_its_defence_off_a_case_fails(case: str, tmp_path: os.PathLike[str]) -> None:
    code, text = run(case, "--controls", "--state", str(tmp_path))
    assert code == 0, text
