import pytest

from comptoir.commands import Actor
from comptoir.commands.updates import (
    BeginUpdate,
    EndUpdate,
    OfferUpdate,
    SetUpdateHour,
    UpdateOlder,
    UpdateRefused,
    WantUpdate,
    updates,
)
from comptoir.domain.errors import NotAllowed
from comptoir.domain.house import WAITER
from comptoir.domain.updates import KEPT
from tests.fakes.box import BOSS, Box
from tests.fakes.updating import PROGRAM

ANNA = Actor("anna", WAITER)
ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
KIND = "comptoir-debian-terminal"


def offer(box: Box, bundle: str = ONE, version: str = "1.2", key: str = "o", size: int = 9) -> None:
    box.desk.run(OfferUpdate(f"{key}-{bundle[:4]}", bundle, KIND, version, size), BOSS)


def test_an_older_version_than_the_one_offered_is_refused_with_words(box: Box) -> None:
    offer(box)
    with pytest.raises(UpdateOlder, match=r"older than 1\.2"):
        offer(box, TWO, "1.1.9")
    offer(box, THREE, "1.2")
    assert [one.bundle for one in updates(box.journal).offers] == [THREE]


def test_the_same_offer_is_written_once(box: Box) -> None:
    offer(box)
    at = box.journal.position()
    offer(box, key="again")
    assert box.journal.position() == at


@pytest.mark.parametrize(
    ("bundle", "version", "size"),
    [("1" * 63, "1.2", 9), ("G" * 64, "1.2", 9), (ONE, "newest", 9), (ONE, "1.2", 0)],
)
def test_what_cannot_be_an_update_is_refused(
    box: Box, bundle: str, version: str, size: int
) -> None:
    with pytest.raises(UpdateRefused):
        offer(box, bundle, version, size=size)


def test_only_what_is_offered_is_wanted_or_begun(box: Box) -> None:
    with pytest.raises(UpdateRefused):
        box.desk.run(WantUpdate("w", ONE), BOSS)
    with pytest.raises(UpdateRefused):
        box.desk.run(BeginUpdate("b", ONE), PROGRAM)


def test_a_turn_is_begun_once_and_ended_once(box: Box) -> None:
    offer(box)
    for key in ("b1", "b2"):
        box.desk.run(BeginUpdate(key, ONE), PROGRAM)
    for key, outcome in (("e1", KEPT), ("e2", "failed")):
        box.desk.run(EndUpdate(key, ONE, outcome, "x" * 1000), PROGRAM)
    (turn,) = updates(box.journal).turns
    assert (turn.terminal, turn.outcome, len(turn.why)) == ("t1", KEPT, 300)


@pytest.mark.parametrize("minutes", [-2, 1440])
def test_the_hour_is_a_time_of_day(box: Box, minutes: int) -> None:
    with pytest.raises(UpdateRefused):
        box.desk.run(SetUpdateHour("h", minutes), BOSS)
    box.desk.run(SetUpdateHour("h", 23 * 60 + 59), BOSS)
    box.desk.run(SetUpdateHour("d", -1), BOSS)


def test_managers_decide_and_programs_report(box: Box) -> None:
    offer(box)
    for command in (
        OfferUpdate("a", TWO, KIND, "2", 9), WantUpdate("b", ONE), SetUpdateHour("c", 60),
        BeginUpdate("d", ONE), EndUpdate("e", ONE, KEPT),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            box.desk.run(command, ANNA)
    with pytest.raises(NotAllowed):
        box.desk.run(BeginUpdate("f", ONE), BOSS)
