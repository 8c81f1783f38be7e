"""K2: each step of the menu has its author and can be taken back."""

from dataclasses import replace

import pytest

from comptoir.commands import Actor, PublishMenu, RemoveFromMenu, SetItem
from comptoir.commands.menu_history import history, undo
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.house import MANAGER
from comptoir.domain.menu import Category, Item, Menu
from tests.fakes.box import BOSS, Box

SOUP = Item("soup", "s", {"en": "Soup"}, 500)
TEA = Item("tea", "s", {"en": "Tea"}, 300)
MENU = Menu("", (), (Category("s", {"en": "Starters"}),), (), (SOUP, TEA))
ANA = Actor("ana", MANAGER)


@pytest.fixture
def here(box: Box) -> Box:
    box.desk.run(PublishMenu("v1", MENU), BOSS)
    return box


def take_back(box: Box, of: str, command: str) -> Menu:
    for one in undo(box.journal, of, command):
        box.desk.run(one, BOSS)
    menu: Menu = box.journal.state("menu:it")
    return menu


def test_steps_are_told_newest_first_with_who_and_what(here: Box) -> None:
    here.desk.run(SetItem("e1", replace(SOUP, price=650)), ANA)
    first, second = history(here.journal)
    assert (first.command, first.by, first.version) == ("e1", "ana", False)
    assert first.differences[0].changes[0].after == 650
    assert (second.command, second.version) == ("v1", True)


def test_a_change_an_addition_and_a_removal_are_taken_back(here: Box) -> None:
    here.desk.run(SetItem("e1", replace(SOUP, price=650)), ANA)
    assert take_back(here, "e1", "u1").item("soup").price == 500
    here.desk.run(SetItem("e2", replace(SOUP, id="rice")), ANA)
    assert "rice" not in take_back(here, "e2", "u2").ids
    here.desk.run(RemoveFromMenu("e3", "item", "tea"), ANA)
    assert take_back(here, "e3", "u3").item("tea") == TEA


def test_taking_back_leaves_alone_what_others_changed_since(here: Box) -> None:
    here.desk.run(SetItem("e1", replace(SOUP, price=650)), ANA)
    here.desk.run(SetItem("e2", replace(TEA, price=350)), BOSS)
    menu = take_back(here, "e1", "u1")
    assert (menu.item("soup").price, menu.item("tea").price) == (500, 350)


def test_a_version_is_taken_back_as_the_menu_before_it(here: Box) -> None:
    here.desk.run(PublishMenu("v2", replace(MENU, items=(TEA,))), ANA)
    assert take_back(here, "v2", "u1").item("soup") == SOUP


def test_a_step_that_is_not_there_is_refused(here: Box) -> None:
    with pytest.raises(MenuEditRefused):
        undo(here.journal, "nothing", "u1")
