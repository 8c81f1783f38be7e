"""A manager installs an update by touch, with keys that fingers hit, and reads what went wrong."""

import pytest

from comptoir.bus.wire import HeldBundle
from comptoir.commands import Actor
from comptoir.commands.updates import BeginUpdate, EndUpdate, TellSystem, updates
from comptoir.domain.house import SYSTEM
from comptoir.domain.updates import FAILED
from tests.browser.conftest import DISPLAYS, Desk, Display
from tests.browser.test_looks import OVERFLOWING, SMALL, TOUCH_MM_MIN, barriers
from tests.fakes.bundles import KIND
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
PROGRAM = Actor("updates", SYSTEM)
ONE = "1" * 64


@pytest.fixture(params=DISPLAYS.values(), ids=list(DISPLAYS))
def display(request: pytest.FixtureRequest) -> Display:
    display: Display = request.param
    return display


def fits(desk: Desk, display: Display) -> None:
    """Assert that nothing is too small to hit, cut off or a barrier."""
    assert desk.page.evaluate(SMALL, TOUCH_MM_MIN * display.px_per_mm) == []
    assert desk.page.evaluate(OVERFLOWING) == []
    assert barriers(desk.page) == []


def test_tonight_takes_one_tap_now_another_and_a_failure_is_tried_again_by_one(
    desk: Desk, till: HostTill, display: Display
) -> None:
    till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
    till.tell_updates("nothing", held=HeldBundle(ONE, KIND, "1.2", 700_000_000))
    desk.sign_in("li-wei")
    desk.go("/manager/terminals")
    fits(desk, display)
    with desk.page.expect_navigation():
        desk.tap('.updates [hx-post*="/offer"] button')
    (offer,) = updates(till.journal).offers
    assert not offer.at_once
    with desk.page.expect_navigation():
        desk.tap('.updates [hx-post$="/want"] button')
    assert updates(till.journal).offers[0].at_once
    till.desk.run(BeginUpdate("b", ONE), PROGRAM)
    till.tell_updates("fetching", bundle=ONE, taken=140_000_000, source="t1", left_s=267)
    desk.go("/manager/terminals")
    said = desk.find(".strip .lamp-update").inner_text()
    assert all(part in said for part in ("1.2", "Bar", "5")), said
    fits(desk, display)
    till.tell_updates("stopped", bundle=ONE)
    till.desk.run(EndUpdate("e", ONE, FAILED, "the boot partition is full"), PROGRAM)
    desk.go("/manager/terminals")
    desk.wait(".strip .lamp-update")
    assert "the boot partition is full" in desk.find(".box-update-failed").inner_text()
    fits(desk, display)
    with desk.page.expect_navigation():
        desk.tap('.updates [hx-post$="/want"] button')
    assert updates(till.journal).stopped_by() is None
    assert desk.complaints == []
