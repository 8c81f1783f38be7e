"""Versions N and N-1 side by side: what the older does not know it keeps, relays, folds later."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

import pytest

from comptoir.commands import AddLine, OpenCheck, PublishMenu, SetCovers
from comptoir.domain import events
from comptoir.domain.check import Check
from comptoir.domain.envelope import Sealed, decode, encode
from comptoir.domain.menu import Item, Menu
from comptoir.journal import Journal, decoding, folding, verify
from tests.fakes.box import BOSS, Box, BoxMaker

SOUP = Item("soup", "starters", {"en": "Hot soup"}, 3150)
NEW_KIND = events.CoversSet.KIND


@dataclass(frozen=True, slots=True)
class CoversSetLater(events.CoversSet):
    """The same kind as the next version will have it, with a field more."""

    KIND: ClassVar[str] = NEW_KIND
    high_chairs: int = 0


@contextmanager
def version(change: dict[str, type | None]) -> Iterator[None]:
    """Run the code of another version: these kinds are other, or not there at all."""
    kinds = {k: change.get(k, body) for k, body in events.KINDS.items() if change.get(k, body)}
    with pytest.MonkeyPatch.context() as patch:
        for module in (events, decoding):
            patch.setattr(module, "KINDS", MappingProxyType(kinds))
        decoding.event_of.cache_clear()
        yield
    decoding.event_of.cache_clear()


def older() -> AbstractContextManager[None]:
    """Run the code of the version before, which has no covers."""
    return version({NEW_KIND: None})


def updated(journal: Journal) -> None:
    """Do what ``comptoir migrate`` does after an update."""
    with journal.transaction() as db:
        db.execute("PRAGMA user_version = 7")
    assert folding.renew(journal)


def take(to: Box, batch: list[Sealed], author: Box) -> list[str]:
    """Hand events over; returns what was wrong with them."""
    found = to.journal.admit(batch, restaurant="r1", trust={author.name: author.card})
    return [problem.reason for problem in found.problems]


def shown(box: Box) -> Check:
    check: Check = box.journal.state("check:c")
    return check


@pytest.fixture
def newer(make_box: BoxMaker) -> Box:
    """Return a terminal that was updated already, and has used what is new."""
    box = make_box("t2", letter="B")
    box.desk.run(PublishMenu("m", Menu("", (), (), (), (SOUP,))), BOSS)
    box.desk.run(OpenCheck("k", "c"), BOSS)
    box.desk.run(SetCovers("covers", "c", 4), BOSS)
    box.desk.run(AddLine("line", "c", "l1", "soup"), BOSS)
    return box


def test_a_kind_the_older_does_not_know_is_kept_relayed_and_folded_after_the_update(
    make_box: BoxMaker, newer: Box
) -> None:
    here, third = make_box("t1"), make_box("t3", letter="C")
    with older():
        assert take(here, newer.sealed(), newer) == []
        assert (shown(here).covers, shown(here).newer_version) == (0, True)
        assert [line.item for line in shown(here).live_lines] == ["soup"], "it sells on"
        relayed = here.journal.range((newer.name, 1), 1, 100, 1 << 20)
        assert relayed == newer.sealed(), "byte for byte, signatures too"
        assert here.journal.vector() == newer.journal.vector()
    assert take(third, relayed, newer) == [], "an updated one believes what the older relays"
    updated(here.journal)
    for box in (here, third):
        assert (shown(box).covers, shown(box).newer_version) == (4, False)
        assert box.journal.digest() == newer.journal.digest()
        assert verify(box.journal, {newer.name: newer.card}).faults == []


def test_control_without_folding_anew_the_update_shows_nothing(
    make_box: BoxMaker, newer: Box
) -> None:
    here = make_box("t1")
    with older():
        take(here, newer.sealed(), newer)
    assert shown(here).covers == 0
    assert here.journal.digest() != newer.journal.digest()


def test_a_field_the_older_does_not_know_is_passed_over_kept_and_read_after_the_update(
    make_box: BoxMaker, newer: Box
) -> None:
    here = make_box("t1")
    batch = newer.sealed()
    place = next(n for n, one in enumerate(batch) if decode(one.payload).kind == NEW_KIND)
    envelope = decode(batch[place].payload)
    payload = encode(replace(envelope, body={**envelope.body, "high_chairs": 2}))
    later = Sealed(payload, newer.signer.sign(Sealed(payload, b"").digest))
    assert take(here, [*batch[:place], later], newer) == []
    assert (shown(here).covers, shown(here).newer_version) == (4, False)
    (kept,) = here.journal.range((newer.name, 1), place + 1, 1, 1 << 20)
    assert kept == later, "byte for byte"
    with version({NEW_KIND: CoversSetLater}):
        updated(here.journal)
        body = decoding.event_of(kept.payload).body
        assert isinstance(body, CoversSetLater)
        assert (body.high_chairs, shown(here).covers) == (2, 4)


def test_what_the_older_writes_meanwhile_the_newer_understands(
    make_box: BoxMaker, newer: Box
) -> None:
    here = make_box("t1")
    with older():
        take(here, newer.sealed(), newer)
        here.desk.run(AddLine("more", "c", "l2", "soup"), BOSS)
    assert take(newer, here.sealed(), here) == []
    updated(here.journal)
    assert {line.id for line in shown(newer).live_lines} == {"l1", "l2"}
    assert here.journal.digest() == newer.journal.digest()
