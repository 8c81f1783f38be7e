"""A terminal that joins: what is open first, each event checked by itself, and the history then."""

import random
from collections.abc import Sequence

import pytest

from comptoir.commands import AttestRetired, OpenCheck, RetireTerminal, SetStaff
from comptoir.domain.envelope import Sealed
from comptoir.journal import Admission, Journal, OwnLog, Signer, Stamp, folding, joining, verify
from comptoir.journal.joining import Place
from tests.app.journal.test_admission import MACHINE, forge, give, reasons
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.past import check_of

DAY = "2026-11-22"
LOG = ("t2", 1)


def sell(box: Box, names: Sequence[str], *, paid: bool) -> None:
    with box.log.writing(Stamp("anna", DAY)) as writing:
        for name in names:
            bodies = check_of(name, random.Random(name))
            for body in bodies if paid else bodies[:-1]:
                writing.append(body)


def present(journal: Journal, events_max: int = 200) -> list[Sealed]:
    """Return the whole present, a page after the other."""
    batch: list[Sealed] = []
    place: Place | None = Place()
    while place is not None:
        page = joining.page(journal, place, events_max, 1 << 20)
        assert len(page.events) <= events_max
        batch += page.events
        place = page.end
    return batch


def tell(to: Box, batch: Sequence[Sealed], *authors: Box) -> Admission:
    trust = {author.name: author.card for author in (to, *authors)}
    return joining.admit_ahead(to.journal, batch, restaurant="r1", trust=trust)


def tell_history(to: Box, author: Box, step: int = 7) -> None:
    batch = author.sealed()
    trust = {author.name: author.card}
    for first in range(0, len(batch), step):
        part = batch[first : first + step]
        to.journal.admit(part, restaurant="r1", trust=trust, fold_later=True)


def fold_all(box: Box) -> None:
    while joining.fold(box.journal, 3):
        pass


@pytest.fixture
def pair(make_box: BoxMaker) -> tuple[Box, Box]:
    """Return a newcomer, and one that has sold: four checks that are done, two open, a waiter."""
    here, there = make_box("t1"), make_box("t2", letter="B")
    sell(there, ["d1", "d2", "d3"], paid=True)
    there.desk.run(SetStaff("k", "ben", "Ben", "waiter", "4711"), BOSS)
    sell(there, ["o1", "o2"], paid=False)
    sell(there, ["d4"], paid=True)
    return here, there


@pytest.mark.parametrize("events_max", [1, 3, 200])
def test_what_is_open_or_in_force_comes_whole_and_nothing_else(
    pair: tuple[Box, Box], events_max: int
) -> None:
    here, there = pair
    assert not tell(here, present(there.journal, events_max), there).problems
    for name in ("check:o1", "check:o2", "staff:ben"):
        assert here.journal.state(name) == there.journal.state(name)
    assert {check.id for check in here.journal.states("check")} == {"o1", "o2"}


def test_what_came_ahead_is_not_held_not_served_and_no_copy(pair: tuple[Box, Box]) -> None:
    here, there = pair
    tell(here, present(there.journal), there)
    assert here.journal.vector() == {}
    assert here.journal.range(LOG, 1, 1000, 1 << 20) == []
    assert here.journal.hash_at(LOG, there.journal.head(LOG).seq - 20) is None
    assert not joining.settled(here.journal)


def test_the_history_behind_it_comes_to_what_its_author_has(pair: tuple[Box, Box]) -> None:
    here, there = pair
    tell(here, present(there.journal), there)
    tell_history(here, there)
    assert here.journal.vector() == there.journal.vector()
    assert here.journal.range(LOG, 1, 1000, 1 << 20) == there.sealed()
    assert here.journal.digest() != there.journal.digest()
    fold_all(here)
    assert here.journal.digest() == there.journal.digest()
    assert joining.settled(here.journal)
    assert verify(here.journal, {"t2": there.card}).faults == []


def test_what_waits_to_be_folded_is_no_fault_and_survives_the_program(
    pair: tuple[Box, Box],
) -> None:
    here, there = pair
    tell_history(here, there)
    assert joining.waiting(here.journal)
    assert verify(here.journal, {"t2": there.card}).faults == []
    again = Journal(here.journal.path)
    assert list(folding.stale(again)) in ([], [[]])
    while joining.fold(again, 1):
        pass
    assert again.digest() == there.journal.digest()
    again.close()


def test_a_command_sees_a_check_that_was_not_folded_yet(pair: tuple[Box, Box]) -> None:
    here, there = pair
    tell_history(here, there)
    with here.log.writing(Stamp("anna", DAY)) as writing:
        assert writing.state("check:o1") == there.journal.state("check:o1")


def test_what_its_author_did_not_sign_is_not_let_in_ahead(pair: tuple[Box, Box]) -> None:
    here, there = pair
    forged = forge(there.sealed()[-1], Signer.generate(), actor="thief")
    assert reasons(tell(here, [forged], there)) == ["forged"]
    assert reasons(tell(here, there.sealed())) == ["unknown author"] * len(there.sealed())
    assert here.journal.position() == 0


def test_another_event_in_the_place_of_one_that_came_ahead_freezes_the_log(
    pair: tuple[Box, Box],
) -> None:
    here, there = pair
    last = there.sealed()[-1]
    other = forge(last, there.signer, actor="the twin")
    tell(here, [other], there)
    admission = give(here, there.sealed(), there)
    assert "equivocation" in reasons(admission)
    seq = len(there.sealed())
    assert here.journal.head(LOG) == there.journal.head(LOG)
    assert here.journal.quarantined() == [(*LOG, seq, "equivocation")]
    assert verify(here.journal, {"t2": there.card}).faults == []


def test_what_a_retired_terminal_wrote_too_late_does_not_come_in_ahead(
    make_box: BoxMaker,
) -> None:
    here, there, thief = make_box("t1"), make_box("t2", letter="B"), make_box("t3", letter="C")
    trust = {one.name: one.card for one in (here, there, thief)}
    sell(thief, ["o1"], paid=False)
    there.journal.admit(thief.sealed(), restaurant="r1", trust=trust)
    there.desk.run(RetireTerminal("out", "t3", "stolen"), BOSS)
    there.desk.run(AttestRetired("seen", "t3"), MACHINE)
    sell(thief, ["late"], paid=False)
    tell(here, thief.sealed(), thief)
    assert here.journal.state("check:late").number
    tell(here, present(there.journal), there, thief)
    assert not here.journal.state("check:late").number
    assert {seq for *_, seq, _ in here.journal.quarantined()} == set(range(12, 23))
    assert here.journal.state("check:o1") == there.journal.state("check:o1")


def test_own_numbers_that_came_back_out_of_turn_are_not_used_again(make_box: BoxMaker) -> None:
    old, new = make_box("t1"), make_box("t1", opened=False)
    for n in range(3):
        old.desk.run(OpenCheck(f"k{n}", f"c{n}"), BOSS)
    batch = old.sealed()
    trust = {"t1": old.card}
    new.journal.admit(batch[:1], restaurant="r1", trust=trust)
    joining.admit_ahead(new.journal, batch[2:], restaurant="r1", trust=trust)
    log = OwnLog(new.journal, old.signer, new.clock, restaurant="r1", terminal="t1")
    assert log.open(peers_answered=True, peers_head=(1, 1)) == 2
