"""K2: changes of the menu are collected, and published together: now, at a moment, or never."""

from dataclasses import replace

import pytest

from comptoir.commands import PublishMenu, RemoveFromMenu, SetItem, StopItem, queries
from comptoir.commands.availability import availability
from comptoir.commands.menu_draft import (
    DiscardDraft,
    PlanDraft,
    PublishDraft,
    drafted,
    menu_to_edit,
    publisher,
)
from comptoir.commands.menu_history import history, undo
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.menu import Category, Item, Menu
from tests.fakes.box import BOSS, NOON_MS, Box, BoxMaker

MAINS = Category("mains", {"en": "Mains"})
DUCK = Item("duck", "mains", {"en": "Duck"}, 2800, number="8")
RICE = Item("rice", "mains", {"en": "Rice"}, 300, number="9")
MENU = Menu("", (), (MAINS,), (), (DUCK, RICE))
MINUTE_MS = 60_000


def pass_on(source: Box, to: Box) -> None:
    to.journal.admit(source.sealed(), restaurant="r1", trust={source.name: source.card})


@pytest.fixture
def pair(make_box: BoxMaker) -> tuple[Box, Box]:
    here, there = make_box("t1"), make_box("t2", letter="B")
    here.desk.run(PublishMenu("v1", MENU), BOSS)
    pass_on(here, there)
    return here, there


@pytest.fixture
def box(pair: tuple[Box, Box]) -> Box:
    return pair[0]


def price(box: Box, item: str = "duck") -> int:
    return queries.menu(box.journal).item(item).price


def keep(box: Box, name: str, item: Item) -> None:
    box.desk.run(SetItem(name, item, draft=True), BOSS)


def test_what_is_kept_for_later_counts_nowhere_until_it_is_published(box: Box) -> None:
    keep(box, "e1", replace(DUCK, price=3000))
    keep(box, "e2", replace(RICE, price=350))
    assert (price(box), price(box, "rice")) == (2800, 300)
    assert menu_to_edit(box.journal).item("duck").price == 3000
    assert {one.id for one in drafted(box.journal).differences} == {"duck", "rice"}
    box.desk.run(PublishDraft("out"), BOSS)
    assert (price(box), price(box, "rice")) == (3000, 350)
    assert drafted(box.journal).differences == ()


def test_two_people_on_two_terminals_publish_what_they_saw_and_lose_nothing(
    pair: tuple[Box, Box],
) -> None:
    here, there = pair
    keep(here, "e1", replace(DUCK, price=3000))
    keep(there, "e2", replace(DUCK, names={"en": "Roast duck"}))
    keep(there, "e3", replace(RICE, price=350))
    here.desk.run(PublishDraft("out-1", ("e1",)), BOSS)
    pass_on(here, there)
    pass_on(there, here)
    for one in pair:
        assert drafted(one.journal).draft.ids == ("e2", "e3")
    there.desk.run(PublishDraft("out-2"), BOSS)
    pass_on(there, here)
    for one in pair:
        duck = queries.menu(one.journal).item("duck")
        assert (duck.price, duck.names["en"], price(one, "rice")) == (3000, "Roast duck", 350)


def test_what_is_dropped_never_counts_and_the_rest_waits_on(box: Box) -> None:
    keep(box, "e1", replace(DUCK, price=3000))
    keep(box, "e2", replace(RICE, price=350))
    box.desk.run(DiscardDraft("drop", ("e1",)), BOSS)
    box.desk.run(PublishDraft("out"), BOSS)
    assert (price(box), price(box, "rice")) == (2800, 350)
    with pytest.raises(MenuEditRefused, match="Nothing waits"):
        box.desk.run(PublishDraft("again"), BOSS)


def test_what_is_off_is_off_at_once_whatever_waits(box: Box) -> None:
    """K12: 86 is no part of a draft."""
    keep(box, "e1", replace(DUCK, price=3000))
    box.desk.run(StopItem("off", "duck"), BOSS)
    assert [one.availability.item for one in availability(box.journal)] == ["duck"]
    box.desk.run(DiscardDraft("drop"), BOSS)
    assert [one.availability.item for one in availability(box.journal)] == ["duck"]


def test_a_draft_may_not_make_the_menu_worse_neither_kept_nor_published(box: Box) -> None:
    with pytest.raises(MenuEditRefused):
        keep(box, "bad", replace(DUCK, category="nowhere"))
    cold = Category("cold", {"en": "Cold"})
    box.desk.run(PublishMenu("v2", replace(MENU, categories=(MAINS, cold))), BOSS)
    keep(box, "e1", replace(DUCK, category="cold"))
    box.desk.run(RemoveFromMenu("gone", "category", "cold"), BOSS)
    assert drafted(box.journal).flaws, "it is told before"
    with pytest.raises(MenuEditRefused, match="category"):
        box.desk.run(PublishDraft("out"), BOSS)
    assert queries.menu(box.journal).item("duck").category == "mains"


def test_at_its_moment_a_draft_is_published_by_every_terminal_and_counts_once(
    pair: tuple[Box, Box],
) -> None:
    here, there = pair
    keep(here, "e1", replace(DUCK, price=3000))
    here.desk.run(PlanDraft("plan", NOON_MS + MINUTE_MS), BOSS)
    pass_on(here, there)
    due = [publisher(one.journal, one.desk) for one in pair]
    for look in due:
        look()
    assert price(here) == price(there) == 2800, "too early"
    here.clock.ms = there.clock.ms = NOON_MS + MINUTE_MS
    due[0]()
    assert price(here) == 3000
    here.clock.ms += MINUTE_MS
    here.desk.run(SetItem("cheaper", replace(DUCK, price=2500)), BOSS)
    there.clock.ms += 5 * MINUTE_MS
    due[1]()
    assert price(there) == 3000, "cut off from the other, it publishes for itself"
    pass_on(there, here)
    pass_on(here, there)
    assert price(here) == price(there) == 2500, "what was done since stands"


def test_a_planned_draft_that_no_longer_fits_waits_and_is_tried_once(box: Box) -> None:
    keep(box, "e1", replace(DUCK, category="mains", price=1))
    box.desk.run(PlanDraft("plan", NOON_MS + MINUTE_MS), BOSS)
    box.desk.run(PublishMenu("v2", Menu("", (), (), (), ())), BOSS)
    box.clock.ms += MINUTE_MS
    look = publisher(box.journal, box.desk)
    with pytest.raises(MenuEditRefused):
        look()
    look()
    assert queries.menu(box.journal).items == ()


@pytest.mark.parametrize("at_ms", [NOON_MS - 1, NOON_MS, NOON_MS * 2])
def test_a_moment_that_is_over_or_years_away_is_refused(box: Box, at_ms: int) -> None:
    keep(box, "e1", replace(DUCK, price=3000))
    with pytest.raises(MenuEditRefused, match="moment"):
        box.desk.run(PlanDraft("plan", at_ms), BOSS)


def test_a_publication_is_one_step_of_the_history_and_is_taken_back_whole(box: Box) -> None:
    keep(box, "e1", replace(DUCK, price=3000))
    keep(box, "e2", replace(RICE, price=350))
    box.desk.run(PublishDraft("out"), BOSS)
    step = history(box.journal)[0]
    assert (step.command, {one.id for one in step.differences}) == ("out", {"duck", "rice"})
    for command in undo(box.journal, "out", "back"):
        box.desk.run(command, BOSS)
    assert (price(box), price(box, "rice")) == (2800, 300)
