"""D18: the stock is counted by touch: few taps, keys of twenty millimetres, nothing too small."""

import pytest

from tests.browser.conftest import SEVEN_INCH, Desk
from tests.browser.test_looks import KEYPAD_MM, KEYPAD_TOLERANCE_MM, SMALL, TOUCH_MM_MIN, barriers
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
DISH = "har-gow-steamed"
ROW = f'[hx-get="/stock/{DISH}"]'


def left(till: HostTill) -> int:
    count = till.journal.state(f"item:{DISH}").count
    return int(till.journal.state(f"count:{count}").left_milli)


def keyed(desk: Desk, digits: str, what: str) -> None:
    """Open the sheet of the dish, type a number and tap what it stands for."""
    desk.tap(ROW)
    for digit in digits:
        desk.tap(f'#sheet [data-key="{digit}"]')
    with desk.page.expect_navigation():
        desk.tap(f'#sheet [value="{what}"]')


def test_a_dish_is_counted_in_four_taps_and_what_came_in_is_undone_in_two(
    desk: Desk, till: HostTill
) -> None:
    desk.sign_in("li-wei")
    desk.go("/stock?category=dimsum")
    desk.taps = 0
    keyed(desk, "12", "count")
    assert (desk.taps, left(till)) == (4, 12_000)
    keyed(desk, "24", "received")
    keyed(desk, "3", "spoilt")
    assert left(till) == 33_000
    desk.taps = 0
    desk.tap(ROW)
    with desk.page.expect_navigation():
        desk.tap('#sheet [value="undo"]', 1)
    assert (desk.taps, left(till)) == (2, 9000)
    assert desk.complaints == []


def test_the_sheet_has_keys_that_fingers_hit_and_no_barrier(desk: Desk) -> None:
    desk.sign_in("li-wei")
    desk.go("/stock?category=dimsum")
    keyed(desk, "12", "count")
    keyed(desk, "24", "received")
    desk.tap(ROW)
    desk.wait("#sheet .keypad")
    per_mm = SEVEN_INCH.px_per_mm
    key = desk.find('#sheet [data-key="5"]').bounding_box()
    assert key is not None
    assert min(key["width"], key["height"]) / per_mm >= KEYPAD_MM - KEYPAD_TOLERANCE_MM
    assert desk.page.evaluate(SMALL, TOUCH_MM_MIN * per_mm) == []
    assert barriers(desk.page) == []
    lowest = desk.find('#sheet [data-key="00"]').bounding_box()
    assert lowest is not None
    assert lowest["y"] + lowest["height"] <= SEVEN_INCH.height, "no digit lies below the edge"
