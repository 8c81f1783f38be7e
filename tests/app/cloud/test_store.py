"""What every store of the cloud must do: verify, keep each event once, tell how far it holds."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence

import pytest

from comptoir.bus import wire
from comptoir.cloud import RestaurantRefused, Store
from comptoir.commands import AdmitTerminal, AttestRetired, OpenCheck, RetireTerminal
from comptoir.commands.condition import Told
from comptoir.domain.envelope import Sealed, decode, encode
from comptoir.journal import Signer
from tests.fakes.box import BOSS, Box, BoxMaker

R = "r1"


def sell(box: Box, count: int, tag: str = "") -> None:
    for n in range(count):
        name = f"{box.name}{tag}-{n}"
        box.desk.run(OpenCheck(name, name), BOSS)


def admit(store: Store, batch: Sequence[Sealed]) -> tuple[int, list[str]]:
    receipt = store.admit({R: batch})[R]
    return receipt.stored, [problem.reason for problem in receipt.problems]


def held(store: Store, terminal: str = "t1", epoch: int = 1) -> int:
    head = store.marks([R])[R].get((terminal, epoch))
    return head.seq if head else 0


def test_migrating_twice_changes_nothing(store: Store) -> None:
    assert store.migrate() == []


def test_events_are_stored_and_marked_with_their_hash(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 5)
    assert admit(store, box.sealed()) == (5, [])
    assert store.marks([R]) == {R: box.journal.vector()}


def test_the_same_events_again_are_stored_once(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 5)
    admit(store, box.sealed())
    assert admit(store, [*box.sealed(), *box.sealed()]) == (0, [])
    assert held(store) == 5


def test_duplicates_within_one_batch_are_stored_once(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 3)
    assert admit(store, [*box.sealed(), *box.sealed()]) == (3, [])


def test_an_unregistered_restaurant_is_refused(store: Store, box: Box) -> None:
    sell(box, 1)
    assert admit(store, box.sealed()) == (0, ["unregistered restaurant"])
    assert store.marks([R]) == {}


@pytest.mark.parametrize("name", ["", "../r1", "r/1", "r1.db", "r" * 65])
def test_a_restaurant_id_that_is_no_plain_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(RestaurantRefused, match="no restaurant id"):
        store.register(name, [])


def test_events_of_another_restaurant_are_refused(store: Store, box: Box) -> None:
    store.register("r2", [box.card])
    sell(box, 2)
    receipt = store.admit({"r2": box.sealed()})["r2"]
    assert (receipt.stored, receipt.problems[0].reason) == (0, "foreign restaurant")


def test_an_unknown_terminal_is_refused(store: Store, box: Box) -> None:
    store.register(R, [])
    sell(box, 2)
    assert admit(store, box.sealed()) == (0, ["unknown author"])


def test_an_admitted_event_extends_the_registry(store: Store, box: Box, make_box: BoxMaker) -> None:
    store.register(R, [box.card])
    other = make_box("t2")
    sell(other, 2)
    box.desk.run(AdmitTerminal("admit", other.card), BOSS)
    assert admit(store, [*other.sealed(), *box.sealed()]) == (3, [])
    assert held(store, "t2") == 2


def test_a_forged_signature_is_refused(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 2)
    thief = Signer.generate()
    forged = [Sealed(e.payload, thief.sign(e.digest)) for e in box.sealed()]
    assert admit(store, forged) == (0, ["forged"])
    assert held(store) == 0


def test_a_changed_payload_is_refused(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 2)
    fields = json.loads(box.sealed()[1].payload) | {"actor": "thief"}
    changed = dataclasses.replace(box.sealed()[1], payload=json.dumps(fields).encode())
    assert admit(store, [box.sealed()[0], changed]) == (0, ["forged"])


def test_a_changed_event_within_a_range_is_no_second_branch(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 3)
    first, *others = box.sealed()
    fields = json.loads(first.payload) | {"actor": "thief"}
    changed = dataclasses.replace(first, payload=json.dumps(fields).encode())
    assert admit(store, [changed, *others]) == (0, ["forged"])
    assert admit(store, box.sealed()) == (3, [])


def test_a_damaged_signature_within_a_range_is_not_kept(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 3)
    first, second, third = box.sealed()
    damaged = dataclasses.replace(second, signature=bytes(64))
    assert admit(store, [first, damaged, third]) == (1, ["forged"])
    assert admit(store, box.sealed()) == (2, [])


def resigned(box: Box, body: dict[str, object], kind: str = "") -> list[Sealed]:
    """Return the box's log with another body in its first event, chained and signed anew."""
    made, before = [], ""
    for old in map(decode, (sealed.payload for sealed in box.sealed())):
        changed = dataclasses.replace(old, prev_hash=before)
        if not before:
            changed = dataclasses.replace(changed, body=body, kind=kind or old.kind)
        payload = encode(changed)
        made.append(Sealed(payload, box.signer.sign(hashlib.sha256(payload).digest())))
        before = made[-1].digest.hex()
    return made


def test_a_body_that_does_not_fit_is_kept_and_nothing_behind_it_waits(
    store: Store, box: Box
) -> None:
    store.register(R, [box.card])
    sell(box, 3)
    assert admit(store, resigned(box, {"check": "c", "number": 7})) == (3, [])
    assert held(store) == 3


def test_a_kind_with_a_nul_is_kept_and_nothing_behind_it_waits(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 2)
    assert admit(store, resigned(box, {"check": "c"}, kind="check.\0opened")) == (2, [])


