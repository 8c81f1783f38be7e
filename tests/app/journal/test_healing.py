"""What the disk changed is found, and only what was there is put back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from comptoir.commands import AdmitTerminal, OpenCheck
from comptoir.domain.envelope import Sealed, decode, encode
from comptoir.journal import healing, verify
from comptoir.journal.healing import Place
from tests.fakes.box import BOSS, Box, BoxMaker

CHANGES = {
    "unreadable": "payload = CAST(substr(payload, 1, 9) || x'ff' || substr(payload, 11) AS BLOB)",
    "another fact": "payload = CAST(replace(payload, 'check.opened', 'check.openef') AS BLOB)",
    "signature": "signature = CAST(substr(signature, 2) || substr(signature, 1, 1) AS BLOB)",
    "hash": "hash = 'x' || substr(hash, 2)",
    "kind": "kind = 'check.closed'",
    "clock": "hlc = hlc + 1",
}


@pytest.fixture
def pair(make_box: BoxMaker) -> tuple[Box, Box]:
    """Return two that hold the same five events of the second."""
    here, there = make_box("t1"), make_box("t2", letter="B")
    for i in range(5):
        there.desk.run(OpenCheck(f"k{i}", f"c{i}"), BOSS)
    here.journal.admit(there.sealed(), restaurant="r1", trust={"t2": there.card})
    return here, there


def change(box: Box, how: str, *seqs: int) -> None:
    with box.journal.transaction() as db:
        for seq in seqs:
            db.execute(f"UPDATE event SET {how} WHERE seq = ?", (seq,))  # noqa: S608  what a disk does


def found(box: Box) -> list[int]:
    damaged, end = healing.look(box.journal, Place(), 100)
    assert end == Place()
    return [place.seq for place in damaged]


def mended(here: Box, there: Box, batch: Sequence[Sealed]) -> list[int]:
    trust = {"t2": there.card}
    return [p.seq for p in healing.mend(here.journal, batch, restaurant="r1", trust=trust)]


@pytest.mark.parametrize("how", CHANGES)
def test_what_the_disk_changed_is_found_and_put_back(pair: tuple[Box, Box], how: str) -> None:
    here, there = pair
    assert found(here) == []
    change(here, CHANGES[how], 3)
    assert found(here) == [3]
    assert mended(here, there, there.sealed()) == [3]
    assert found(here) == []
    assert here.journal.range(("t2", 1), 1, 100, 1 << 20) == there.sealed()
    assert verify(here.journal, {"t2": there.card}).faults == []


def test_two_unreadable_events_of_one_terminal_are_put_back_one_after_the_other(
    pair: tuple[Box, Box],
) -> None:
    here, there = pair
    for n in range(3):
        there.desk.run(AdmitTerminal(f"a{n}", replace(here.card, name=f"bar {n}")), BOSS)
    here.journal.admit(there.sealed(), restaurant="r1", trust={"t2": there.card})
    change(here, CHANGES["unreadable"], 6, 7)
    with here.journal.transaction() as db:
        db.execute("DELETE FROM projection WHERE aggregate = 'terminal:t1'")
    assert [mended(here, there, [one]) for one in there.sealed()[5:]] == [[6], [7], []]
    assert here.journal.digest() == there.journal.digest()


def test_the_last_of_a_log_is_found_by_its_head(pair: tuple[Box, Box]) -> None:
    here, there = pair
    change(here, CHANGES["another fact"], 5)
    assert found(here) == [5]
    assert mended(here, there, there.sealed()) == [5]


def test_something_else_is_not_put_in_its_place(pair: tuple[Box, Box]) -> None:
    here, there = pair
    change(here, CHANGES["another fact"], 3)
    true = there.sealed()[2]
    payload = encode(replace(decode(true.payload), actor="mallory"))
    signed = Sealed(payload, there.signer.sign(Sealed(payload, b"").digest))
    assert mended(here, there, [signed, replace(true, signature=bytes(64))]) == []
    assert found(here) == [3]


def test_what_is_as_it_was_is_not_written_again(pair: tuple[Box, Box]) -> None:
    here, there = pair
    assert mended(here, there, there.sealed()) == []


def test_a_look_goes_on_where_the_last_one_ended(pair: tuple[Box, Box]) -> None:
    here, _ = pair
    change(here, CHANGES["clock"], 4)
    place, seen = Place(), []
    for _ in range(3):
        damaged, place = healing.look(here.journal, place, 2)
        seen.append((len(damaged), place.seq))
    assert seen == [(0, 2), (1, 4), (0, 0)]
