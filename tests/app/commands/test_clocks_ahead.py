"""Whose clock runs more than ten minutes ahead is written down, and marked alike everywhere."""

import itertools
from collections.abc import Sequence

import pytest

from comptoir.commands import OpenCheck
from comptoir.commands.clocks_ahead import AGAIN_MS, note_ahead
from comptoir.commands.desk import Around, Desk
from comptoir.domain.clock import RunsAhead
from comptoir.domain.envelope import Sealed, decode
from comptoir.domain.events import ClockSeenAhead
from comptoir.domain.hlc import AHEAD_MS_MAX
from tests.fakes.box import BOSS, Box, BoxMaker

HOUR_MS = 3_600_000


def clock_of(box: Box, name: str) -> RunsAhead:
    found: RunsAhead = box.journal.state(f"ahead:{name}")
    return found


def marked(box: Box, author: Box) -> list[int]:
    """Return which events of an author a terminal marks, by seq."""
    clock = clock_of(box, author.name)
    heard = [decode(one.payload) for one in box.journal.range((author.name, 1), 1, 1000, 1 << 20)]
    return [one.seq for one in heard if clock.mark(one.epoch, one.seq, one.hlc)]


def seen(box: Box) -> int:
    return sum(decode(one.payload).kind == ClockSeenAhead.KIND for one in box.sealed())


def hear(to: Box, *authors: Box) -> None:
    for author in authors:
        to.journal.admit(author.sealed(), restaurant="r1", trust={author.name: author.card})


@pytest.fixture
def fast(make_box: BoxMaker) -> Box:
    """Return a terminal that sold once in time, and then twice an hour ahead."""
    box = make_box("t2", letter="B")
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    box.clock.ms += HOUR_MS
    box.desk.run(OpenCheck("k2", "c2"), BOSS)
    box.desk.run(OpenCheck("k3", "c3"), BOSS)
    return box


def test_what_came_before_its_time_is_marked_and_counts_all_the_same(box: Box, fast: Box) -> None:
    hear(box, fast)
    note_ahead(box.desk)
    assert marked(box, fast) == [2, 3]
    assert clock_of(box, "t2").sightings[0].ahead_ms == HOUR_MS
    assert {check.id for check in box.journal.states("check")} == {"c1", "c2", "c3"}


def test_ten_minutes_are_nobodys_fault(box: Box, make_box: BoxMaker) -> None:
    other = make_box("t2")
    other.clock.ms += AHEAD_MS_MAX
    other.desk.run(OpenCheck("k", "c"), BOSS)
    hear(box, other)
    note_ahead(box.desk)
    assert seen(box) == 0


def test_who_does_not_know_the_time_judges_nobody(box: Box, fast: Box) -> None:
    hear(box, fast)
    note_ahead(Desk(box.log, box.clock, letter="A", around=Around(time_known=lambda: False)))
    assert seen(box) == 0


def test_one_who_runs_ahead_says_nothing_of_itself(fast: Box) -> None:
    fast.clock.ms -= HOUR_MS
    note_ahead(fast.desk)
    assert seen(fast) == 0


def test_it_is_written_once_in_ten_minutes_and_what_is_sold_meanwhile_is_marked_then(
    box: Box, fast: Box
) -> None:
    for number in range(4, 8):
        hear(box, fast)
        note_ahead(box.desk)
        fast.desk.run(OpenCheck(f"k{number}", f"c{number}"), BOSS)
    hear(box, fast)
    assert (seen(box), marked(box, fast)) == (1, [2, 3])
    box.clock.ms += AGAIN_MS
    note_ahead(box.desk)
    note_ahead(box.desk)
    assert (seen(box), marked(box, fast)) == (2, [2, 3, 4, 5, 6, 7])


def test_what_a_peer_wrote_need_not_be_written_again(
    box: Box, fast: Box, make_box: BoxMaker
) -> None:
    third = make_box("t3", letter="C")
    hear(third, fast)
    note_ahead(third.desk)
    hear(box, fast, third)
    note_ahead(box.desk)
    assert (seen(box), marked(box, fast)) == (0, [2, 3])


def test_in_whatever_order_it_is_heard_all_mark_the_same(
    box: Box, fast: Box, make_box: BoxMaker
) -> None:
    hear(box, fast)
    note_ahead(box.desk)
    box.clock.ms += AGAIN_MS
    fast.desk.run(OpenCheck("k4", "c4"), BOSS)
    hear(box, fast)
    note_ahead(box.desk)
    logs: dict[str, Sequence[Sealed]] = {"t1": box.sealed(), "t2": fast.sealed()}
    trust = {"t1": box.card, "t2": fast.card}
    digests, marks = set(), set()
    for number, order in enumerate(sorted(set(itertools.permutations(["t1"] * 2 + ["t2"] * 4)))):
        late = make_box(f"n{number}", letter="N")
        taken = {name: iter(log) for name, log in logs.items()}
        for name in order:
            late.journal.admit([next(taken[name])], restaurant="r1", trust=trust)
        digests.add(late.journal.digest())
        marks.add(tuple(marked(late, fast)))
    assert marks == {(2, 3, 4)}
    assert digests == {box.journal.digest()}
