import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from comptoir.commands import Actor, AdmitTerminal, AttestRetired, OpenCheck, RetireTerminal
from comptoir.domain.envelope import Envelope, Sealed, decode, encode
from comptoir.domain.house import SYSTEM
from comptoir.journal import Admission, Signer, Verifier, admission, verify
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.house import House

MACHINE = Actor(SYSTEM, SYSTEM)


def give(to: Box, batch: Sequence[Sealed], *authors: Box) -> Admission:
    return to.journal.admit(
        batch, restaurant="r1", trust={author.name: author.card for author in (to, *authors)}
    )


def reasons(admission: Admission) -> list[str]:
    return [problem.reason for problem in admission.problems]


def serve(box: Box, checks: int, start: int = 0) -> None:
    for i in range(start, start + checks):
        box.desk.run(OpenCheck(f"{box.name}-k{i}", f"{box.name}-c{i}"), BOSS)


def forge(sealed: Sealed, signer: Signer, **change: object) -> Sealed:
    payload = encode(replace(decode(sealed.payload), **change))  # type: ignore[arg-type]
    return Sealed(payload, signer.sign(Sealed(payload, b"").digest))


def last_only(run: Sequence[tuple[Envelope, Sealed]], key: Verifier) -> int:
    """Check the last signature and the chain, as was done before."""
    return len(run) if key.accepts(run[-1][1].digest, run[-1][1].signature) else 0


def flipped(signature: bytes) -> bytes:
    return bytes([signature[0] ^ 1, *signature[1:]])


@pytest.fixture
def pair(make_box: BoxMaker) -> tuple[Box, Box]:
    here, there = make_box("t1"), make_box("t2", letter="B")
    serve(there, 5)
    return here, there


def test_foreign_events_are_folded_as_their_author_folds_them(pair: tuple[Box, Box]) -> None:
    here, there = pair
    assert give(here, there.sealed(), there).stored == 5
    assert here.journal.digest() == there.journal.digest()
    assert here.journal.vector() == there.journal.vector()


def test_bytes_are_relayed_unchanged(pair: tuple[Box, Box]) -> None:
    here, there = pair
    give(here, there.sealed(), there)
    assert here.journal.range(("t2", 1), 1, 100, 1 << 20) == there.sealed()


def test_a_duplicate_changes_nothing(pair: tuple[Box, Box]) -> None:
    here, there = pair
    give(here, there.sealed(), there)
    before = here.journal.digest()
    again = give(here, there.sealed(), there)
    assert (again.stored, again.problems) == (0, [])
    assert here.journal.digest() == before


def test_a_batch_in_any_order_is_taken(pair: tuple[Box, Box]) -> None:
    here, there = pair
    batch = there.sealed()
    random.Random(7).shuffle(batch)
    assert give(here, batch, there).stored == 5


def test_what_lies_behind_a_hole_waits(pair: tuple[Box, Box]) -> None:
    here, there = pair
    first, _, *rest = there.sealed()
    admission = give(here, [first, *rest], there)
    assert (admission.stored, reasons(admission)) == (1, ["gap"])
    assert give(here, there.sealed(), there).stored == 4


def test_an_unknown_author_is_not_stored(pair: tuple[Box, Box]) -> None:
    here, there = pair
    admission = give(here, there.sealed())
    assert (admission.stored, reasons(admission)) == (0, ["unknown author"])


def test_another_restaurants_event_is_not_stored(pair: tuple[Box, Box]) -> None:
    here, there = pair
    alien = forge(there.sealed()[0], there.signer, restaurant="r2")
    assert reasons(give(here, [alien], there)) == ["foreign restaurant"]


@pytest.mark.parametrize("index", range(0, 400, 7))
def test_a_flipped_bit_is_never_folded(pair: tuple[Box, Box], index: int) -> None:
    here, there = pair
    (sealed, *_) = there.sealed()
    payload = bytearray(sealed.payload)
    payload[index % len(payload)] ^= 1 << (index % 8)
    admission = give(here, [replace(sealed, payload=bytes(payload))], there)
    assert admission.stored == 0
    assert len(admission.problems) == 1


def test_another_terminals_signature_is_forged(pair: tuple[Box, Box]) -> None:
    here, there = pair
    assert reasons(give(here, [forge(there.sealed()[0], here.signer)], there)) == ["forged"]


def test_a_forged_tail_keeps_the_whole_run_out(pair: tuple[Box, Box]) -> None:
    here, there = pair
    *good, last = there.sealed()
    admission = give(here, [*good, replace(last, signature=bytes(64))], there)
    assert (admission.stored, reasons(admission)) == (0, ["forged"])


@pytest.mark.parametrize("damaged", range(4))
def test_a_damaged_signature_within_a_range_is_not_stored(
    pair: tuple[Box, Box], damaged: int
) -> None:
    here, there = pair
    batch = there.sealed()
    batch[damaged] = replace(batch[damaged], signature=flipped(batch[damaged].signature))
    found = give(here, batch, there)
    assert (found.stored, reasons(found)) == (damaged, ["forged"])
    assert give(here, there.sealed(), there).stored == 5 - damaged
    assert verify(here.journal, {"t2": there.card}).faults == []


