"""A manager in front of a till that has sold something."""

import html
import re

import pytest

from comptoir.commands import Actor, AddLine, CompLine, Fire, OpenCheck, SetStaff, VoidLine
from comptoir.domain.house import MANAGER, SYSTEM, WAITER
from tests.app.web.conftest import Screen

LUCAS, BOSS = Actor("lucas", WAITER), Actor("li-wei", MANAGER)


def plain(page: str) -> str:
    """Return a page's text, tags taken out."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def manager(screen: Screen) -> Screen:
    """Return a manager who reads English; one check of two dishes, one of them voided."""
    desk = screen.till.desk
    desk.run(SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en"), Actor("s", SYSTEM))
    desk.run(OpenCheck("o1", "c1", "eat_in", "hall-3", 2), LUCAS)
    for line in ("l1", "l2", "l3"):
        desk.run(AddLine(f"a{line}", "c1", line, "har-gow-steamed"), LUCAS)
    desk.run(Fire("f1", "c1"), LUCAS)
    desk.run(VoidLine("v1", "c1", "l1", "quality"), LUCAS, BOSS)
    desk.run(CompLine("g1", "c1", "l2", "birthday"), BOSS)
    return screen.sign_in("li-wei")
