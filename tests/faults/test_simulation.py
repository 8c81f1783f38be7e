"""R10: evenings of disasters, simulated; nothing SAFE is lost, nobody diverges, money is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comptoir.signer import Signer
from tests.faults.__main__ import kept_seeds
from tests.faults.controls import CONTROLS
from tests.faults.evening import FORMS, brief, eight
from tests.faults.memory import RememberingVerifier
from tests.faults.simulation import run

SEEDS, SEEDS_EIGHT, SEEDS_TEST = 200, 2000, 10
SEEDS_WHOLE = 2
SEEDS_LONG = 2000
SEEDS_CONTROLLED = range(1, 101)  # until it is seen
SEEN_IN_ANY_EVENING = ("belief", "arrival-order", "one-payment", "no-pull", "no-cutoff")


@pytest.mark.parametrize("first", range(1, SEEDS + 1, SEEDS_TEST))
def test_an_evening_of_disasters_loses_nothing(first: int) -> None:
    for seed in range(first, first + SEEDS_TEST):
        verdict = run(seed, brief(seed))
        assert verdict.faults == [], f"seed {seed}: {verdict.faults}\n" + "\n".join(verdict.log)


@pytest.mark.parametrize("first", range(1, SEEDS_EIGHT + 1, SEEDS_TEST))
def test_eight_terminals_lose_nothing_in_two_thousand_evenings(first: int) -> None:
    for seed in range(first, first + SEEDS_TEST):
        verdict = run(seed, eight(seed))
        assert verdict.faults == [], f"seed {seed}: {verdict.faults}\n" + "\n".join(verdict.log)


@pytest.mark.parametrize("seed", range(1, SEEDS_WHOLE + 1))
def test_a_whole_evening_of_eight_terminals_loses_nothing(seed: int) -> None:
    verdict = run(seed)
    sys.stdout.write(f"seed {seed}: {verdict.counts}\n")
    assert verdict.faults == [], "\n".join(verdict.log)


@pytest.mark.parametrize(("seed", "form"), kept_seeds())
def test_a_seed_that_failed_once_fails_no_more(seed: int, form: str) -> None:
    verdict = run(seed, FORMS[form](seed))
    assert verdict.faults == [], "\n".join(verdict.log)


@pytest.mark.parametrize("control", SEEN_IN_ANY_EVENING)
def test_control_with_a_defence_off_the_oracle_sees_it(control: str) -> None:
    with CONTROLS[control]():
        assert any(run(seed, brief(seed)).faults for seed in SEEDS_CONTROLLED)


def test_a_signature_is_remembered_for_its_digest_alone() -> None:
    signer, other = Signer.generate(), Signer.generate()
    verifier = RememberingVerifier(signer.public)
    one, two = b"d" * 32, b"e" * 32
    for _ in range(2):
        assert verifier.accepts(one, signer.sign(one))
        assert not verifier.accepts(two, signer.sign(one))
        assert not verifier.accepts(one, other.sign(one))


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
@pytest.mark.parametrize("form", FORMS)
def test_two_thousand_evenings_of_disasters_lose_nothing(form: str, tmp_path: Path) -> None:
    jobs = str(os.cpu_count() or 1)
    which = ["--form", form, "--first", "1000", "--seeds", str(SEEDS_LONG), "--jobs", jobs]
    with (tmp_path / "said").open("w") as said:
        command = [sys.executable, "-m", "tests.faults", *which]
        code = subprocess.run(command, stdout=said, check=False).returncode
    text = (tmp_path / "said").read_text()
    sys.stdout.write(text.splitlines()[-1])
    assert code == 0, text
