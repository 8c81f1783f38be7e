"""The line on every page while the house is offline (K14)."""

import pytest

from comptoir.bus.wire import Newest, Safety, pack_json
from comptoir.commands import Actor, SetStaff
from comptoir.commands.offline import EndAway, SetOffline
from comptoir.domain.house import MANAGER, SYSTEM
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain
from tests.app.web.test_live import opened

BOSS, REPLICA = Actor("li-wei", MANAGER), Actor("replica", SYSTEM)
MINUTE_MS = 60_000


def tell(screen: Screen, away_since_ms: int) -> None:
    """Play the replica program, which misses the cloud."""
    report = Safety({}, {}, {"t1/1": 1}, [], 1, Newest(0, 0), away_since_ms=away_since_ms)
    screen.till.safety.update(pack_json(report))


def hold(screen: Screen, *, offline: bool, key: str) -> None:
    screen.till.desk.run(SetOffline(key, offline=offline), BOSS)


@pytest.fixture
def english(screen: Screen) -> Screen:
    """Return a manager who reads English."""
    entry = SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en")
    screen.till.desk.run(entry, Actor("s", SYSTEM))
    return screen.sign_in("li-wei")


def test_held_by_a_manager_every_page_says_so_and_who(waiter: Screen) -> None:
    check = waiter.open_check()
    hold(waiter, offline=True, key="off")
    for path in ("/floor", "/kitchen", f"/checks/{check}", "/money"):
        page = plain(waiter.get(path).text)
        assert "keeps the house off the internet" in page, path
    hold(waiter, offline=False, key="on")
    assert "keeps the house off" not in waiter.get("/floor").text


def test_a_cloud_that_does_not_answer_makes_it_offline_by_itself(waiter: Screen) -> None:
    tell(waiter, waiter.till.desk.clock.now_ms())
    assert "the cloud does not answer. Selling goes on." in waiter.get("/floor").text
    tell(waiter, 0)
    assert "does not answer. Selling" not in waiter.get("/floor").text


def test_a_day_ago_it_says_the_day(waiter: Screen) -> None:
    tell(waiter, 1_700_000_000_000)
    assert "Offline since 14/11" in waiter.get("/floor").text


def test_who_is_not_signed_in_reads_it_and_a_guest_does_not(screen: Screen) -> None:
    tell(screen, screen.till.desk.clock.now_ms())
    assert 'class="away away-lost"' in screen.get("/").text
    assert "away-lost" not in screen.get("/display").text


def test_an_open_page_is_told(waiter: Screen) -> None:
    parts = opened(waiter, "/live")
    assert any("event: away\ndata: \n" in part for part in parts)
    tell(waiter, waiter.till.desk.clock.now_ms())
    assert any("event: away" in part and "Selling goes on" in part for part in parts)


def test_managers_hear_of_the_return_until_they_have_looked(english: Screen) -> None:
    now_ms = english.till.desk.clock.now_ms()
    english.till.desk.run(EndAway("e", now_ms - 10 * MINUTE_MS, now_ms), REPLICA)
    assert "Back online since" in english.get("/floor").text
    assert english.get("/manager/offline").status_code == 200
    assert "Back online since" not in english.get("/floor").text


def test_waiters_do_not(waiter: Screen) -> None:
    now_ms = waiter.till.desk.clock.now_ms()
    waiter.till.desk.run(EndAway("e", now_ms - 10 * MINUTE_MS, now_ms), REPLICA)
    assert "Back online" not in waiter.get("/floor").text