def test_who_admits_a_terminal_may_sort_behind_it(
    store: Store, box: Box, make_box: BoxMaker
) -> None:
    """Both logs come in one batch; the admitted one is first by name."""
    manager = make_box("t9")
    store.register(R, [manager.card])
    sell(box, 2)
    manager.desk.run(AdmitTerminal("admit", box.card), BOSS)
    admit(store, [*box.sealed(), *manager.sealed()])
    admit(store, [*box.sealed(), *manager.sealed()])  # a journal takes them in one by one
    assert (held(store, "t1"), held(store, "t9")) == (2, 1)


def test_bytes_that_are_no_event_are_refused(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    assert admit(store, [Sealed(b"nonsense", b"x" * 64)]) == (0, ["malformed"])


def test_a_gap_is_refused_until_it_is_filled(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 4)
    assert admit(store, box.sealed(first=3)) == (0, ["gap"])
    assert admit(store, box.sealed()) == (4, [])


def test_a_second_branch_is_kept_aside_and_the_first_stays(
    store: Store, box: Box, make_box: BoxMaker
) -> None:
    store.register(R, [box.card])
    twin = make_box("t1")
    twin.log._signer = box.signer
    sell(box, 3)
    sell(twin, 3, "x")
    admit(store, box.sealed())
    stored, reasons = admit(store, twin.sealed())
    assert (stored, set(reasons)) == (0, {"equivocation"})
    assert store.marks([R])[R] == box.journal.vector()


def test_what_a_retired_terminal_makes_after_its_cutoff_is_not_kept(
    store: Store, box: Box, make_box: BoxMaker
) -> None:
    thief = make_box("t2")
    store.register(R, [box.card, thief.card])
    sell(thief, 3)
    box.journal.admit(thief.sealed(), restaurant=R, trust={"t2": thief.card})
    box.desk.run(RetireTerminal("retire", "t2", "stolen"), BOSS)
    sell(thief, 2, "late")
    admit(store, box.sealed())
    assert admit(store, thief.sealed()) == (3, ["retired", "retired"])
    assert held(store, "t2") == 3


def test_a_risen_cutoff_lets_quarantined_events_in(
    store: Store, box: Box, make_box: BoxMaker
) -> None:
    thief, witness = make_box("t2"), make_box("t3")
    trust = {"t2": thief.card, "t1": box.card}
    store.register(R, [box.card, thief.card, witness.card])
    sell(thief, 5)
    box.desk.run(RetireTerminal("retire", "t2", "stolen"), BOSS)
    admit(store, box.sealed())
    assert admit(store, thief.sealed())[0] == 0
    witness.journal.admit(thief.sealed()[:4], restaurant=R, trust=trust)
    witness.journal.admit(box.sealed(), restaurant=R, trust=trust)
    witness.desk.run(AttestRetired("attest", "t2"), dataclasses.replace(BOSS, role="system"))
    admit(store, witness.sealed())
    assert held(store, "t2") == 4


def test_events_come_back_as_they_came_within_bounds(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    sell(box, 6)
    admit(store, box.sealed())
    assert store.range(R, ("t1", 1), 1, 1000, 1 << 20) == box.sealed()
    assert store.range(R, ("t1", 1), 3, 2, 1 << 20) == box.sealed()[2:4]
    assert store.range(R, ("t1", 1), 2, 1000, 1) == box.sealed()[1:2], "always at least one"
    assert store.range(R, ("t1", 1), 7, 1000, 1 << 20) == []
    assert store.range("nobody", ("t1", 1), 1, 1000, 1 << 20) == []


def test_restaurants_of_one_commit_do_not_mix(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    store.register("r9", [box.card])
    sell(box, 2)
    receipts = store.admit({R: box.sealed(), "r9": box.sealed()})
    assert (receipts[R].stored, receipts["r9"].stored) == (2, 0)


def test_restaurants_are_listed_with_their_first_cards(store: Store, box: Box) -> None:
    store.register(R, [box.card])
    store.register("q2", [])
    assert store.restaurants() == ["q2", R]
    assert store.cards(R) == {"t1": box.card}
    assert store.cards("q2") == store.cards("nowhere") == {}


def test_a_card_added_by_another_program_counts_at_once(
    store: Store, box: Box, make_box: BoxMaker
) -> None:
    store.register(R, [box.card])
    admit(store, box.sealed())
    other = make_box("t2")
    sell(other, 1)
    store.register(R, [other.card])
    assert admit(store, other.sealed()) == (1, [])


def test_when_a_known_terminal_was_heard_is_kept_and_never_goes_back(
    store: Store, box: Box
) -> None:
    store.register(R, [box.card])
    assert store.heard() == {}
    store.hear({(R, "t1"): 2000, (R, "stranger"): 1, ("nowhere", "t1"): 1})
    store.hear({(R, "t1"): 1000})
    store.hear({})
    assert store.heard() == {R: {"t1": 2000}}


def test_how_a_known_terminal_says_it_is_is_kept_with_when_it_said_so(
    store: Store, box: Box
) -> None:
    store.register(R, [box.card])
    printer = wire.PrinterHealth("p1", "paper-out", paper_low=False, waiting=2)
    well, ill = wire.Health("1.0", 1), wire.Health("1.0\0", 1, 1, 9, 3, -7, False, [printer])
    assert store.health([R]) == {}
    store.hear({(R, "t1"): 2000})
    others = {(R, "stranger"): Told(1, well), ("nowhere", "t1"): Told(1, well)}
    store.note_health({(R, "t1"): Told(2000, ill), **others})
    store.note_health({})
    assert store.health([R, "nowhere"]) == {R: {"t1": Told(2000, ill)}}
    store.note_health({(R, "t1"): Told(1000, well)})
    assert store.health([R])[R]["t1"].at_ms == 2000
    store.note_health({(R, "t1"): Told(3000, well)})
    assert store.health([R]) == {R: {"t1": Told(3000, well)}}
    assert store.health([]) == {}
