"""A kind that an older version does not know is not written while one of the house runs it."""

import pytest

from comptoir.commands import OpenCheck
from comptoir.commands.clocks_ahead import SeeAhead, note_ahead
from comptoir.commands.desk import Actor, Around, Desk
from comptoir.domain.errors import VersionsMixed
from comptoir.domain.events import KINDS, SPEAKS, ClockSeenAhead
from comptoir.domain.house import SYSTEM
from tests.fakes.box import BOSS, Box, BoxMaker

PROGRAM = Actor("system", SYSTEM)
SEEN = SeeAhead("seen", "t2", 1, 1, 0, 3_600_000)


def desk_among(box: Box, speaks: int) -> Desk:
    """Return the desk in a house whose oldest terminal speaks this language."""
    return Desk(box.log, box.clock, letter="A", around=Around(speaks=lambda: speaks))


def test_it_is_refused_and_nothing_is_written(box: Box) -> None:
    with pytest.raises(VersionsMixed):
        desk_among(box, ClockSeenAhead.SINCE - 1).run(SEEN, PROGRAM)
    assert box.sealed() == []


def test_once_all_are_updated_the_same_command_is_carried_out(box: Box) -> None:
    with pytest.raises(VersionsMixed):
        desk_among(box, ClockSeenAhead.SINCE - 1).run(SEEN, PROGRAM)
    assert len(desk_among(box, ClockSeenAhead.SINCE).run(SEEN, PROGRAM).events) == 1


def test_what_all_know_is_written_meanwhile(box: Box) -> None:
    desk_among(box, 1).run(OpenCheck("k", "c"), BOSS)
    assert len(box.sealed()) == 1


def test_a_program_waits_without_a_word(box: Box, make_box: BoxMaker) -> None:
    fast = make_box("t2", letter="B")
    fast.clock.ms += 3_600_000
    fast.desk.run(OpenCheck("k", "c"), BOSS)
    box.journal.admit(fast.sealed(), restaurant="r1", trust={"t2": fast.card})
    note_ahead(desk_among(box, ClockSeenAhead.SINCE - 1))
    assert box.sealed() == []
    note_ahead(desk_among(box, ClockSeenAhead.SINCE))
    assert len(box.sealed()) == 1


def test_the_language_of_this_program_is_that_of_its_newest_kind() -> None:
    assert max(body.SINCE for body in KINDS.values()) == SPEAKS
