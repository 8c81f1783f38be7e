"""A tablet's terminal dies: the page goes on at the next one, with what was typed and not sent."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser

from comptoir.demo.machines import Power
from tests.browser.conftest import Desk
from tests.browser.evening.house import wait_until
from tests.browser.tablets import NOTE, PHONE, House, knows_where, opened, type_into_a_sheet


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with opened(terminals=2) as made:
        yield made


@pytest.fixture
def screens(chromium: Browser, house: House) -> Iterator[Callable[[str], Desk]]:
    """Give somebody a screen of their own at the first terminal, and sign them in."""
    contexts = []

    def give(staff: str) -> Desk:
        contexts.append(chromium.new_context(viewport=PHONE, has_touch=True))
        desk = Desk(contexts[-1].new_page(), house.address(1))
        desk.sign_in(staff)
        return desk

    yield give
    for context in contexts:
        context.close()


def test_f2_pages_go_on_at_the_next_terminal_with_what_was_not_sent(
    house: House, screens: Callable[[str], Desk]
) -> None:
    typing, tapping, cook = screens("lucas"), screens("wang-fang"), screens("chen-qiang")
    for desk, table in ((typing, 2), (tapping, 3)):
        desk.open_table(table)
        knows_where(desk)
        desk.add(0)
        wait_until(partial(house.told, 2, desk, 1), "the other till has the dish")
    tapping.tap(".key.send")
    cook.wait(".ticket")
    cook.go("/kitchen?view=expo")
    knows_where(cook)
    cook.wait(".ticket")
    type_into_a_sheet(typing)

    begin_s = time.monotonic()
    house.terminal(1).cut_power(Power.DEAD)
    tapping.tap(".item[data-tap]", 1)
    took_s = {}
    for name, desk, path in (
        ("phone", tapping, "/checks/*"),
        ("kitchen", cook, "/kitchen?*"),
        ("typing", typing, "/checks/*"),
    ):
        desk.page.wait_for_url(house.address(2) + path, wait_until="commit")
        took_s[name] = f"{time.monotonic() - begin_s:.1f} s"
    sys.stdout.write(f"at the next terminal: {took_s}\n")

    tapping.wait('#panel .check[data-count="2"]')
    cook.wait(".ticket")
    assert cook.page.url.endswith("/kitchen?view=expo")
    typing.wait('#panel .check[data-count="1"]')
    typing.wait("#sheet[open] [name=note]")
    assert typing.find("#sheet [name=note]").input_value() == NOTE
    assert typing.find("#sheet [name=qty]").input_value() == "2"
    assert "go on at" in typing.find("#toast").inner_text()
    typing.tap("#sheet [data-submit]")
    typing.wait('#panel .check[data-count="2"]')


def test_who_brings_no_pass_is_told_to_sign_in(desk: Desk) -> None:
    english = {"name": "comptoir_language", "value": "en", "url": desk.address}
    desk.page.context.add_cookies([english])  # type: ignore[list-item]  # a TypedDict of theirs
    desk.go("/arrive#%7B%22pass%22%3A%22old%22%7D")
    desk.wait("[data-sign-in]")
    assert desk.find("[data-refused]").inner_text() == (
        "Your terminal does not answer. Sign in here to go on."
    )
    assert desk.page.url.endswith("/arrive")
    desk.tap("[data-sign-in]")
    desk.wait(".person")
