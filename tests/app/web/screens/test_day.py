"""X at any time, the Z that closes a day and names what is open, the restaurant's day (X6, B10)."""

import uuid

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import MANAGER, SYSTEM
from tests.app.web.conftest import Screen


@pytest.fixture
def boss(screen: Screen) -> Screen:
    person = SetStaff("english", "li-wei", "Li Wei", MANAGER, language="en")
    screen.till.desk.run(person, Actor("test", SYSTEM))
    return screen.sign_in("li-wei")


def sell(screen: Screen, table: str = "hall-3") -> None:
    check = screen.open_check(table)
    screen.add(check)
    paid = {"payment": uuid.uuid4().hex, "amount": 650, "tendered": 1000}
    assert screen.post(f"/checks/{check}/pay", **paid).status_code == 204


def test_x_says_what_came_in_so_far_as_often_as_one_asks(boss: Screen) -> None:
    assert "€0.00" in boss.get("/day").text
    sell(boss)
    for _ in range(2):
        page = boss.get("/day").text
        assert "€6.50" in page
        assert "1 receipt" in page
        assert "TVA 10 %" in page


def test_what_is_open_is_named_before_and_after_the_close(boss: Screen) -> None:
    sell(boss)
    check = boss.open_check("hall-4")
    boss.add(check)
    drawer = {"drawer": uuid.uuid4().hex, "owner": "", "name": "Left drawer", "piece-500": 1}
    boss.post("/drawers", **drawer)
    sheet = boss.get("/day/close").text
    assert "Checks left open" in sheet
    assert "Left drawer" in sheet
    done = boss.post("/day/close", terminal="t1")
    assert done.headers["HX-Redirect"] == "/day/z/t1/1"
    page = boss.get("/day/z/t1/1").text
    number = boss.till.journal.state(f"check:{check}").number
    assert number in page
    assert "Left drawer" in page
    assert "€6.50" in page


def test_a_z_never_changes_whatever_is_sold_after_it(boss: Screen) -> None:
    sell(boss)
    boss.post("/day/close")
    before = boss.get("/day/z/t1/1").text.split("<article")[1].split("</article")[0]
    sell(boss, "hall-5")
    assert boss.get("/day/z/t1/1").text.split("<article")[1].split("</article")[0] == before
    assert "Z 1" in boss.get("/day/z").text
    assert boss.get("/day/z/t1/9").status_code == 409


def test_the_restaurants_day_says_who_has_not_closed(boss: Screen) -> None:
    sell(boss)
    today = boss.till.desk.business_date()
    assert "Not closed yet" in boss.get("/day/restaurant").text
    boss.post("/day/close")
    page = boss.get(f"/day/restaurant?date={today}").text
    assert "Not closed yet" not in page
    assert "€6.50" in page
    assert boss.get("/day/restaurant?date=nonsense").status_code == 200


def test_a_waiter_sees_no_day(waiter: Screen) -> None:
    assert waiter.get("/day").status_code == 403
    assert waiter.post("/day/close").status_code == 403


def test_only_a_browser_that_may_have_a_printer_offers_to_print(boss: Screen) -> None:
    assert "data-print" not in boss.get("/day").text
    page = boss.get("/day", environ_base={"REMOTE_ADDR": "192.0.2.7"}).text
    assert "data-print" in page
