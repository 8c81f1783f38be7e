"""The head office's figures are the terminals' own: same events, same folds, one hash."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from comptoir.cloud import Store, StoreUnavailable
from comptoir.cloud.follower import Follower
from comptoir.cloud.mirror import Mirror
from comptoir.commands import Actor, AdmitTerminal, AttestRetired, OpenCheck, RetireTerminal
from comptoir.commands.overview import Overview
from comptoir.commands.sales import Period, Sales
from comptoir.domain import sales
from comptoir.domain.envelope import Vector
from comptoir.domain.house import SYSTEM
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.evening import DAY, dine

R = "r1"
MakeFollower = Callable[..., Follower]


@pytest.fixture
def make_follower(store: Store, tmp_path: Path, box: Box) -> MakeFollower:
    def make(folder: str = "office") -> Follower:
        return Follower(store, Mirror(store, tmp_path / folder, box.clock), box.clock)

    return make


def upload(store: Store, *boxes: Box) -> None:
    for box in boxes:
        store.admit({R: box.sealed()})


def test_figures_and_projections_equal_those_of_the_terminals(
    store: Store, box: Box, make_box: BoxMaker, make_follower: MakeFollower
) -> None:
    other = make_box("t2", letter="B")
    dine(box, paid=3, unpaid=1)
    box.desk.run(AdmitTerminal("admit", other.card), BOSS)
    other.journal.admit(box.sealed(), restaurant=R, trust={"t1": box.card})
    dine(other, paid=2, unpaid=2)
    store.register(R, [box.card])
    upload(store, box, other)
    box.journal.admit(other.sealed(), restaurant=R, trust={"t1": box.card})
    follower = make_follower()
    follower.turn()
    with (
        follower.journal(R) as copy,
        closing(Sales(copy)) as theirs,
        closing(Sales(box.journal)) as ours,
    ):
        assert copy.vector() == box.journal.vector()
        assert copy.digest() == box.journal.digest()
        theirs.refresh(50)
        ours.refresh(50)
        day = Period(DAY, DAY)
        for cut in (sales.SALES, sales.HOUR, sales.ITEM, sales.TENDER, sales.SERVER):
            assert theirs.slices(cut, day) == ours.slices(cut, day)
    site = follower.sites()[R]
    assert (site.sold.count, site.sold.amount, site.open_checks) == (8, 8 * 1200, 3)
    assert site.open_due == 3 * 1200


def test_a_terminal_that_hides_a_sale_is_seen(
    store: Store, box: Box, make_follower: MakeFollower
) -> None:
    dine(box, paid=2, unpaid=0)
    store.register(R, [box.card])
    store.admit({R: box.sealed()[:-1]})
    follower = make_follower()
    follower.turn()
    with follower.journal(R) as copy:
        assert copy.digest() != box.journal.digest()


def test_a_turn_copies_what_is_new_and_no_more(
    store: Store, box: Box, make_follower: MakeFollower
) -> None:
    store.register(R, [box.card])
    follower = make_follower()
    follower.turn()
    assert follower.sites()[R].sold.count == 0
    dine(box, paid=1, unpaid=0)
    upload(store, box)
    follower.turn()
    assert follower.sites()[R].sold.count == 1
    before = follower.sites()[R]
    follower.turn()
    assert follower.sites()[R] == before


def test_terminals_are_listed_with_how_far_they_are_kept(
    store: Store, box: Box, make_box: BoxMaker, make_follower: MakeFollower
) -> None:
    other, spare = make_box("t2", letter="C"), make_box("t3", letter="B")
    box.desk.run(AdmitTerminal("admit", other.card), BOSS)
    box.desk.run(RetireTerminal("retire", "t2", "stolen"), BOSS)
    store.register(R, [box.card, spare.card])
    upload(store, box)
    store.hear({(R, "t1"): box.clock.now_ms() - 1000})
    follower = make_follower()
    follower.turn()
    site = follower.sites()[R]
    assert [(one.letter, one.seq, one.retired) for one in site.terminals] == [
        ("A", 2, False),
        ("B", 0, False),
        ("C", 0, True),
    ]
    assert site.live(box.clock.now_ms())
    assert site.reached("t1", box.clock.now_ms())
    assert not site.reached("t3", box.clock.now_ms())
    assert not site.live(box.clock.now_ms() + 60_000)


def test_a_copy_that_is_lost_is_made_anew(
    store: Store, box: Box, make_follower: MakeFollower
) -> None:
    dine(box, paid=2, unpaid=1)
    store.register(R, [box.card])
    upload(store, box)
    one, other = make_follower("one"), make_follower("other")
    one.turn()
    other.turn()
    assert one.sites() == other.sites()


def test_what_a_copy_refuses_is_not_asked_for_again_and_again(
    store: Store, box: Box, make_box: BoxMaker, make_follower: MakeFollower
) -> None:
    """The cloud kept it before it heard of the retirement; the copy hears of both at once."""
    other = make_box("t2", letter="B")
    box.desk.run(AdmitTerminal("admit", other.card), BOSS)
    store.register(R, [box.card])
    upload(store, box)
    other.desk.run(OpenCheck("c", "c"), BOSS)
    upload(store, other)
    box.desk.run(RetireTerminal("retire", "t2", "stolen"), BOSS)
    box.desk.run(AttestRetired("attest", "t2"), Actor("system", SYSTEM))
    upload(store, box)
    follower = make_follower()
    follower.turn()
    asked: list[object] = []
    real = store.range

    def watched(*about: object) -> object:
        asked.append(about)
        return real(*about)  # type: ignore[arg-type]

    store.range = watched  # type: ignore[method-assign,assignment]
    follower.turn()
    follower.turn()
    assert asked == []


def test_figures_outlive_a_store_that_fails(
    store: Store, box: Box, make_follower: MakeFollower, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.register(R, [box.card])
    follower = make_follower()
    follower.turn()
    before = follower.sites()

    def fail() -> list[str]:
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(store, "restaurants", fail)
    with pytest.raises(StoreUnavailable):
        follower.turn()
    assert follower.sites() == before


def test_restaurants_are_shown_one_by_one_while_the_first_copies_are_made(
    store: Store, box: Box, make_follower: MakeFollower, monkeypatch: pytest.MonkeyPatch
) -> None:
    dine(box, paid=1, unpaid=0)
    store.register(R, [box.card])
    store.register("z9", [])
    upload(store, box)
    follower = make_follower()
    real = Mirror.follow

    def fail(mirror: Mirror, restaurant: str, mark: Vector) -> tuple[Overview, bool]:
        if restaurant == "z9":
            raise StoreUnavailable("the database is away")
        return real(mirror, restaurant, mark)

    monkeypatch.setattr(Mirror, "follow", fail)
    with pytest.raises(StoreUnavailable):
        follower.turn()
    assert follower.sites()[R].sold.count == 1
