"""A restaurant on one computer, and phones whose terminal can die under them."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import ViewportSize

from comptoir.api_client import TillClient
from comptoir.demo import mosquitto
from comptoir.demo.layout import LOCALHOST
from comptoir.demo.machines import Terminal
from comptoir.demo.restaurant import Restaurant
from tests.browser.conftest import Desk
from tests.browser.evening.house import wait_until
from tests.fakes.ports import first_port

NOTE = "no coriander"
PHONE: ViewportSize = {"width": 412, "height": 860}


@dataclass
class House:
    """Its terminals, and their tills' addresses."""

    restaurant: Restaurant

    def terminal(self, number: int) -> Terminal:
        return self.restaurant.terminals[number - 1]

    def address(self, number: int) -> str:
        return f"http://{LOCALHOST}:{self.terminal(number).spot.http_port}"

    def told(self, number: int, desk: Desk, dishes: int) -> bool:
        """Tell whether a till has a desk's check with so many dishes."""
        port, token = self.terminal(number).spot.http_port, self.restaurant.access.manager
        with closing(TillClient(port, token)) as client:
            answer = client.get(f"/api/v1/checks/{desk.page.url.rpartition('/')[2]}")
        return answer.ok and len(answer.body["lines"]) == dishes


@contextmanager
def opened(terminals: int) -> Iterator[House]:
    """Build a restaurant that sells; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="comptoir-tablets-") as name:
        folder = Path(name)
        broker = mosquitto.find(folder / "cache")
        restaurant = Restaurant(terminals, first_port(terminals + 1), folder, broker)
        try:
            restaurant.switch_on()
            yield House(restaurant)
        finally:
            restaurant.shut_down()


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
