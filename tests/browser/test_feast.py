"""K1: a Chinese restaurant's menu is entered, ordered, fired, split and paid, all by touch."""

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext

from comptoir.commands.menu_export import export_json
from comptoir.domain.check import Check
from comptoir.domain.line import UNSENT
from comptoir.domain.menu import ORDER_TYPES, Item, Menu, Modifier, ModifierGroup
from tests.browser.conftest import Desk
from tests.browser.evening import stories
from tests.browser.test_menu import choose, open_sheet
from tests.fakes.large_menu import large_menu
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
DISHES = 600
FEAST_PRICE, SUPPLEMENT = 4800, 300
SOUP, DUCK, FISH = "d4", "d1", "d5"
SPICED = "d15"  # three levels of choices, and a half portion
SPICY_DUCK = ("sauce-1", "sauce-1/heat-2")
CHOSEN = ("side-1", "side-1/sauce-2", "side-1/sauce-2/heat-3")


def feast_menu() -> Menu:
    """Return six hundred dishes, and a family-style meal of three of them for the whole table."""
    base = large_menu(DISHES - 1)

    def dish(name: str, price: int = 0) -> Modifier:
        return Modifier(f"of-{name}", base.item(name).names, price, item=name)

    first = ModifierGroup("feast-1", {"en": "To begin", "zh": "前菜"}, (dish(SOUP),), 1, 1)
    mains = (dish(DUCK, SUPPLEMENT), dish(FISH))
    second = ModifierGroup("feast-2", {"en": "For all", "zh": "主菜"}, mains, 2, 2)
    feast = Item(
        "feast", "c0", {"en": "Family feast", "zh": "合家宴"}, FEAST_PRICE,
        dict.fromkeys(ORDER_TYPES, ("food",)), "888", ("feast-1", "feast-2"),
    )  # fmt: skip
    mains_items = {DUCK, FISH}  # their sauces and heat nest three deep inside the feast
    items = (
        replace(one, groups=("sauce",)) if one.id in mains_items else one for one in base.items
    )
    return replace(base, groups=(*base.groups, first, second), items=(feast, *items))


def enter(desk: Desk, menu: Menu) -> None:
    """Bring a menu's file in by the back office: look at what changes, publish it."""
    sent = {
        "name": "menu.json",
        "mimeType": "application/json",
        "buffer": export_json(menu, "EUR").encode(),
    }
    desk.go("/office/menu/file")
    desk.find('[name="file"]').set_input_files(sent)  # type: ignore[arg-type]
    desk.tap(".pair .primary")
    desk.tap(".save-bar .primary")
    desk.page.wait_for_url("**/office/menu/history")


def order(desk: Desk) -> None:
    """Order a half portion with its choices three deep, the feast, and one more dish."""
    open_sheet(desk, "c0", SPICED)
    for choice in ("half", *CHOSEN):
        choose(desk, choice)
    desk.tap("#sheet [data-submit]")
    desk.wait('#panel .check[data-count="1"]')
    desk.tap('.item[hx-get$="/feast"]')
    desk.wait("#sheet[open] .group")
    for name in (SOUP, DUCK, FISH):
        choose(desk, f"of-{name}")
    for choice in SPICY_DUCK:
        choose(desk, f"of-{DUCK}/{choice}")
    desk.tap("#sheet [data-submit]")
    desk.wait('#panel .check[data-count="4"]')
    desk.add(3)


def the_kitchen_reads_both_languages(desk: Desk, menu: Menu) -> None:
    desk.go("/kitchen")
    desk.wait(".ticket .dish")
    shown = desk.find(".tickets, main").first.inner_text()
    for name in (SOUP, DUCK, FISH, SPICED):
        names = menu.item(name).names
        assert names["zh"] in shown, name
        assert names["en"] in shown, name
    assert "Heat 3" in shown


def test_k1_a_feast_is_entered_ordered_fired_split_and_paid(
    desk: Desk, till: HostTill, context: BrowserContext
) -> None:
    menu = feast_menu()
    assert len(menu.items) == DISHES
    desk.sign_in("li-wei")
    enter(desk, menu)
    desk.go("/floor")
    stories.sign_out(desk)
    desk.sign_in()
    desk.open_table(covers=4)
    order(desk)
    stories.open_places(desk)
    stories.fire_next(desk)
    assert 0 < _fired(till) < len(_check(till).lines), "a course at a time"
    while _fired(till) < len(_check(till).lines):
        stories.fire_next(desk)
    the_kitchen_reads_both_languages(Desk(context.new_page(), desk.address), menu)
    desk.page.bring_to_front()
    stories.to_check(desk)
    desk.tap(".check-head .split-key")
    desk.tap('[name="parts"][value="4"]')
    desk.wait(".part >> nth=3")
    assert stories.pay_parts(desk) == 4
    check = _check(till)
    assert check.state == "settled"
    spiced, *feast = check.lines[:4]
    assert (spiced.variant, tuple(one.choice for one in spiced.modifiers)) == ("half", CHOSEN)
    assert sum(line.amount for line in feast) == FEAST_PRICE + SUPPLEMENT
    assert tuple(one.choice for one in feast[1].modifiers) == SPICY_DUCK
    assert sum(payment.amount for payment in check.payments) == check.priced.total
    assert desk.complaints == []


def _check(till: HostTill) -> Check:
    (check,) = till.journal.states("check")
    assert isinstance(check, Check)
    return check


def _fired(till: HostTill) -> int:
    return sum(line.status != UNSENT for line in _check(till).lines)
