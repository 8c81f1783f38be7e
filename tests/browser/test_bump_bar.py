"""X7: a bump bar is a keyboard; its keys bump, call back and turn pages however much waits."""

import pytest
from playwright.sync_api import expect

from comptoir.commands import Actor, PublishMenu
from comptoir.domain.check import FIRED, READY
from comptoir.domain.house import MANAGER
from tests.app.web.screens.test_kitchen_pages import CHECKS, EACH, NODES_AIM, fire
from tests.browser.conftest import Desk
from tests.fakes.large_menu import large_menu
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
NODES = "() => document.querySelectorAll('*').length"
FIRST = ".ticket header b"


@pytest.fixture
def cook(till: HostTill, desk: Desk) -> Desk:
    """Return a cook in front of four hundred dishes."""
    till.desk.run(PublishMenu("large", large_menu(600)), Actor("li-wei", MANAGER))
    for number in range(CHECKS):
        fire(till, f"c{number:02}", range(number * EACH, (number + 1) * EACH))
    desk.sign_in("chen-qiang")
    desk.wait(".ticket .dish")
    return desk


def statuses(till: HostTill, check: str) -> set[str]:
    return {line.status for line in till.journal.state(f"check:{check}").lines}


def first(desk: Desk) -> str:
    return desk.find(FIRST).first.inner_text()


def test_the_keys_of_a_bump_bar_reach_every_ticket(cook: Desk, till: HostTill) -> None:
    keyboard = cook.page.keyboard
    assert cook.page.evaluate(NODES) <= NODES_AIM
    keyboard.press("2")
    cook.wait(".to-serve .key")
    assert statuses(till, "c01") == {READY}, "the second key is the second ticket"
    assert statuses(till, "c00") == {FIRED}
    assert first(cook) == "table-c00", "the one before it stands where it stood"
    for _ in range(40):
        if "from=" in cook.page.url:
            break
        keyboard.press("ArrowRight")
        cook.page.wait_for_timeout(150)
    cook.page.wait_for_url("**from=*")
    cook.wait(".ticket .dish")
    assert cook.page.evaluate(NODES) <= NODES_AIM
    later = first(cook)
    keyboard.press("1")
    expect(cook.find(FIRST).first).not_to_have_text(later)
    assert statuses(till, later.removeprefix("table-")) == {READY}, "of this page, not of the first"
    keyboard.press("Backspace")
    cook.wait("#sheet .recall")
    keyboard.press("1")
    expect(cook.find(FIRST).first).to_have_text(later)
    assert statuses(till, later.removeprefix("table-")) == {FIRED}
    keyboard.press("ArrowLeft")
    expect(cook.find(FIRST).first).to_have_text("table-c00")
    assert cook.complaints == []
