"""R14: an event that its author did not make so is never taken, and the true ones follow."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.mutants import MUTATIONS, QUARANTINED, REFUSED, Target, any_signature
from tests.faults.simulation import IN_MEMORY

NAMES = tuple(MUTATIONS)
TRIES, TRIES_LONG = 10, 450


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as made:
        yield Path(made)


def attacked(folder: Path, name: str, tries: int) -> tuple[set[str], list[str]]:
    """Return what became of a mutation, tried again and again, and what was wrong with that."""
    target, at = Target(folder, seed=NAMES.index(name)), NAMES.index(name)
    ends = {target.attack(at + n * len(NAMES)) for n in range(tries)}
    target.close()
    return ends, target.faults


@pytest.mark.parametrize("name", NAMES)
def test_a_mutant_is_refused_or_put_aside_and_the_true_events_follow(
    folder: Path, name: str
) -> None:
    wanted = QUARANTINED if name == "seq reused" else REFUSED
    assert attacked(folder, name, TRIES) == ({wanted}, [])


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_so_are_ten_thousand(folder: Path, name: str) -> None:
    wanted = QUARANTINED if name == "seq reused" else REFUSED
    assert attacked(folder, name, TRIES_LONG) == ({wanted}, [])


def test_control_when_every_signature_is_believed_a_forgery_is_taken(folder: Path) -> None:
    with any_signature():
        _, faults = attacked(folder, "forged", 1)
    assert "events taken" in faults[0]
