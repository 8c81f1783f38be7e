"""While nothing confirms the clock every page asks once, and receipts say so."""

from datetime import UTC, datetime

import pytest

from comptoir.bus.wire import Newest, Safety, pack_json
from comptoir.commands import Actor, IntendPayment, SetStaff, TakePayment
from comptoir.commands.receipts import Wish, paper
from comptoir.domain.check import Check
from comptoir.domain.house import MANAGER, SYSTEM
from comptoir.domain.paper.rows import Text
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain

BOSS = Actor("li-wei", MANAGER)
ASKED = "No clock could be asked since this terminal was switched on."
UNSURE = "Date and hour not confirmed"


@pytest.fixture
def unsure(screen: Screen) -> Screen:
    """Return a manager who reads English, at a till that nothing tells the time."""
    entry = SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en")
    screen.till.desk.run(entry, Actor("s", SYSTEM))
    screen.till.forget_time()
    return screen.sign_in("li-wei")


def answer(screen: Screen, day: str, hour: str) -> int:
    return screen.post("/hour", day=day, hour=hour).status_code


def test_every_page_asks_until_somebody_answers(unsure: Screen) -> None:
    for path in ("/floor", "/money", "/counter"):
        assert ASKED in plain(unsure.get(path).text), path
    assert "What time is it?" in unsure.get("/hour").text
    assert answer(unsure, "2031-05-06", "13:14") == 204
    assert ASKED not in plain(unsure.get("/floor").text)
    now = datetime.fromtimestamp(unsure.till.desk.clock.now_ms() / 1000, UTC)
    assert f"{now:%Y-%m-%d %M}" == "2031-05-06 14"


def test_it_is_not_asked_while_the_clock_is_confirmed(screen: Screen) -> None:
    assert ASKED not in plain(screen.sign_in("li-wei").get("/floor").text)


NO_TIMES = [("", ""), ("2031-13-41", "99:99"), ("1999-01-01", "0:0"), ("3000-01-01", "12:00")]


@pytest.mark.parametrize(("day", "hour"), NO_TIMES)
def test_what_is_no_time_is_refused_and_asked_again(unsure: Screen, day: str, hour: str) -> None:
    assert answer(unsure, day, hour) == 409
    assert ASKED in plain(unsure.get("/floor").text)


def test_a_time_before_the_last_sale_is_refused_with_what_to_do(unsure: Screen) -> None:
    unsure.open_check()
    refused = unsure.post("/hour", day="2020-01-01", hour="12:00")
    assert refused.status_code == 409
    assert "Check date and hour" in plain(refused.text)


def paid(screen: Screen) -> Check:
    check = screen.open_check()
    screen.add(check)
    desk = screen.till.desk
    due = screen.till.journal.state(f"check:{check}").due
    desk.run(IntendPayment(f"i-{check}", check, f"p-{check}", "cash", due), BOSS)
    desk.run(TakePayment(f"t-{check}", check, f"p-{check}", due), BOSS)
    state: Check = screen.till.journal.state(f"check:{check}")
    return state


def said(screen: Screen, check: Check) -> list[str]:
    rows = paper(screen.till.journal, check, Wish(language="en")).rows
    return [row.text for row in rows if isinstance(row, Text)]


def test_receipts_say_that_the_time_is_not_confirmed(unsure: Screen) -> None:
    assert UNSURE in said(unsure, paid(unsure))
    unsure.till.clock_confirmed = True
    assert UNSURE not in said(unsure, paid(unsure))


def test_the_board_tells_what_the_replica_knows(unsure: Screen) -> None:
    board = unsure.till.safety
    assert not board.time_known
    board.update(pack_json(Safety({}, {}, {}, [], 1, Newest(0, 0), time_known=False)))
    assert not board.time_known
    board.update(pack_json(Safety({}, {}, {}, [], 1, Newest(0, 0))))
    assert board.time_known
