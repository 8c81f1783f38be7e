from dataclasses import replace

from comptoir.commands import PublishMenu
from comptoir.domain.menu import Category, Menu
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS


def test_the_terminals_own_screen_knows_its_millimetre(screen: Screen) -> None:
    assert ":root{--mm:3.950px}" in screen.get("/look.css").text


def test_other_machines_keep_their_own(screen: Screen) -> None:
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert "--mm" not in screen.get("/look.css", environ_base=away).text


def test_categories_have_the_menus_colours(screen: Screen) -> None:
    assert '[data-category="dimsum"]{--hue:#d9822b}' in screen.get("/look.css").text


def test_a_colour_that_is_none_cannot_break_out_of_the_sheet(screen: Screen) -> None:
    bad = Category("x", {"en": "X"}, "red}body{display:none")
    menu = replace(Menu(), categories=(bad,))
    screen.till.desk.run(PublishMenu("command-menu", menu), BOSS)
    assert "display" not in screen.get("/look.css").text
