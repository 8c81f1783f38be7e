"""Every page that a manager opens directly: no barrier by axe-core, no key too small, no fault.

And the mirror of the left hand: what stands on the right stands on the left, digits in their order.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import SYSTEM, WAITER
from tests.browser.conftest import SEVEN_INCH, Desk
from tests.browser.stops import STOPS
from tests.browser.test_looks import SMALL, TOUCH_MM_MIN, barriers, wrong
from tests.fakes.till import HostTill
from tests.screens.guests import CHECK, guests

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def boss(
    founded: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    # all pages one after another, faster than a till notices that the ones before are gone
    till = HostTill(folder, px_per_mm_milli=SEVEN_INCH.px_per_mm_milli, sse_streams_max=200)
    till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
    guests(till)
    context = chromium.new_context(viewport=SEVEN_INCH.viewport, has_touch=True)
    desk = Desk(context.new_page(), till.serve())
    desk.sign_in("li-wei")
    yield desk
    context.close()
    till.stop()


def test_no_page_has_a_barrier_or_complains(boss: Desk) -> None:
    found: dict[str, list[str]] = {}
    for name, path in STOPS.items():
        boss.go(path.format(check=CHECK))
        found[name] = barriers(boss.page)
    assert wrong(found) == {}
    assert boss.complaints == []


def test_no_key_of_a_page_is_under_ten_millimetres(boss: Desk) -> None:
    found: dict[str, list[str]] = {}
    for name, path in STOPS.items():
        boss.go(path.format(check=CHECK))
        found[name] = boss.page.evaluate(SMALL, TOUCH_MM_MIN * SEVEN_INCH.px_per_mm)
    assert wrong(found) == {}


def _middle(desk: Desk, selector: str) -> float:
    box = desk.find(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_the_left_hand_has_its_keys_on_the_left_and_digits_in_their_order(
    desk: Desk, till: HostTill
) -> None:
    half, seen = SEVEN_INCH.width / 2, []
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    check = desk.page.url
    for left in (False, True):
        hand = SetStaff(f"h-{left}", "lucas", "Lucas Petit", WAITER, left_handed=left)
        till.desk.run(hand, Actor("test", SYSTEM))
        desk.page.goto(check)
        panel = _middle(desk, "#panel")
        desk.page.goto(f"{check}/pay")
        digits = [_middle(desk, f'.keypad [data-key="{n}"]') for n in "123"]
        assert digits == sorted(digits)
        seen.append((panel < half, digits[1] < half))
    right, mirrored = seen
    assert (right[0], right[1]) == (not mirrored[0], not mirrored[1])
    assert desk.complaints == []
