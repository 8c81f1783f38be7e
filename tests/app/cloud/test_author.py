"""T1: a price changed at the head office is an event like any other, by an author of its own."""

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from comptoir.bus import topics, wire
from comptoir.cloud import Receipt, Store, StoreUnavailable
from comptoir.cloud.author import Author, card_of
from comptoir.cloud.follower import Follower
from comptoir.cloud.mirror import HEAD_OFFICE, Mirror
from comptoir.commands import AdmitTerminal, OpenCheck, RetireTerminal, SetItem
from comptoir.commands.condition import Told
from comptoir.domain.errors import VersionsMixed
from comptoir.domain.events import ItemSet
from comptoir.domain.menu import Menu
from comptoir.journal import Signer
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.evening import DUCK, dine

R = "r1"
LOG = (HEAD_OFFICE, 1)
MakeAuthor = Callable[..., Author]


class Voice:
    """Notes what is said; ``up`` tells whether anybody hears."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bytes]] = []
        self.up = True

    def publish(self, topic: str, payload: bytes) -> bool:
        if self.up:
            self.said.append((topic, payload))
        return self.up


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def signer() -> Signer:
    return Signer.generate()


@pytest.fixture
def make_author(store: Store, tmp_path: Path, box: Box, voice: Voice, signer: Signer) -> MakeAuthor:
    def make(folder: str = "copies") -> Author:
        return Author(store, Mirror(store, tmp_path / folder, box.clock), signer, box.clock, voice)

    dine(box, paid=1, unpaid=0)
    store.register(R, [box.card])
    store.admit({R: box.sealed()})
    return make


def priced(price: int, name: str = "") -> SetItem:
    return SetItem(name or f"price-{price}", dataclasses.replace(DUCK, price=price))


def price_at(box: Box) -> int:
    menu: Menu = box.journal.state("menu:it")
    return menu.item("duck").price


def down(store: Store, box: Box, signer: Signer) -> None:
    """Give a terminal that knows the head office's card what the store has of its log."""
    trust = {box.name: box.card, HEAD_OFFICE: card_of(signer)}
    for log in store.marks([R])[R]:
        if log[0] == HEAD_OFFICE:
            batch = store.range(R, log, 1, 1000, 1 << 20)
            box.journal.admit(batch, restaurant=R, trust=trust)


def test_a_price_is_stored_before_it_is_told(
    store: Store, make_author: MakeAuthor, voice: Voice, box: Box, signer: Signer
) -> None:
    assert make_author().publish(R, priced(1500), "ann")
    assert store.marks([R])[R][LOG].seq == 1
    assert [topic for topic, _ in voice.said] == [topics.DOWN.at(R), topics.MARK.at(R)]
    mark = wire.heads_of(wire.unpack(voice.said[1][1], wire.Mark).heads)
    assert mark == store.marks([R])[R]
    batch = wire.sealed_of(wire.unpack(voice.said[0][1], wire.Events))
    trust = {HEAD_OFFICE: card_of(signer)}
    assert box.journal.admit(batch, restaurant=R, trust=trust).stored == 1
    assert price_at(box) == 1500


def test_a_terminal_without_the_head_offices_card_takes_nothing_from_it(
    store: Store, make_author: MakeAuthor, box: Box
) -> None:
    make_author().publish(R, priced(1500), "ann")
    batch = store.range(R, LOG, 1, 10, 1 << 20)
    done = box.journal.admit(batch, restaurant=R, trust={"t1": box.card})
    assert [problem.reason for problem in done.problems] == ["unknown author"]
    assert price_at(box) == 1200


def test_who_published_is_in_the_event(store: Store, make_author: MakeAuthor, box: Box,
                                       signer: Signer) -> None:  # fmt: skip
    make_author().publish(R, priced(1500), "ann")
    down(store, box, signer)
    assert box.journal.events("menu:it")[-1].envelope.actor == "head-office:ann"


def test_the_same_command_again_writes_nothing_again(store: Store, make_author: MakeAuthor) -> None:
    author = make_author()
    author.publish(R, priced(1500), "ann")
    author.publish(R, priced(1500), "ann")
    assert store.marks([R])[R][LOG].seq == 1


def test_without_a_broker_it_is_kept_and_told_later(
    store: Store, make_author: MakeAuthor, voice: Voice
) -> None:
    voice.up = False
    assert not make_author().publish(R, priced(1500), "ann")
    assert store.marks([R])[R][LOG].seq == 1


def test_a_head_office_whose_copies_are_lost_goes_on_in_its_log(
    store: Store, make_author: MakeAuthor, box: Box, signer: Signer
) -> None:
    make_author("one").publish(R, priced(1500), "ann")
    make_author_again = make_author("two")
    make_author_again.publish(R, priced(1700), "ann")
    assert store.marks([R])[R][LOG].seq == 2
    down(store, box, signer)
    assert price_at(box) == 1700


