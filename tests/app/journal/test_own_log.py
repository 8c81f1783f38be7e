import pytest

from comptoir.commands import OpenCheck
from comptoir.domain.envelope import decode
from comptoir.domain.hlc import AHEAD_MS_MAX
from comptoir.journal import Stamp, Verifier
from comptoir.journal.own_log import EpochNotOpen, OwnLog
from tests.fakes.box import BOSS, Box, BoxMaker


def again(box: Box) -> OwnLog:
    """Return the log as the next start of the same terminal finds it."""
    return OwnLog(box.journal, box.signer, box.clock, restaurant="r1", terminal=box.name)


def test_events_are_numbered_chained_and_signed(box: Box) -> None:
    for i in range(3):
        box.desk.run(OpenCheck(f"k{i}", f"c{i}"), BOSS)
    previous = ""
    verifier = Verifier(box.card.signing_key)
    for seq, sealed in enumerate(box.sealed(), 1):
        envelope = decode(sealed.payload)
        assert (envelope.epoch, envelope.seq, envelope.prev_hash) == (1, seq, previous)
        assert verifier.accepts(sealed.digest, sealed.signature)
        previous = sealed.digest.hex()


def test_nothing_is_written_before_the_epoch_is_settled(make_box: BoxMaker) -> None:
    box = make_box(opened=False)
    with pytest.raises(EpochNotOpen), box.log.writing(Stamp("anna", "2026-11-22")):
        pass


def test_after_a_clean_stop_the_epoch_goes_on(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    box.log.close()
    assert again(box).open(peers_answered=False) == 1


def test_after_a_crash_with_nobody_to_ask_a_new_epoch_begins(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    assert again(box).open(peers_answered=False) == 2


def test_after_a_crash_peers_who_answer_keep_the_epoch(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    assert again(box).open(peers_answered=True) == 1


def test_a_new_disk_never_reuses_numbers_that_peers_hold(make_box: BoxMaker) -> None:
    old, new = make_box("t1"), make_box("t1", opened=False)
    old.desk.run(OpenCheck("k1", "c1"), BOSS)
    trust = {"t1": old.card}
    new.journal.admit(old.sealed(), restaurant="r1", trust=trust)
    assert new.log.held() == (1, 1)
    assert again(new).open(peers_answered=True) == 1
    assert again(new).open(peers_answered=False) == 2


def test_check_numbers_carry_letter_and_epoch(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    box.desk.log.open(peers_answered=False)
    box.desk.run(OpenCheck("k2", "c2"), BOSS)
    assert box.journal.state("check:c1").number == "A1-1"
    assert box.journal.state("check:c2").number == "A2-1"


def test_a_clock_set_back_does_not_turn_facts_round(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    box.clock.ms -= 3_600_000
    box.desk.run(OpenCheck("k2", "c2"), BOSS)
    first, second = (decode(sealed.payload) for sealed in box.sealed())
    assert second.hlc > first.hlc


def test_a_peer_far_in_the_future_does_not_pull_this_clock_along(make_box: BoxMaker) -> None:
    mine, theirs = make_box("t1"), make_box("t2")
    theirs.clock.ms += AHEAD_MS_MAX * 2
    theirs.desk.run(OpenCheck("k1", "c1"), BOSS)
    mine.journal.admit(theirs.sealed(), restaurant="r1", trust={"t2": theirs.card})
    mine.desk.run(OpenCheck("k2", "c2"), BOSS)
    assert decode(mine.sealed()[0].payload).hlc < decode(theirs.sealed()[0].payload).hlc


def test_a_disk_without_a_past_leaps_when_not_everybody_could_be_asked(
    make_box: BoxMaker,
) -> None:
    new = make_box("t1", opened=False)
    assert again(new).open(peers_answered=False, leap=417) == 417
    assert again(new).open(peers_answered=False, leap=500) == 418, "this disk knows its past"


def test_a_new_terminal_whose_peers_all_know_nothing_of_it_begins_with_one(
    make_box: BoxMaker,
) -> None:
    new = make_box("t1", opened=False)
    assert new.log.open(peers_answered=True, leap=417) == 1