def test_control_with_the_mark_believed_unseen_the_damage_is_stored(
    pair: tuple[Box, Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = pair
    batch = there.sealed()
    batch[2] = replace(batch[2], signature=flipped(batch[2].signature))
    monkeypatch.setattr(admission, "proven", last_only)
    assert give(here, batch, there).stored == 5
    assert len(verify(here.journal, {"t2": there.card}).faults) == 1


@pytest.mark.parametrize("damaged", [None, 2])
def test_of_an_older_versions_range_each_signature_is_checked(
    make_box: BoxMaker, damaged: int | None
) -> None:
    here, older = make_box("t0"), House(1)
    batch = older.log(5, marked=False)
    if damaged is not None:
        batch[damaged] = replace(batch[damaged], signature=flipped(batch[damaged].signature))
    trust = {"t1": older.card}
    assert here.journal.admit(batch, restaurant=older.id, trust=trust).stored == (damaged or 5)


def test_own_events_name_the_signature_before_whoever_wrote_in_between(box: Box) -> None:
    serve(box, 1)
    with box.journal.transaction():
        pass  # what was remembered is forgotten
    serve(box, 2, start=1)
    sealed = box.sealed()
    named = [decode(one.payload).prev_signature for one in sealed]
    assert named == [None, *(one.mark for one in sealed[:-1])]


@pytest.mark.parametrize("damaged", range(4))
def test_a_damaged_event_within_a_range_freezes_nothing(
    pair: tuple[Box, Box], damaged: int
) -> None:
    here, there = pair
    batch = there.sealed()
    changed = replace(decode(batch[damaged].payload), actor="mallory")
    batch[damaged] = replace(batch[damaged], payload=encode(changed))
    found = give(here, batch, there)
    assert (found.stored, reasons(found)) == (0, ["forged"])
    assert here.journal.quarantined() == []
    assert give(here, there.sealed(), there).stored == 5
    assert here.journal.digest() == there.journal.digest()


def test_a_second_branch_in_one_range_freezes_behind_what_was_proven(
    pair: tuple[Box, Box],
) -> None:
    here, there = pair
    batch = there.sealed()
    batch[2] = forge(batch[2], there.signer, actor="mallory")
    found = give(here, batch, there)
    assert (found.stored, reasons(found)) == (3, ["equivocation"])
    assert here.journal.quarantined() == [("t2", 1, 4, "equivocation")]
    assert not here.journal.state("check:t2-c2").number, "either may be the true third"
    assert here.journal.state("check:t2-c1").number


def test_two_hashes_for_one_seq_freeze_the_epoch_and_keep_both(pair: tuple[Box, Box]) -> None:
    here, there = pair
    give(here, there.sealed(), there)
    second_branch = forge(there.sealed()[3], there.signer, actor="mallory")
    admission = give(here, [second_branch], there)
    assert reasons(admission) == ["equivocation"]
    assert here.journal.quarantined() == [("t2", 1, 4, "equivocation")]
    assert here.journal.state("check:t2-c2").number
    assert not here.journal.state("check:t2-c3").number, "not folded from the fork on"
    assert not here.journal.state("check:t2-c4").number


def test_nobody_can_freeze_a_log_that_is_not_theirs(pair: tuple[Box, Box]) -> None:
    here, there = pair
    give(here, there.sealed(), there)
    slander = forge(there.sealed()[3], here.signer, actor="mallory")
    assert reasons(give(here, [slander], there)) == ["forged"]
    assert here.journal.state("check:t2-c4").number


def test_a_card_admitted_by_an_event_opens_the_door(make_box: BoxMaker) -> None:
    here, there, third = make_box("t1"), make_box("t2"), make_box("t3")
    there.desk.run(AdmitTerminal("k", third.card), BOSS)
    serve(third, 2)
    assert reasons(give(here, third.sealed(), there)) == ["unknown author"]
    give(here, there.sealed(), there)
    assert give(here, third.sealed(), there).stored == 2


def test_after_retirement_what_was_attested_is_kept_and_the_rest_quarantined(
    make_box: BoxMaker,
) -> None:
    here, there, thief = make_box("t1"), make_box("t2"), make_box("t3")
    serve(thief, 3)
    give(there, thief.sealed(), thief)
    give(here, thief.sealed()[:1], thief)
    serve(thief, 2, start=3)
    here.desk.run(RetireTerminal("k", "t3", "stolen"), BOSS)

    late = give(here, thief.sealed(), thief)
    assert late.stored == 0
    assert set(reasons(late)) == {"retired"}

    give(there, here.sealed(), here)
    there.desk.run(AttestRetired("a", "t3"), MACHINE)
    give(here, there.sealed(), there)
    assert here.journal.head(("t3", 1)).seq == 3, "what t2 held is SAFE and comes out"
    assert [row[2] for row in here.journal.quarantined()] == [4, 5]
    assert here.journal.state("check:t3-c2").number
    assert not here.journal.state("check:t3-c3").number


def test_any_arrival_order_of_three_logs_gives_equal_projections(make_box: BoxMaker) -> None:
    boxes = [make_box(f"t{i}", letter="ABC"[i]) for i in range(3)]
    for box in boxes:
        box.clock.ms += random.Random(box.name).randrange(5000)
        serve(box, 4)
    everything = [sealed for box in boxes for sealed in box.sealed()]
    digests = set()
    for seed in range(4):
        reader = make_box(f"reader{seed}", opened=False)
        left = list(everything)
        random.Random(seed).shuffle(left)
        for _ in range(len(everything)):
            for i in range(0, len(left), 3):
                give(reader, left[i : i + 3], *boxes)
        digests.add(reader.journal.digest())
    assert len(digests) == 1
