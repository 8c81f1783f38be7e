"""A manager in the back office, reading English."""

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import MANAGER, SYSTEM
from tests.app.web.conftest import Screen


@pytest.fixture
def office(screen: Screen) -> Screen:
    english = SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en")
    screen.till.desk.run(english, Actor("s", SYSTEM))
    return screen.sign_in("li-wei")
