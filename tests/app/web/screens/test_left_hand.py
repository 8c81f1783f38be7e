"""Screens are mirrored for who works with the left hand, and for nobody else."""

import re
from pathlib import Path

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import MANAGER, WAITER
from tests.app.web.conftest import Screen

BOSS = Actor("li-wei", MANAGER)
MIRROR = "/static/left.css"


def test_the_mirror_is_a_persons_own(waiter: Screen) -> None:
    assert MIRROR not in waiter.get("/floor").text
    left = SetStaff("left", "lucas", "Lucas Petit", WAITER, language="en", left_handed=True)
    waiter.till.desk.run(left, BOSS)
    assert MIRROR in waiter.get("/floor").text
    waiter.sign_in("sophie")
    assert MIRROR not in waiter.get("/floor").text


def test_a_change_of_something_else_leaves_the_hand(waiter: Screen) -> None:
    for number, hand in enumerate((True, None)):
        entry = SetStaff(f"set-{number}", "lucas", "Lucas", WAITER, left_handed=hand)
        waiter.till.desk.run(entry, BOSS)
    assert waiter.till.journal.state("staff:lucas").left_handed


def test_all_that_the_mirror_turns_is_on_some_page() -> None:
    """A class that was renamed would leave its page to the right hand alone."""
    web = Path("app/comptoir/web")
    sheet = re.sub(r"/\*.*?\*/|\{.*?\}", " ", (web / "static/left.css").read_text("utf-8"))
    turned = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    pages = " ".join(page.read_text("utf-8") for page in (web / "templates").rglob("*.html"))
    classes = re.findall(r'class="([^"]*)"|block page %\}([\w-]*)', pages)
    worn = {name for found in classes for one in found for name in re.findall(r"[\w-]+", one)}
    assert len(turned) > 10
    assert turned - worn == set()
