"""K2: a menu file waits in the draft; published, it leaves alone what others changed meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands import PublishMenu, SetItem, queries
from comptoir.commands.menu_draft import DiscardDraft, PublishDraft, drafted, menu_to_edit
from comptoir.commands.menu_draft_file import DraftMenu, edits
from comptoir.commands.menu_history import history
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.fold_menu import edited
from comptoir.domain.menu import Category, Item, Menu
from tests.fakes.box import BOSS, Box

MAINS, SOUPS = Category("mains", {"en": "Mains"}), Category("soups", {"en": "Soups"})
DUCK = Item("duck", "mains", {"en": "Duck"}, 2800, number="8")
RICE = Item("rice", "mains", {"en": "Rice"}, 300, number="9")
WONTON = Item("wonton", "soups", {"en": "Wonton soup"}, 650, number="10")
MENU = Menu("", (), (MAINS,), (), (DUCK, RICE))
FILE = Menu("", (), (SOUPS, MAINS), (), (WONTON, replace(DUCK, price=3000)))


@pytest.fixture
def box(box: Box) -> Box:
    box.desk.run(PublishMenu("v1", MENU), BOSS)
    return box


def sold(box: Box) -> dict[str, int]:
    return {item.id: item.price for item in queries.menu(box.journal).items}


def test_a_file_counts_nowhere_until_the_draft_is_published_then_it_is_the_menu(box: Box) -> None:
    box.desk.run(DraftMenu("file", FILE), BOSS)
    assert sold(box) == {"duck": 2800, "rice": 300}
    assert [one.id for one in menu_to_edit(box.journal).items] == ["wonton", "duck"]
    box.desk.run(PublishDraft("out"), BOSS)
    menu = queries.menu(box.journal)
    assert list(sold(box).items()) == [("wonton", 650), ("duck", 3000)]
    assert [one.id for one in menu.categories] == ["soups", "mains"]
    assert history(box.journal)[0].command == "out"


def test_what_others_publish_while_the_file_waits_stands(box: Box) -> None:
    box.desk.run(DraftMenu("file", FILE), BOSS)
    box.desk.run(SetItem("name", replace(DUCK, names={"en": "Roast duck"})), BOSS)
    box.desk.run(PublishDraft("out"), BOSS)
    duck = queries.menu(box.journal).item("duck")
    assert (duck.price, duck.names["en"]) == (3000, "Roast duck")


def test_a_file_that_changes_nothing_or_too_much_is_refused_and_nothing_waits(box: Box) -> None:
    with pytest.raises(MenuEditRefused, match="Nothing"):
        box.desk.run(DraftMenu("same", MENU), BOSS)
    many = tuple(Item(f"i{n}", "mains", {"en": f"Dish {n}"}, n) for n in range(2001))
    with pytest.raises(MenuEditRefused, match="at once"):
        box.desk.run(DraftMenu("many", replace(MENU, items=many)), BOSS)
    with pytest.raises(MenuEditRefused, match="category"):
        box.desk.run(DraftMenu("bad", replace(MENU, categories=(SOUPS,))), BOSS)
    assert drafted(box.journal).draft.ids == ()


def test_as_many_dishes_as_may_wait_are_published_and_dropped_in_events_that_fit(box: Box) -> None:
    many = tuple(Item(f"dish-{n:04}", "mains", {"en": f"Dish {n}"}, n) for n in range(450))
    name = "f" * 32
    box.desk.run(DraftMenu(name, replace(MENU, items=many)), BOSS)
    box.desk.run(DiscardDraft("drop"), BOSS)
    assert drafted(box.journal).draft.ids == ()
    box.desk.run(DraftMenu("g" * 32, replace(MENU, items=many)), BOSS)
    box.desk.run(PublishDraft("out"), BOSS)
    assert tuple(sold(box)) == tuple(item.id for item in many)


IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(IDS, IDS, st.data())
def test_the_edits_make_one_menu_of_any_other_order_included(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    def menu(names: list[str]) -> Menu:
        prices = data.draw(st.lists(st.integers(0, 3), min_size=8, max_size=8))
        items = (Item(n, "mains", {"en": n}, prices[i]) for i, n in enumerate(names))
        return Menu("", (), (MAINS,), (), tuple(items))

    old, new = menu(before), menu(after)
    made = edited(old, *edits(old, new))
    assert (made.items, made.categories) == (new.items, new.categories)
