"""K2: what a menu's next version changes can be read before it counts."""

from dataclasses import replace

from comptoir.domain.menu import Category, Item, Menu, Modifier, ModifierGroup
from comptoir.domain.menu_difference import Change, differences
from comptoir.domain.tax import TaxRate

SOUP = Item("soup", "s", {"en": "Soup"}, 500, pinyin=("tang",))
TEA = Item("tea", "s", {"en": "Tea"}, 300)
SPICE = ModifierGroup("spice", {"en": "Spice"}, (Modifier("mild", {"en": "Mild"}),))
MENU = Menu(
    "1", (TaxRate("v", "VAT", 100_000),), (Category("s", {"en": "S"}),), (SPICE,), (SOUP, TEA)
)


def test_the_same_menu_differs_in_nothing() -> None:
    assert differences(MENU, replace(MENU, version="2", edits=3)) == ()


def test_a_field_says_what_it_was_and_is() -> None:
    dear = replace(SOUP, price=650, names={"en": "Soup", "fr": "Soupe"}, pinyin=())
    (found,) = differences(MENU, replace(MENU, items=(dear, TEA)))
    assert (found.kind, found.id, found.what) == ("item", "soup", "changed")
    assert found.changes == (Change("names:fr", None, "Soupe"), Change("price", 500, 650))


def test_new_and_gone_records_are_named() -> None:
    rice = Item("rice", "s", {"en": "Rice"}, 200)
    found = differences(MENU, replace(MENU, items=(SOUP, rice)))
    assert [(one.id, one.what) for one in found] == [("rice", "added"), ("tea", "removed")]


def test_another_order_alone_is_a_difference() -> None:
    (found,) = differences(MENU, replace(MENU, items=(TEA, SOUP)))
    assert found.changes == (Change("order", None, None),)


def test_a_choice_of_a_group_is_a_change_of_its_own() -> None:
    hot = Modifier("hot", {"en": "Hot"}, 50)
    more = replace(SPICE, modifiers=(*SPICE.modifiers, hot))
    (found,) = differences(MENU, replace(MENU, groups=(more,)))
    assert found.changes == (Change("choice:hot", None, hot),)
