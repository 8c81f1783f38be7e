"""A manager opens all terminals to a technician, and shuts them again."""

import pytest

from comptoir.commands import Actor
from comptoir.commands.visits import EndVisit, GrantVisit, VisitRefused, visit
from comptoir.domain.errors import NotAllowed
from comptoir.domain.house import WAITER
from comptoir.domain.visit import KeyRefused, left_ms
from tests.app.domain.test_visit import KEY
from tests.fakes.box import BOSS, NOON_MS, Box, BoxMaker

MINUTE_MS = 60_000


def test_a_visit_is_granted_for_an_hour_and_ended_before(box: Box) -> None:
    box.desk.run(GrantVisit("g", "  Anna  B. ", f"{KEY} anna@laptop"), BOSS)
    granted = visit(box.journal)
    assert (granted.technician, granted.key, granted.by) == ("Anna B.", KEY, BOSS.id)
    assert left_ms(granted, NOON_MS + MINUTE_MS) == 59 * MINUTE_MS
    box.desk.run(EndVisit("e"), BOSS)
    assert left_ms(visit(box.journal), NOON_MS + MINUTE_MS) == 0


def test_what_is_over_is_not_ended_once_more(box: Box) -> None:
    assert box.desk.run(EndVisit("e0"), BOSS).events == ()
    box.desk.run(GrantVisit("g", "Anna", KEY, 5), BOSS)
    box.clock.ms += 5 * MINUTE_MS
    assert box.desk.run(EndVisit("e1"), BOSS).events == ()


def test_a_second_visit_takes_the_place_of_the_first(box: Box) -> None:
    box.desk.run(GrantVisit("g1", "Anna", KEY, 60), BOSS)
    box.desk.run(EndVisit("e"), BOSS)
    box.desk.run(GrantVisit("g2", "Bob", KEY, 5), BOSS)
    assert visit(box.journal).technician == "Bob"
    assert left_ms(visit(box.journal), NOON_MS) == 5 * MINUTE_MS


@pytest.mark.parametrize("command", [GrantVisit("c", "Anna", KEY), EndVisit("c")])
def test_only_managers_decide(box: Box, command: GrantVisit | EndVisit) -> None:
    with pytest.raises(NotAllowed):
        box.desk.run(command, Actor("lucas", WAITER))


def test_a_visit_without_a_name_a_key_or_an_end_is_refused(box: Box) -> None:
    for name, key, minutes in (("", KEY, 60), ("Anna", KEY, 0), ("Anna", KEY, 61)):
        with pytest.raises(VisitRefused):
            box.desk.run(GrantVisit("c", name, key, minutes), BOSS)
    with pytest.raises(KeyRefused):
        box.desk.run(GrantVisit("c", "Anna", "hello"), BOSS)


def test_every_terminal_of_the_house_hears_of_it(box: Box, make_box: BoxMaker) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY), BOSS)
    other = make_box("t2")
    other.journal.admit(box.sealed(), restaurant=box.log.restaurant, trust={box.name: box.card})
    assert visit(other.journal) == visit(box.journal)
