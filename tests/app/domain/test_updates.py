"""Whose turn it is comes out of the events, in whatever order they arrived."""

import itertools
from collections.abc import Sequence

import pytest

from comptoir.commands.updates import BeginUpdate, EndUpdate, OfferUpdate, updates
from comptoir.domain import events as ev
from comptoir.domain.envelope import Envelope
from comptoir.domain.events.updates import (
    UPDATES,
    UpdateBegun,
    UpdateEnded,
    UpdateHourSet,
    UpdateOffered,
    UpdateRuns,
    UpdateWanted,
)
from comptoir.domain.fold import fold
from comptoir.domain.records import dump
from comptoir.domain.updates import FAILED, KEPT, WENT_BACK, Updates
from tests.fakes.box import BOSS, BoxMaker
from tests.fakes.updating import PROGRAM

ONE, TWO = "1" * 64, "2" * 64
OFFERED = UpdateOffered(ONE, "comptoir-debian-terminal", "1.2", 1000)
NEWER = UpdateOffered(TWO, "comptoir-debian-terminal", "1.3", 1000)
BEGUN = UpdateBegun(ONE)

Said = tuple[str, ev.Body]


def folded(*said: Said) -> Updates:
    made = []
    for hlc, (terminal, body) in enumerate(said, 1):
        about = ("r", terminal, 1, hlc, hlc << 16, "2026-11-22", "x", body.KIND, 1, dump(body), "")
        made.append(ev.Event(Envelope(*about), body))
    state = fold(UPDATES, made)
    assert isinstance(state, Updates)
    return state


def turns(state: Updates) -> list[tuple[str, str]]:
    return [(one.terminal, one.outcome) for one in state.turns]


def test_who_began_first_has_the_turn_and_the_next_one_after_it() -> None:
    said: list[Said] = [("t1", OFFERED), ("t3", BEGUN), ("t2", BEGUN)]
    first = folded(*said).under_way()
    assert first is not None
    assert first.terminal == "t3"
    then = folded(*said, ("t3", UpdateEnded(ONE, KEPT))).under_way()
    assert then is not None
    assert then.terminal == "t2"


def test_what_a_retired_terminal_began_is_nobodys_turn() -> None:
    state = folded(("t1", OFFERED), ("t3", BEGUN), ("t2", BEGUN))
    now = state.under_way({"t3"})
    assert now is not None
    assert now.terminal == "t2"


@pytest.mark.parametrize("outcome", [FAILED, WENT_BACK])
def test_what_went_wrong_stops_the_round_until_it_is_wanted_again(outcome: str) -> None:
    said: Sequence[Said] = (("t1", OFFERED), ("t1", BEGUN), ("t1", UpdateEnded(ONE, outcome, "x")))
    stopped = folded(*said).stopped_by()
    assert stopped is not None
    assert (stopped.terminal, stopped.why) == ("t1", "x")
    again = folded(*said, ("t2", UpdateWanted(ONE)))
    assert again.stopped_by() is None
    assert again.offers[0].at_once


def test_another_offer_replaces_the_one_before_for_the_same_kind_alone() -> None:
    other = UpdateOffered("3" * 64, "comptoir-debian-bench", "1.0", 5)
    state = folded(("t1", OFFERED), ("t1", other), ("t1", BEGUN), ("t1", UpdateEnded(ONE, KEPT)))
    assert turns(state) == [("t1", KEPT)]
    state = folded(
        ("t1", OFFERED), ("t1", other), ("t1", BEGUN), ("t1", UpdateEnded(ONE, KEPT)), ("t2", NEWER)
    )
    assert {one.bundle for one in state.offers} == {TWO, other.bundle}
    assert state.turns == ()


def test_a_turn_with_what_was_offered_before_lasts_until_its_end_and_leaves_nothing() -> None:
    state = folded(("t1", OFFERED), ("t1", BEGUN), ("t2", NEWER), ("t2", UpdateBegun(TWO)))
    now = state.under_way()
    assert now is not None
    assert (now.terminal, now.bundle) == ("t1", ONE)
    over = folded(
        *(("t1", OFFERED), ("t1", BEGUN), ("t2", NEWER), ("t2", UpdateBegun(TWO))),
        ("t1", UpdateEnded(ONE, FAILED, "another one was offered meanwhile")),
    )
    assert turns(over) == [("t2", "")]
    assert over.stopped_by() is None


def test_nobody_begins_twice_nor_what_is_not_offered() -> None:
    state = folded(("t1", OFFERED), ("t1", BEGUN), ("t1", BEGUN), ("t2", UpdateBegun(TWO)))
    assert turns(state) == [("t1", "")]


def test_the_same_offer_again_changes_nothing() -> None:
    state = folded(("t1", OFFERED), ("t1", UpdateWanted(ONE)), ("t1", BEGUN), ("t2", OFFERED))
    assert turns(state) == [("t1", "")]
    assert state.offers[0].at_once


@pytest.mark.parametrize(("version", "spare"), [("1.0", True), ("1.2", False), ("1.0+b", False)])
def test_who_comes_with_an_older_version_than_another_was_updated_to_is_a_spare(
    version: str, spare: bool
) -> None:
    runs = ("t2", UpdateRuns(version, OFFERED.compatible))
    kept = (("t1", OFFERED), ("t1", BEGUN), ("t1", UpdateEnded(ONE, KEPT)))
    assert folded(*kept, runs).is_spare("t2") is spare
    assert not folded(runs, *kept).is_spare("t2")
    assert not folded(*kept[:2], runs).is_spare("t2")
    updated = ("t2", UpdateRuns("1.2", OFFERED.compatible))
    assert not folded(*kept, runs, updated).is_spare("t2")


def test_the_last_one_who_set_the_hour_counts() -> None:
    assert folded().minutes == -1
    assert folded(("t1", UpdateHourSet(60)), ("t2", UpdateHourSet(120))).minutes == 120


def test_any_order_of_arrival_gives_the_same(make_box: BoxMaker) -> None:
    boxes = [make_box(name) for name in ("t1", "t2", "t3")]
    offer = OfferUpdate("o", ONE, "comptoir-debian-terminal", "1.2", 1000)
    boxes[0].desk.run(offer, BOSS)
    trust = {box.name: box.card for box in boxes}
    for box in boxes[1:]:
        box.journal.admit(boxes[0].sealed(), restaurant="r1", trust=trust)
    for number, box in enumerate(boxes):
        box.clock.ms += 1000 * (3 - number)
        box.desk.run(BeginUpdate(f"b{number}", ONE), PROGRAM)
    boxes[1].desk.run(EndUpdate("e", ONE, KEPT), PROGRAM)
    found = set()
    for order in itertools.permutations(boxes):
        taker = make_box("t9")
        for box in order:
            taker.journal.admit(box.sealed(), restaurant="r1", trust=trust)
        state = updates(taker.journal)
        found.add(state)
        now = state.under_way()
        assert now is not None
        assert now.terminal == "t3"
    assert len(found) == 1
