"""Taps a task takes, counted by pressing the keys of the real screens in Chromium."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.figures import Amount, Figure
from tests.browser.conftest import CHROMIUM, FLAGS, SEVEN_INCH, Desk
from tests.fakes.till import HostTill

SALE_AIM, TABLE_AIM, SPLIT_AIM = 3, 12, 3


@contextmanager
def desk() -> Iterator[Desk]:
    """Open the sample restaurant's till on the seven-inch screen."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        till = HostTill(Path(folder), px_per_mm_milli=SEVEN_INCH.px_per_mm_milli)
        try:
            till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
            context = chromium.new_context(viewport=SEVEN_INCH.viewport, has_touch=True)
            yield Desk(context.new_page(), till.serve())
            context.close()
        finally:
            till.stop()
            chromium.close()


def measure(long: bool) -> list[Figure]:
    """Sign in once, then do each task; a sale counts from its open check, as at a counter."""
    del long
    with desk() as at:
        at.sign_in()
        sale = _sale(at)
        at.go("/floor")
        table = _table(at)
        split = _split(at)
    return [
        Amount("one dish sold, cash, check open", sale, "taps", SALE_AIM),
        Amount("four dishes, two choices, sent", table, "taps", TABLE_AIM),
        Amount("a bill split evenly by four", split, "taps", SPLIT_AIM),
    ]


def _sale(at: Desk) -> int:
    at.tap(".takeaway .primary")
    at.page.wait_for_url("**/checks/*")
    at.taps = 0
    at.add(0)
    at.tap(".actions .primary")
    at.page.wait_for_url("**/pay")
    at.tap(".exact")
    at.page.wait_for_url("**/paid")
    return at.taps


def _table(at: Desk) -> int:
    """Seat guests, tap three dishes, choose twice for a fourth, send."""
    at.taps = 0
    at.open_table()
    for number in range(3):
        at.add(number)
    at.tap('[data-category="noodle"].category')
    at.wait('.item[data-category="noodle"]')
    at.tap(".item:not([data-tap])")
    at.wait("#sheet[open] .group")
    groups = at.find('#sheet .group:not([data-min="0"])')
    for number in range(groups.count()):
        at.taps += 1
        groups.nth(number).locator(".choice").first.tap()
    at.tap("#sheet [data-submit]")
    at.wait('#panel .check[data-count="4"]')
    at.tap(".actions .send")
    at.wait(".line.sent")
    return at.taps


def _split(at: Desk) -> int:
    at.taps = 0
    at.tap(".check-head .split-key")
    at.page.wait_for_url("**/split")
    at.tap('[name="parts"][value="4"]')
    at.wait(".part >> nth=3")
    return at.taps
