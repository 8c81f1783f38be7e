"""A tablet's terminal dies: the page goes on at the next one, with what was typed and not sent."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from comptoir.api_client import TillClient
from comptoir.demo import mosquitto
from comptoir.demo.layout import LOCALHOST
from comptoir.demo.machines import Power, Terminal
from comptoir.demo.restaurant import Restaurant
from tests.browser.conftest import Desk
from tests.browser.evening.house import wait_until
from tests.fakes.ports import first_port

TERMINALS, NOTE = 2, "no coriander"
PHONE: ViewportSize = {"width": 412, "height": 860}


@dataclass
class House:
    """Two terminals on one computer, and their tills' addresses."""

    restaurant: Restaurant

    def terminal(self, number: int) -> Terminal:
        return self.restaurant.terminals[number - 1]

    def address(self, number: int) -> str:
        return f"http://{LOCALHOST}:{self.terminal(number).spot.http_port}"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="comptoir-tablets-") as name:
        folder = Path(name)
        broker = mosquitto.find(folder / "cache")
        restaurant = Restaurant(TERMINALS, first_port(TERMINALS + 1), folder, broker)
        try:
            restaurant.switch_on()
            yield House(restaurant)
        finally:
            restaurant.shut_down()


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


def knows_where(desk: Desk) -> None:
    """Wait until the page has heard of the other terminal, and may ask it."""
    ask = "fetch('/moving').then((answer) => answer.json()).then((news) => news.to.length)"
    wait_until(lambda: bool(desk.page.evaluate(ask)), "the other terminal is known")
    with desk.page.expect_response("**/moving"):
        desk.page.reload()


def type_into_a_sheet(desk: Desk) -> None:
    """Hold a dish until it asks, choose two of it and type a note; nothing is sent."""
    box = desk.find(".item[data-hold]").first.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desk.page.mouse.down()
    desk.wait("#sheet [name=note]")
    desk.page.mouse.up()
    desk.tap('#sheet [data-step="1"]')
    desk.find("#sheet [name=note]").fill(NOTE)


def told_here(house: House, desk: Desk, dishes: int) -> bool:
    """Tell whether the second till has a desk's check with so many dishes."""
    port, token = house.terminal(2).spot.http_port, house.restaurant.access.manager
    with closing(TillClient(port, token)) as client:
        answer = client.get(f"/api/v1/checks/{desk.page.url.rpartition('/')[2]}")
    return answer.ok and len(answer.body["lines"]) == dishes


def test_f2_pages_go_on_at_the_next_terminal_with_what_was_not_sent(
    house: House, screens: Callable[[str], Desk]
) -> None:
    typing, tapping, cook = screens("lucas"), screens("wang-fang"), screens("chen-qiang")
    for desk, table in ((typing, 2), (tapping, 3)):
        desk.open_table(table)
        knows_where(desk)
        desk.add(0)
        wait_until(partial(told_here, house, desk, 1), "the other till has the dish")
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
