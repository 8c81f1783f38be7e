"""What each main page weighs: bytes, as they travel and compressed, and how many DOM nodes.

Forty tables, 600 dishes, a day with checks of every kind; measured in Chromium on the real pages.
"""

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from comptoir.commands import Actor, AddLine, CountItem, Fire, OpenCheck, PublishFloor, PublishMenu
from comptoir.domain.house import MANAGER, Area, Table
from tests.bench.figures import Amount, Figure
from tests.browser.conftest import CHROMIUM, FIFTEEN_INCH, FLAGS, Desk
from tests.browser.stops import STOPS
from tests.fakes.large_menu import large_menu
from tests.fakes.till import HostTill
from tests.screens.guests import regular

DISHES, TABLES, NODES_AIM = 600, 40, 1500
LINES = 8
BOSS = Actor("li-wei", MANAGER)
CHECK = "a" * 32
COUNT, COUNTED = "left", "d0"
PAGES = {
    "sign in": "/",
    "floor": "/floor",
    "pad": "/checks/{check}",
    "payment": "/checks/{check}/pay",
    "kitchen": "/kitchen",
    "counter": "/counter",
    "display": "/display",
    **STOPS,
    "manager stock item": f"/manager/stock/item/{COUNTED}",
    "manager stock count": f"/manager/stock/count/{COUNT}",
}
NODES = "() => document.querySelectorAll('*').length"
SCREENFUL = 12
LIGHT = "  {:22} {:7,d} bytes, {:6,d} compressed, {:5,d} DOM nodes"


@contextmanager
def manager() -> Iterator[Desk]:
    """Open a till in the middle of an evening, the manager signed in."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        till = HostTill(Path(folder), px_per_mm_milli=FIFTEEN_INCH.px_per_mm_milli)
        try:
            till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
            _fill(till)
            context = chromium.new_context(viewport=FIFTEEN_INCH.viewport, has_touch=True)
            at = Desk(context.new_page(), till.serve())
            at.sign_in("li-wei")
            yield at
            context.close()
        finally:
            till.stop()
            chromium.close()


def _fill(till: HostTill) -> None:
    """Publish the large menu and forty tables; seat guests at every second one."""
    tables = tuple(Table(f"table-{n}", str(n), 4) for n in range(1, TABLES + 1))
    till.desk.run(PublishMenu("menu", large_menu(DISHES)), BOSS)
    till.desk.run(PublishFloor("floor", (Area("hall", "Hall", tables),)), BOSS)
    for number in range(TABLES // 2):
        check = CHECK if number == 0 else f"check-{number}"
        till.desk.run(
            OpenCheck(f"open-{number}", check, "eat_in", f"table-{number * 2 + 1}", 4), BOSS
        )
        for line in range(LINES):
            name = f"line-{number}-{line}"
            till.desk.run(
                AddLine(f"add-{number}-{line}", check, name, f"d{number + line * 9}"), BOSS
            )
        till.desk.run(Fire(f"fire-{number}", check), BOSS)
    regular(till, "d0")
    counts = [(f"count-{number}", f"d{number}") for number in range(DISHES)]
    counts += [(COUNT, COUNTED), *((f"again-{number}", COUNTED) for number in range(TABLES))]
    for name, dish in counts:
        till.desk.run(CountItem(name, dish, 9000), BOSS)


def measure(long: bool) -> list[Figure]:
    """Open each page once; name the heaviest of them, all with --long."""
    with manager() as at:
        weights = {name: _weigh(at, path.format(check=CHECK)) for name, path in PAGES.items()}
    heaviest = sorted(weights, key=lambda name: weights[name][2], reverse=True)
    shown = heaviest if long else heaviest[:SCREENFUL]
    return [
        *(LIGHT.format(name, *weights[name]) for name in shown),
        Amount(f"most DOM nodes: {heaviest[0]}", weights[heaviest[0]][2], "nodes", NODES_AIM),
        f"  {len(PAGES)} pages; {DISHES} dishes, {TABLES} tables, half of them with {LINES} dishes",
    ]


def _weigh(at: Desk, path: str) -> tuple[int, int, int]:
    """Return bytes of a page, the same compressed, and its DOM nodes once it stands still."""
    answer = at.page.goto(at.address + path, wait_until="load")
    body = answer.body() if answer else b""
    nodes: int = at.page.evaluate(NODES)
    return len(body), len(gzip.compress(body)), nodes
