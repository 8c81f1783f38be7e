"""R9: concurrent edits, all pairs and long evenings: one hash in any order of delivery."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.controls import CONTROLS
from tests.faults.edit_evenings import play
from tests.faults.edits import EDITS, Pairs
from tests.faults.simulation import IN_MEMORY

NAMES = tuple(EDITS)
STEPS = 1000
SEEDS = (
    30  # of twenty evenings each; Hypothesis's are much like each other, some without a conflict
)


@pytest.fixture(scope="module")
def pairs() -> Iterator[Pairs]:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        yield Pairs(Path(folder))


@pytest.mark.parametrize("one", NAMES)
def test_an_edit_beside_any_other_folds_alike_in_every_order(pairs: Pairs, one: str) -> None:
    at = NAMES.index(one)
    for n, other in enumerate(NAMES[at:], at):
        first, second = (one, other) if (at + n) % 2 else (other, one)
        assert len(pairs.digests(first, second)) == 1, f"{first} at t1, {second} at t2"


@pytest.mark.long
@pytest.mark.parametrize("one", NAMES)
def test_the_other_one_being_earlier_they_fold_alike_too(pairs: Pairs, one: str) -> None:
    for other in NAMES:
        assert len(pairs.digests(one, other)) == 1, f"{one} at t1, {other} at t2"


def test_control_folded_as_they_arrive_two_edits_do_not(pairs: Pairs) -> None:
    with CONTROLS["arrival-order"]():
        assert len(pairs.digests("move", "move")) == 2


def test_evenings_at_three_terminals_fold_alike_in_any_order() -> None:
    assert play(STEPS) > STEPS // 2


def many_evenings() -> None:
    for at in range(SEEDS):
        play(STEPS, at)


def test_control_folded_as_they_arrive_evenings_do_not() -> None:
    with CONTROLS["arrival-order"](), pytest.raises(AssertionError, match="other states"):
        many_evenings()
