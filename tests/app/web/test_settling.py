"""A starting till: it writes once its past is back, and never uses a number twice."""

from comptoir.bus.wire import Newest, Safety
from comptoir.commands import OpenCheck
from comptoir.web.settling import Answers, Settling
from tests.fakes.box import BOSS, Box, BoxMaker


def settling(box: Box) -> Settling:
    return Settling(box.log, wait_s=2.0, recovery_s=20.0)


def test_it_waits_for_everybody_but_not_for_ever(make_box: BoxMaker) -> None:
    box = make_box(opened=False)
    one = settling(box)
    some = Answers((0, 0))
    assert not one.step(some, 9.9), "a new restaurant's terminals start together"
    assert one.step(some, 10.0)
    assert box.log.epoch >= 100, "who did not answer may know epochs of this terminal"


def test_a_disk_with_a_past_waits_less(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    one = settling(box)
    assert not one.step(Answers((1, 1)), 1.9)
    assert one.step(Answers((1, 1)), 2.0)
    assert box.log.epoch == 2


def test_it_opens_at_once_when_all_have_answered(make_box: BoxMaker) -> None:
    box = make_box(opened=False)
    assert settling(box).step(Answers((0, 0), everyone=True), 0.0)
    assert box.log.epoch == 1


def test_it_waits_longer_for_own_events_that_a_peer_holds(make_box: BoxMaker) -> None:
    box = make_box(opened=False)
    one = settling(box)
    held_elsewhere = Answers((3, 7), everyone=True)
    assert not one.step(held_elsewhere, 29.9)
    assert one.step(held_elsewhere, 30.0)
    assert box.log.epoch == 4, "they did not come back"


def test_what_the_replica_says_is_read() -> None:
    report = Safety({}, {}, {}, [], 0, Newest(2, 9), everyone=True)
    assert Answers.of(report) == Answers((2, 9), everyone=True)
    assert Answers.of(None) == Answers.of(Safety({}, {}, {}, [], 0)) == Answers()