def test_what_the_store_did_not_take_goes_out_with_the_next(
    store: Store, make_author: MakeAuthor, monkeypatch: pytest.MonkeyPatch, voice: Voice
) -> None:
    author = make_author()
    with monkeypatch.context() as patch:

        def fail(_: object) -> dict[str, Receipt]:
            raise StoreUnavailable("the database is away")

        patch.setattr(store, "admit", fail)
        with pytest.raises(StoreUnavailable):
            author.publish(R, priced(1500), "ann")
    assert LOG not in store.marks([R])[R]
    assert voice.said == []
    author.publish(R, priced(1500), "ann")
    assert store.marks([R])[R][LOG].seq == 1
    assert len(voice.said) == 2


def test_two_head_offices_at_once_never_use_a_number_twice(
    store: Store, make_author: MakeAuthor
) -> None:
    authors = [make_author("one"), make_author("two")]
    threads = [
        threading.Thread(target=author.publish, args=(R, priced(1300 + n, f"p{n}"), "ann"))
        for n, author in enumerate(authors * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = {log: head.seq for log, head in store.marks([R])[R].items() if log[0] == HEAD_OFFICE}
    assert held == {LOG: 6}


@pytest.fixture
def stolen(store: Store, make_author: MakeAuthor, box: Box, make_box: BoxMaker) -> Box:
    """Return a terminal that sold to the cloud alone, and was retired by one that held nothing."""
    make_author()
    thief = make_box("t2", letter="B")
    box.desk.run(AdmitTerminal("admit", thief.card), BOSS)
    for number in range(3):
        thief.desk.run(OpenCheck(f"k{number}", f"late-{number}"), BOSS)
    box.desk.run(RetireTerminal("out", "t2", "stolen"), BOSS)
    store.register(R, [thief.card])
    store.admit({R: thief.sealed()})
    store.admit({R: box.sealed()})
    return thief


def heard(box: Box, thief: Box, store: Store) -> int:
    """Let a terminal ask the cloud for the stolen one's log; returns how far it holds it."""
    batch = store.range(R, (thief.name, 1), 1, 1000, 1 << 20)
    box.journal.admit(batch, restaurant=R, trust={thief.name: thief.card})
    return box.journal.head((thief.name, 1)).seq


def test_what_the_cloud_alone_held_of_a_stolen_terminal_is_attested_and_comes_to_all(
    store: Store, make_author: MakeAuthor, box: Box, stolen: Box, signer: Signer
) -> None:
    assert heard(box, stolen, store) == 0, "the control: nobody said that the cloud has it"
    author = make_author()
    author._caught_up(R)
    assert author.attest(R)
    down(store, box, signer)
    assert heard(box, stolen, store) == len(stolen.sealed())
    assert box.journal.state("check:late-2").number
    assert not author.attest(R), "it is said once"


def test_what_a_stolen_terminal_uploads_after_that_is_attested_by_nobody(
    store: Store, make_author: MakeAuthor, box: Box, stolen: Box, signer: Signer
) -> None:
    author = make_author()
    author._caught_up(R)
    author.attest(R)
    held = len(stolen.sealed())
    stolen.desk.run(OpenCheck("later", "too-late"), BOSS)
    store.admit({R: stolen.sealed(first=held + 1)})
    assert not author.attest(R)
    down(store, box, signer)
    assert heard(box, stolen, store) == held


def test_the_head_office_attests_by_itself_and_its_copy_shows_it(
    store: Store, make_author: MakeAuthor, box: Box, stolen: Box
) -> None:
    author = make_author()
    follower = Follower(store, author._mirror, box.clock, author.attest)
    follower.turn()
    follower.turn()
    with author._mirror.journal(R) as journal:
        assert journal.head((stolen.name, 1)).seq == len(stolen.sealed())


def test_what_an_older_terminal_would_not_know_is_not_published(
    store: Store, make_author: MakeAuthor, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that never said what it understands counts as the oldest."""
    author = make_author()
    monkeypatch.setattr(ItemSet, "SINCE", 2)
    with pytest.raises(VersionsMixed):
        author.publish(R, priced(1500), "ann")
    speaking(store, box, 1)
    with pytest.raises(VersionsMixed):
        author.publish(R, priced(1500), "ann")
    assert LOG not in store.marks([R])[R]
    speaking(store, box, 2)
    author.publish(R, priced(1500), "ann")
    assert store.marks([R])[R][LOG].seq == 1


def test_a_retired_terminal_holds_nothing_back(
    store: Store, make_author: MakeAuthor, box: Box, make_box: BoxMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    author, other = make_author(), make_box("t2", letter="B")
    box.desk.run(AdmitTerminal("admit", other.card), BOSS)
    store.admit({R: box.sealed()})
    monkeypatch.setattr(ItemSet, "SINCE", 2)
    speaking(store, box, 2)
    with pytest.raises(VersionsMixed):
        author.publish(R, priced(1500), "ann")
    box.desk.run(RetireTerminal("retire", "t2", "stolen"), BOSS)
    store.admit({R: box.sealed()})
    author.publish(R, priced(1500), "ann")
    assert store.marks([R])[R][LOG].seq == 1


def speaking(store: Store, box: Box, language: int) -> None:
    store.hear({(R, box.name): language})
    store.note_health({(R, box.name): Told(language, wire.Health("1.0", language))})
