"""The kiosk on the emulated screen: it draws the till, and a sale is rung up by touch.

Where to touch is read off a mirror: a browser on this host that shows the same page of the same
till, in the same size. The mirror signs in and looks; only the kiosk's touches change anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from imagebuilder.emulator import Display
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.fakes.restaurant import until
from tests.system.box import Box, running
from tests.system.screen import Monitor, Screen, brightness

pytestmark = [pytest.mark.system, pytest.mark.long]  # a browser on an emulated core is slow

DISPLAY = Display(1280, 800)
TILL_BRIGHTNESS_MIN = 128  # the page that waits for the till is dark
DRAWN_S_MAX = 900
PAGE_S_MAX = 120
PAGE_SHARE_MIN = 0.1
STAFF, PIN = "li-wei", "1234"
CODE = re.compile(r"comptoir:1;[^;]+;EUR;(\d+);([^/]+)/(\d+)/(\d+)")


@dataclass
class Kiosk:
    """A terminal with a screen, and the mirror of what it shows."""

    box: Box
    screen: Screen
    mirror: Page
    shown: Image.Image

    def tap(self, selector: str) -> None:
        """Touch what the selector names on the mirror, and wait for the screen to answer."""
        spot = self.mirror.locator(selector).first.bounding_box()
        assert spot, selector
        self.screen.tap(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)

    def look(self) -> None:
        """Wait until the screen shows something new that stays."""
        self.shown = self.screen.settled(PAGE_S_MAX, other_than=self.shown)

    def turn(self) -> None:
        """Wait until the screen shows another page: not a pressed key, nor another minute."""
        self.shown = self.screen.settled(PAGE_S_MAX, self.shown, share=PAGE_SHARE_MIN)

    def go(self, path: str) -> None:
        self.mirror.goto(f"http://127.0.0.1:{self.box.till_port}{path}")

    def checks(self) -> list[dict[str, Any]]:
        self.box.till.close()  # while pages were looked at, the till closed what was idle
        found: list[dict[str, Any]] = self.box.get("/checks")["checks"]
        return found


@pytest.fixture(scope="module")
def box(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    box = Box("cm4", image, tmp_path_factory.mktemp("kiosk") / "box", display=DISPLAY)
    with running(box):
        box.sign_in()
        yield box


@pytest.fixture(scope="module")
def kiosk(box: Box) -> Iterator[Kiosk]:
    monitor = Monitor(box.machine.monitor)
    screen = Screen(monitor, box.machine.folder, DISPLAY.width, DISPLAY.height)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        size = ViewportSize(width=DISPLAY.width, height=DISPLAY.height)
        mirror = browser.new_context(viewport=size, has_touch=True).new_page()
        mirror.set_default_timeout(PAGE_S_MAX * 1000)
        until(lambda: brightness(screen.picture()) >= TILL_BRIGHTNESS_MIN, DRAWN_S_MAX, "till", 2)
        yield Kiosk(box, screen, mirror, screen.settled(DRAWN_S_MAX))
        browser.close()
    monitor.close()


def test_a_sale_is_rung_up_by_touch_and_its_code_is_read_off_the_screen(kiosk: Kiosk) -> None:
    kiosk.go("/")
    kiosk.tap(f'.person:has([value="{STAFF}"])')
    kiosk.mirror.locator(f'.person:has([value="{STAFF}"])').tap()
    kiosk.look()
    for digit in PIN:
        kiosk.tap(f'.pin [data-key="{digit}"]')
        kiosk.mirror.locator(f'.pin [data-key="{digit}"]').tap()
        kiosk.look()
    kiosk.tap(".pin .primary")
    kiosk.mirror.locator(".pin .primary").tap()
    kiosk.mirror.wait_for_url("**/floor")
    kiosk.turn()

    kiosk.tap(".takeaway .primary")
    until(lambda: len(kiosk.checks()) == 1, PAGE_S_MAX, "a check was opened", 1)
    kiosk.turn()
    check = kiosk.checks()[0]["id"]
    kiosk.go(f"/checks/{check}")
    kiosk.tap(".item[data-tap]")
    until(lambda: len(kiosk.checks()[0]["lines"]) == 1, PAGE_S_MAX, "a dish was added", 1)
    kiosk.look()
    kiosk.go(f"/checks/{check}")
    kiosk.tap(".actions .primary")
    kiosk.turn()
    kiosk.go(f"/checks/{check}/pay")
    kiosk.tap(".exact")
    until(lambda: kiosk.box.get(f"/checks/{check}")["due"] == 0, PAGE_S_MAX, "it was paid", 1)
    kiosk.turn()

    paid = kiosk.box.get(f"/checks/{check}")
    (code,) = zxingcpp.read_barcodes(kiosk.shown)
    found = CODE.fullmatch(code.text)
    assert found, code.text
    assert int(found[1]) == paid["total"] > 0
    assert found[2] == paid["terminal"]


def test_the_kiosk_did_not_fail_and_was_not_started_twice(box: Box) -> None:
    assert box.unit("comptoir-kiosk.service", "ConditionResult", "ActiveState", "NRestarts") == {
        "ConditionResult": "yes",
        "ActiveState": "active",
        "NRestarts": "0",
    }
