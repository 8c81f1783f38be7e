"""F2: phones whose terminal dies in the middle of an order, again and again, and what they keep."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.demo.machines import Power
from tests.browser.conftest import CHROMIUM, FLAGS, Desk
from tests.browser.evening.house import wait_until
from tests.browser.tablets import NOTE, PHONE, House, knows_where, opened, type_into_a_sheet
from tests.faults.controls import put

TERMINALS, WAITERS = 2, ("lucas", "wang-fang")
AT_ONCE_S, PATIENCE_MS = 3.0, 30_000
NEWS = "**/moving"  # where a page hears of the other terminals


@dataclass
class Stage:
    """How pages are made; the control's hear of no other terminal."""

    deaf: bool = False

    def page(self, browser: Browser) -> Page:
        page = browser.new_context(viewport=PHONE, has_touch=True).new_page()
        if self.deaf:
            page.route(NEWS, lambda route: route.abort())
        return page


STAGE = Stage()


def deaf() -> AbstractContextManager[None]:
    """Let no page hear where it could go on."""
    return put(STAGE, "deaf", value=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Phones:
    """Two waiters' phones at one terminal: one with an unsent sheet, one about to tap a dish."""

    house: House
    desks: list[Desk]
    counts: Counter[str]
    at: int = 1
    dishes: int = 0

    @property
    def other(self) -> int:
        return TERMINALS + 1 - self.at

    def seat(self) -> None:
        for table, (desk, staff) in enumerate(zip(self.desks, WAITERS, strict=True), 2):
            desk.sign_in(staff)
            desk.open_table(table)

    def order(self) -> None:
        """Add a dish at each; it is with a peer when this ends, and the next is half typed."""
        for desk in self.desks:
            if not STAGE.deaf:
                knows_where(desk)
            desk.add(0)
        self.dishes += 1
        for desk in self.desks:
            wait_until(partial(self.house.told, self.other, desk, self.dishes), "a peer has it")
        type_into_a_sheet(self.desks[0])

    def lose(self) -> None:
        """Cut their terminal's power; both must go on elsewhere with what they had."""
        begin_s, died, next_one = time.monotonic(), self.at, self.house.address(self.other)
        self.house.terminal(died).cut_power(Power.DEAD)
        self.desks[1].tap(".item[data-tap]", 1)
        for desk in self.desks:
            there = f"{next_one}/checks/*"
            desk.page.wait_for_url(there, wait_until="commit", timeout=PATIENCE_MS)
            at_once = time.monotonic() - begin_s <= AT_ONCE_S
            self.counts.update({"moves": 1, "within 3 s": int(at_once)})
        self.dishes += 1
        self._keep_typing()
        self.at = self.other
        self.house.terminal(died).switch_on()
        wait_until(partial(self._back, died), "the dead terminal sells again")

    def _keep_typing(self) -> None:
        typing, tapping = self.desks
        tapping.wait(f'#panel .check[data-count="{self.dishes}"]')
        typing.wait("#sheet[open] [name=note]")
        kept = typing.find("#sheet [name=note]").input_value()
        if kept != NOTE:
            raise OrderLost(f"the note is {kept!r}")
        typing.tap("#sheet [data-submit]")
        typing.wait(f'#panel .check[data-count="{self.dishes}"]')

    def _back(self, number: int) -> bool:
        """Tell whether a terminal sells and hears its peer; what should run is restarted."""
        self.house.restaurant.look_after()
        port = self.house.terminal(number).spot.http_port
        try:
            with closing(TillClient(port, self.house.restaurant.access.manager)) as client:
                answer = client.get("/healthz")
        except TillUnreachable:
            return False
        return answer.ok and len(answer.body["peers"]) == TERMINALS - 1


class OrderLost(AssertionError):
    """A phone does not show what it had."""


def play(count: int, counts: Counter[str]) -> list[str]:
    """Let so many terminals die under the phones; returns the faults."""
    with chromium() as browser, opened(TERMINALS) as house:
        desks = [Desk(STAGE.page(browser), house.address(1)) for _ in WAITERS]
        phones = Phones(house, desks, counts)
        try:
            phones.seat()
            for _ in range(count):
                counts.update({"terminals dead": 1})
                phones.order()
                phones.lose()
        except (PlaywrightError, AssertionError) as fault:
            return [f"death {counts['terminals dead']}: {str(fault).splitlines()[0]}"]
    return []
