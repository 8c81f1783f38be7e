"""The menu edited from two terminals at once, and what an edit may not do (K2)."""

from dataclasses import replace

import pytest

from comptoir.commands import (
    Actor,
    Command,
    OrderMenu,
    PublishMenu,
    RemoveFromMenu,
    SetCategory,
    SetItem,
    SetMenuTax,
    SetModifierGroup,
    SetPriceList,
    queries,
)
from comptoir.domain.errors import MenuEditRefused, NotAllowed
from comptoir.domain.house import WAITER
from comptoir.domain.menu import Category, Item, Menu, Modifier, ModifierGroup, Variant
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box, BoxMaker

VAT = TaxRate("vat", "VAT", 100_000)
MAINS = Category("mains", {"en": "Mains"})
HEAT = ModifierGroup("heat", {"en": "Heat"}, (Modifier("hot", {"en": "Hot"}),))
DUCK = Item(
    "duck", "mains", {"en": "Duck", "zh": "烧鸭"}, 2800, {"eat_in": ("vat",)}, "8", ("heat",)
)
RICE = Item("rice", "mains", {"en": "Rice"}, 300, number="9")
MENU = Menu("", (VAT,), (MAINS,), (HEAT,), (DUCK, RICE))


def pass_on(source: Box, to: Box) -> None:
    to.journal.admit(source.sealed(), restaurant="r1", trust={source.name: source.card})


@pytest.fixture
def pair(make_box: BoxMaker) -> tuple[Box, Box]:
    here, there = make_box("t1"), make_box("t2", letter="B")
    here.desk.run(PublishMenu("v1", MENU), BOSS)
    pass_on(here, there)
    return here, there


def menu(box: Box) -> Menu:
    return queries.menu(box.journal)


def test_k2_edits_of_two_items_on_two_terminals_both_survive(pair: tuple[Box, Box]) -> None:
    here, there = pair
    here.desk.run(SetItem("e1", replace(DUCK, price=3000)), BOSS)
    there.desk.run(SetItem("e2", replace(RICE, price=350)), BOSS)
    pass_on(here, there)
    pass_on(there, here)
    for box in pair:
        assert (menu(box).item("duck").price, menu(box).item("rice").price) == (3000, 350)
    assert here.journal.digest() == there.journal.digest()


def test_k2_of_two_edits_of_one_item_the_later_wins_everywhere(pair: tuple[Box, Box]) -> None:
    here, there = pair
    there.clock.ms += 1000
    there.desk.run(SetItem("e2", replace(DUCK, price=2)), BOSS)
    here.desk.run(SetItem("e1", replace(DUCK, price=1)), BOSS)
    pass_on(here, there)
    pass_on(there, here)
    assert [menu(box).item("duck").price for box in pair] == [2, 2]


def test_an_edit_is_one_event_and_a_new_version_replaces_edits(pair: tuple[Box, Box]) -> None:
    here, _ = pair
    assert len(here.desk.run(SetItem("e1", replace(DUCK, price=1)), BOSS).events) == 1
    assert (menu(here).version, menu(here).edits) == ("v1", 1)
    here.desk.run(PublishMenu("v2", MENU), BOSS)
    assert (menu(here).version, menu(here).edits) == ("v2", 0)
    assert menu(here).item("duck").price == 2800


def test_an_edited_item_is_searched_by_its_new_names(pair: tuple[Box, Box]) -> None:
    here, _ = pair
    here.desk.run(SetItem("e1", replace(RICE, names={"zh": "扬州炒饭"})), BOSS)
    assert [item.id for item in queries.search(here.journal, "yzcf")] == ["rice"]


