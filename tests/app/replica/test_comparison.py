"""Hashes over the projections are compared at equal vectors only, of the same code only."""

import pytest

from comptoir.bus import wire
from comptoir.commands import OpenCheck
from comptoir.domain.envelope import Head
from comptoir.journal import folding
from comptoir.replica.comparison import EVERY_S, Comparison
from tests.fakes.box import BOSS, Box

WRONG = "0" * 64


@pytest.fixture
def box(box: Box) -> Box:
    """Return a terminal with three checks, one of which it shows wrongly."""
    for n in range(3):
        box.desk.run(OpenCheck(f"k{n}", f"c{n}"), BOSS)
    with box.journal.transaction() as db:
        db.execute("UPDATE projection SET hash = 'wrong' WHERE aggregate = 'check:c1'")
    return box


def told(box: Box, **change: object) -> wire.Vector:
    """Return what a peer says that has the same events, and other projections."""
    said = {
        "heads": wire.head_list(box.journal.vector()),
        "whole": True,
        "folded": WRONG,
        "fold": folding.version(),
    }
    return wire.Vector("i", 1, **said | change)  # type: ignore[arg-type]


def mended(box: Box, vector: wire.Vector) -> list[str]:
    """Return what was found wrong, and folded anew, after hearing it."""
    comparison = Comparison(box.journal)
    comparison.heard("t2", vector, box.journal.vector(), 0.0)
    for _ in range(3):
        comparison.look()
    return comparison.mended


def test_at_equal_vectors_a_difference_is_looked_into_and_mended(box: Box) -> None:
    assert mended(box, told(box)) == ["check:c1"]
    assert mended(box, told(box)) == [], "it is right now, whatever the other shows"


def test_other_events_may_show_something_else(box: Box) -> None:
    ahead = wire.head_list({("t1", 1): Head(4, "f" * 64)})
    assert mended(box, told(box, heads=ahead)) == []


@pytest.mark.parametrize(
    "change",
    [{"fold": "of another version"}, {"folded": ""}, {"whole": False}],
    ids=["other code", "nothing told", "some logs only"],
)
def test_what_cannot_be_compared_is_not(box: Box, change: dict[str, object]) -> None:
    assert mended(box, told(box, **change)) == []


def test_equal_hashes_are_no_difference(box: Box) -> None:
    assert mended(box, told(box, folded=box.journal.digest())) == []


def test_a_hash_is_made_anew_at_most_every_so_often(box: Box) -> None:
    comparison = Comparison(box.journal)
    assert comparison.digest(box.journal.vector(), 0.0) == box.journal.digest()
    box.desk.run(OpenCheck("k4", "c4"), BOSS)
    assert comparison.digest(box.journal.vector(), EVERY_S - 1) == ""
    assert comparison.digest(box.journal.vector(), EVERY_S) == box.journal.digest()
