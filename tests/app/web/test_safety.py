import threading
import time
from dataclasses import replace

import pytest

from comptoir.bus.wire import MessageRefused, Newest, Safety, pack_json
from comptoir.domain.envelope import Envelope, Head
from comptoir.domain.events import Event
from comptoir.web.safety import Level, SafetyBoard

LOG = ("t1", 1)


def event(seq: int) -> Event:
    envelope = Envelope("r", "t1", 1, seq, 0, "2026-11-22", "ann", "x", 1, {}, "")
    return Event(envelope, None)


def report(safe: int = 0, cloud: int = 0, peers: tuple[str, ...] = ("t2",)) -> bytes:
    at = {"t1/1": safe}, {"t1/1": cloud} if cloud else {}
    return pack_json(Safety({}, *at, list(peers), 1))


@pytest.fixture
def board() -> SafetyBoard:
    return SafetyBoard(lambda: None)


def test_nothing_is_claimed_before_the_replica_program_spoke(board: SafetyBoard) -> None:
    assert board.level(LOG, 1) is Level.LOCAL
    assert board.wait([event(1)], 10_000) is Level.LOCAL
    assert not board.standing({LOG: Head(3, "")}).known


def test_levels_follow_the_marks(board: SafetyBoard) -> None:
    board.update(report(safe=5, cloud=3))
    levels = [board.level(LOG, seq) for seq in (3, 5, 6)]
    assert levels == [Level.CLOUD, Level.SAFE, Level.SOLO]


def test_with_no_live_peer_nobody_waits(board: SafetyBoard) -> None:
    board.update(report(peers=()))
    begin = time.monotonic()
    assert board.wait([event(1)], 60_000) is Level.SOLO
    assert time.monotonic() - begin < 30


def test_the_answer_waits_for_the_copy(board: SafetyBoard) -> None:
    board.update(report())
    threading.Timer(0.05, board.update, [report(safe=1)]).start()
    assert board.wait([event(1)], 10_000) is Level.SAFE


def test_after_a_wait_in_vain_nobody_waits_again_until_there_is_news(board: SafetyBoard) -> None:
    board.update(report())
    assert board.wait([event(1)], 20) is Level.SOLO
    begin = time.monotonic()
    assert board.wait([event(2)], 60_000) is Level.SOLO
    assert time.monotonic() - begin < 30
    board.update(report())
    threading.Timer(0.05, board.update, [report(safe=3)]).start()
    assert board.wait([event(3)], 10_000) is Level.SAFE


def hears(**answered: int) -> bytes:
    """Return a report in which these peers live and have answered so much of epoch 1."""
    heard = {peer: Newest(1, seq) for peer, seq in answered.items()}
    return pack_json(Safety({}, {}, {}, list(answered), 1, answered=heard))


def test_with_nobody_alive_everybody_has_answered(board: SafetyBoard) -> None:
    assert board.unanswered(event(1), 10_000) == ()
    board.update(report(peers=()))
    assert board.unanswered(event(1), 10_000) == ()


def test_money_waits_for_the_answer_of_all_that_live(board: SafetyBoard) -> None:
    board.update(hears(t2=4, t3=5))
    threading.Timer(0.05, board.update, [hears(t2=5, t3=5)]).start()
    assert board.unanswered(event(5), 10_000) == ()


def test_who_dies_meanwhile_is_not_waited_for(board: SafetyBoard) -> None:
    board.update(hears(t2=4, t3=5))
    threading.Timer(0.05, board.update, [hears(t3=5)]).start()
    assert board.unanswered(event(5), 10_000) == ()


def test_who_does_not_answer_is_named_once_until_it_has_answered(board: SafetyBoard) -> None:
    board.update(hears(t2=4, t3=9))
    assert board.unanswered(event(5), 20) == ("t2",)
    assert board.unanswered(event(6), 10_000) == ()
    board.update(hears(t2=5, t3=9))
    assert board.unanswered(event(6), 20) == ("t2",)


def test_an_answer_of_another_epoch_is_none(board: SafetyBoard) -> None:
    heard = {"t2": Newest(1, 900)}
    board.update(pack_json(Safety({}, {}, {}, ["t2"], 1, answered=heard)))
    young = replace(event(5), envelope=replace(event(5).envelope, epoch=2))
    assert board.unanswered(young, 20) == ("t2",)


def test_the_strip_counts_what_is_only_here(board: SafetyBoard) -> None:
    board.update(report(safe=5, cloud=3))
    standing = board.standing({LOG: Head(9, ""), ("t2", 1): Head(2, "")})
    assert (standing.unsafe, standing.cloud_behind) == (4 + 2, 6 + 2)
    assert (standing.peers, standing.cloud) == (("t2",), True)


def test_what_the_cloud_holds_is_not_counted_as_unsafe(board: SafetyBoard) -> None:
    board.update(report(safe=0, cloud=9, peers=()))
    assert board.standing({LOG: Head(9, "")}).unsafe == 0


def test_every_report_wakes_the_pages() -> None:
    woken: list[bool] = []
    SafetyBoard(lambda: woken.append(True)).update(report())
    assert woken == [True]


def test_a_message_that_is_none_is_refused(board: SafetyBoard) -> None:
    with pytest.raises(MessageRefused):
        board.update(b'{"safe": 3}')