def test_every_kind_of_record_is_added_ordered_and_removed(pair: tuple[Box, Box]) -> None:
    here, _ = pair
    soups = Category("soups", {"en": "Soups"})
    happy = PriceList("happy", {"en": "Happy"}, {"duck": 2000})
    extra = ModifierGroup("extra", {"en": "Extra"}, (Modifier("egg", {"en": "Egg"}, 100),))
    for command in (
        SetCategory("a1", soups),
        SetModifierGroup("a2", extra),
        SetPriceList("a3", happy),
        SetMenuTax("a4", TaxRate("low", "Low", 55_000)),
        SetItem("a5", Item("tea", "soups", {"en": "Tea"}, 100)),
        OrderMenu("a6", "item", ("tea", "rice")),
    ):
        here.desk.run(command, BOSS)
    now = menu(here)
    assert [item.id for item in now.items] == ["tea", "rice", "duck"]
    assert (now.categories, now.groups, now.price_lists) == (
        (MAINS, soups),
        (HEAT, extra),
        (happy,),
    )
    for n, (kind, name) in enumerate(
        (("item", "tea"), ("category", "soups"), ("group", "extra"), ("price_list", "happy"))
    ):
        here.desk.run(RemoveFromMenu(f"r{n}", kind, name), BOSS)
    here.desk.run(RemoveFromMenu("r9", "tax", "low"), BOSS)
    assert (menu(here).categories, menu(here).groups, menu(here).price_lists) == (
        (MAINS,),
        (HEAT,),
        (),
    )
    assert [item.id for item in menu(here).items] == ["rice", "duck"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (SetItem("x", replace(DUCK, category="gone")), "item duck, category: unknown category"),
        (SetItem("x", replace(DUCK, groups=("gone",))), "item duck, groups: unknown group"),
        (SetItem("x", replace(RICE, taxes={"eat_in": ("gone",)})), "unknown tax 'gone'"),
        (SetItem("x", replace(RICE, number="8")), "item 8, number: '8' stands 2 times"),
        (SetItem("x", replace(RICE, price=-1)), "item rice, price: -1 is no price"),
        (SetItem("x", replace(RICE, names={})), "item rice, name:en: no name"),
        (SetItem("x", replace(RICE, names={"en": "a\nb"})), "holds a line break"),
        (SetItem("x", replace(RICE, id="no/slash")), "'no/slash' is not letters"),
        (SetItem("x", replace(RICE, barcode="123")), "item rice, barcode: barcode '123'"),
        (SetItem("x", replace(RICE, allergens=("cats",))), "'cats' is not one of gluten"),
        (SetItem("x", replace(RICE, variants=(Variant("a", {}, 1),))), "variant rice/a, name:en"),
        (SetModifierGroup("x", replace(HEAT, max=5)), "group heat, max: group 'heat' has 1"),
        (SetPriceList("x", PriceList("l", {"en": "L"}, {"gone": 1})), "unknown item 'gone'"),
        (SetPriceList("x", PriceList("l", {"en": "L"}, start_minute=1440)), "price-list l, from"),
        (SetMenuTax("x", TaxRate("t", "T", 1_000_001)), "tax t, rate: 1000001 ppm"),
        (RemoveFromMenu("x", "category", "mains"), "item duck, category: unknown category"),
        (RemoveFromMenu("x", "tax", "vat"), "item duck, tax:eat_in: unknown tax 'vat'"),
        (RemoveFromMenu("x", "item", "gone"), "The menu has no item 'gone'"),
        (RemoveFromMenu("x", "page", "gone"), "'page' is no kind of record"),
        (OrderMenu("x", "item", ("duck", "duck")), "stands twice"),
    ],
)  # fmt: skip
def test_an_edit_that_would_break_the_menu_is_refused_and_changes_nothing(
    pair: tuple[Box, Box], command: Command, said: str
) -> None:
    here, _ = pair
    before = here.journal.position()
    with pytest.raises(MenuEditRefused) as refused:
        here.desk.run(command, BOSS)
    assert said in str(refused.value)
    assert here.journal.position() == before


def test_choices_may_not_nest_four_deep(pair: tuple[Box, Box]) -> None:
    here, _ = pair
    for n, inner in enumerate(((), ("g0",), ("g1",))):
        group = ModifierGroup(f"g{n}", {"en": "G"}, (Modifier(f"m{n}", {"en": "M"}, 0, inner),))
        here.desk.run(SetModifierGroup(f"n{n}", group), BOSS)
    here.desk.run(SetItem("ok", replace(RICE, groups=("g2",))), BOSS)
    deeper = ModifierGroup("g0", {"en": "G"}, (Modifier("m0", {"en": "M"}, 0, ("heat",)),))
    with pytest.raises(MenuEditRefused, match="nest more than 3 deep"):
        here.desk.run(SetModifierGroup("n9", deeper), BOSS)


def test_a_flaw_that_was_there_does_not_stand_in_the_way(pair: tuple[Box, Box]) -> None:
    here, there = pair
    here.desk.run(RemoveFromMenu("r1", "item", "rice"), BOSS)
    there.desk.run(SetPriceList("p1", PriceList("l", {"en": "L"}, {"rice": 1})), BOSS)
    pass_on(there, here)
    here.desk.run(SetItem("e1", replace(DUCK, price=5)), BOSS)
    assert menu(here).item("duck").price == 5


def test_only_a_manager_edits_the_menu(pair: tuple[Box, Box]) -> None:
    with pytest.raises(NotAllowed):
        pair[0].desk.run(SetItem("e1", DUCK), Actor("anna", WAITER))
