"""R10: evenings of disasters, simulated; nothing SAFE is lost, nobody diverges, money is told."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.__main__ import kept_seeds
from tests.faults.controls import CONTROLS
from tests.faults.simulation import run

SEEDS = 4
SEEDS_LONG = 2000
SEEDS_CONTROLLED = (5, 6, 7)
SEEN_IN_ANY_EVENING = ("belief", "arrival-order", "one-payment", "no-pull")


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.getLogger("comptoir").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_an_evening_of_disasters_loses_nothing(seed: int) -> None:
    verdict = run(seed)
    sys.stdout.write(f"seed {seed}: {verdict.counts}\n")
    assert verdict.faults == [], "\n".join(verdict.log)


@pytest.mark.parametrize("seed", kept_seeds())
def test_a_seed_that_failed_once_fails_no_more(seed: int) -> None:
    verdict = run(seed)
    assert verdict.faults == [], "\n".join(verdict.log)


@pytest.mark.parametrize("control", SEEN_IN_ANY_EVENING)
def test_control_with_a_defence_off_the_oracle_sees_it(control: str) -> None:
    with CONTROLS[control]():
        assert any(run(seed).faults for seed in SEEDS_CONTROLLED)


def test_a_seed_always_runs_alike() -> None:
    told = set()
    for hashing in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults", "--seed", "5"],
            env=os.environ | {"PYTHONHASHSEED": hashing},
            capture_output=True,
            text=True,
            check=False,
        )
        told.add("\n".join(done.stdout.splitlines()[:-1]) + done.stdout.split(" s: ")[-1])
    assert len(told) == 1


@pytest.mark.long
def test_two_thousand_evenings_of_disasters_lose_nothing(tmp_path: Path) -> None:
    jobs = str(os.cpu_count() or 1)
    command = ["-m", "tests.faults", "--first", "1000", "--seeds", str(SEEDS_LONG), "--jobs", jobs]
    with (tmp_path / "said").open("w") as said:
        code = subprocess.run([sys.executable, *command], stdout=said, check=False).returncode
    text = (tmp_path / "said").read_text()
    sys.stdout.write(text.splitlines()[-1])
    assert code == 0, text
