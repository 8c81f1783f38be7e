"""Whoever is not let in by the cloud any more reads it on the strip, and on a page what to do."""

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import MANAGER, SYSTEM
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain

DAY_MS = 86_400_000
PAGE = "/manager/terminals"


@pytest.fixture
def manager(screen: Screen) -> Screen:
    """Return a manager who reads English."""
    english = SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en")
    screen.till.desk.run(english, Actor("s", SYSTEM))
    return screen.sign_in("li-wei")


def told(screen: Screen, days: int, *, time_known: bool = True) -> tuple[str, str]:
    """Return the strip and the page when the certificate ends after so many days."""
    till = screen.till
    at_ms = till.desk.clock.now_ms() + days * DAY_MS
    till.tell_cloud_until(at_ms, time_known=time_known)
    return plain(screen.get("/strip").text), plain(screen.get(PAGE).text)


def test_while_it_is_good_the_page_says_until_when(manager: Screen) -> None:
    strip, page = told(manager, 5)
    assert "cloud access ended" not in strip
    assert "The cloud lets this terminal in until" in page
    assert "renewed by itself" in page


def test_once_it_has_ended_both_say_so_and_the_page_what_to_do(manager: Screen) -> None:
    strip, page = told(manager, -1)
    assert "cloud access ended" in strip
    assert "the cloud does not let this terminal in" in page
    assert "new enrolment file" in page


def test_a_clock_that_nothing_confirms_ends_nothing(manager: Screen) -> None:
    strip, page = told(manager, -1, time_known=False)
    assert "cloud access ended" not in strip
    assert "The cloud lets this terminal in until" in page


def test_without_a_cloud_nothing_is_said(manager: Screen) -> None:
    manager.till.tell()
    assert "The cloud" not in plain(manager.get(PAGE).text)
