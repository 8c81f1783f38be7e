"""Choices of a dish by touch: a form, nested choices, a set meal (K1, X2)."""

import pytest

from tests.browser.conftest import Desk
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser


def choose(desk: Desk, value: str) -> None:
    desk.tap(f'#sheet .choice:has([value="{value}"])')


def open_sheet(desk: Desk, category: str, item: str) -> None:
    desk.tap(f'[data-category="{category}"].category')
    desk.find(f'.item[data-hold$="/{item}"]').hover(position={"x": 20, "y": 20})
    desk.page.mouse.down()
    desk.wait("#sheet[open] .group")
    desk.page.mouse.up()


def test_x2_a_nested_choice_is_asked_once_the_one_above_it_is_made(
    desk: Desk, till: HostTill
) -> None:
    desk.sign_in()
    desk.open_table()
    open_sheet(desk, "roast", "cantonese-roast-duck")
    nested = desk.find('#sheet [data-within="extra-sauce"]')
    deepest = desk.find('#sheet [data-within="extra-sauce/sauce-hoisin"]')
    assert (nested.is_visible(), deepest.is_visible()) == (False, False)
    choose(desk, "half")
    choose(desk, "extra-sauce")
    assert (nested.is_visible(), deepest.is_visible()) == (True, False)
    choose(desk, "extra-sauce/sauce-hoisin")
    choose(desk, "extra-sauce/sauce-hoisin/amount-jar")
    choose(desk, "extra-sauce/sauce-hoisin")  # taken back, and what is below it with it
    assert not deepest.is_visible()
    choose(desk, "extra-sauce/sauce-plum")
    desk.tap("#sheet [data-submit]")
    desk.wait('#panel .check[data-count="1"]')
    (line,) = till.journal.states("check")[0].lines
    assert line.variant == "half"
    assert [one.choice for one in line.modifiers] == ["extra-sauce", "extra-sauce/sauce-plum"]
    assert desk.complaints == []


def test_k1_a_set_meal_asks_for_each_of_its_dishes(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.tap('[data-category="rice"].category')
    desk.tap('.item[hx-get$="/lunch-set"]')
    desk.wait("#sheet[open] .group")
    assert desk.find("#sheet [data-submit]").is_disabled()
    for dish in ("set-har-gow-steamed", "set-roast-duck-on", "set-soy-milk"):
        choose(desk, dish)
    desk.tap("#sheet [data-submit]")
    desk.wait('#panel .check[data-count="3"]')
    lines = till.journal.states("check")[0].lines
    assert sum(line.amount for line in lines) == 1690 + 150
    assert desk.complaints == []
