import re
from dataclasses import replace

from comptoir.domain.check import FIRED, READY, SERVED, TAKEN, Check, Line, Payment
from comptoir.web.screens.floor import state_of
from tests.app.web.conftest import Screen


def line(status: str, price: int = 500) -> Line:
    return Line("l1", "tea", {"en": "Tea"}, 1000, price, status=status)


def check(*statuses: str, paid: int = 0) -> Check:
    payments = (Payment("p1", "cash", paid, TAKEN),) if paid else ()
    return Check("c1", "A1-1", lines=tuple(line(s) for s in statuses), payments=payments)


def test_a_table_says_what_matters_most() -> None:
    assert state_of([]) == "free"
    assert state_of([check()]) == "seated"
    assert state_of([check("unsent", FIRED)]) == "ordering"
    assert state_of([check(FIRED, SERVED)]) == "cooking"
    assert state_of([check(READY, "unsent")]) == "ready"
    assert state_of([check(SERVED)]) == "served"
    assert state_of([check(FIRED, paid=600)]) == "overpaid"
    assert state_of([check(SERVED), check(READY)]) == "ready"


def test_a_table_is_opened_with_its_guests_and_leads_to_its_check(waiter: Screen) -> None:
    assert waiter.get("/tables/hall-3").text.count('name="covers"') == 12
    name = waiter.open_check("hall-3", covers=4)
    page = waiter.get("/floor").text
    tile = re.search(
        rf'<a class="tile state-seated"[^>]* href="/checks/{name}">.*?</a>', page, re.DOTALL
    )
    assert tile is not None
    assert "Lucas Petit" in tile[0]


def test_two_checks_at_one_table_are_offered_both(waiter: Screen) -> None:
    names = [waiter.open_check("hall-3"), waiter.open_check("hall-3")]
    sheet = waiter.get("/tables/hall-3").text
    assert all(f"/checks/{name}" in sheet for name in names)
    assert "Another check" in sheet


def test_new_guests_can_sit_down_where_a_paid_check_still_cooks(waiter: Screen) -> None:
    name = waiter.open_check("hall-3")
    waiter.add(name)
    waiter.post(f"/checks/{name}/pay", payment="ab" * 16, amount=650, tendered=650)
    assert waiter.till.journal.state(f"check:{name}").state == "settled"
    tiles = waiter.get("/floor/tiles").text
    assert f'href="/checks/{name}"' not in tiles
    assert 'data-table="hall-3" hx-get="/tables/hall-3"' in tiles


def test_take_away_stands_beside_the_tables(waiter: Screen) -> None:
    name = "ab" * 16
    response = waiter.post("/checks", check=name, order_type="take_away")
    assert response.headers["HX-Redirect"] == f"/checks/{name}"
    assert waiter.till.journal.state(f"check:{name}").order_type == "take_away"
    slips = waiter.get("/floor/tiles").text.partition('class="slips"')[2]
    assert f"/checks/{name}" in slips


def test_tapping_twice_opens_one_check(waiter: Screen) -> None:
    form = {"check": "ab" * 16, "command": "cd" * 16, "table": "hall-1", "covers": 2}
    for _ in range(2):
        assert waiter.post("/checks", **form).status_code == 204
    assert len(waiter.till.journal.states("check")) == 1


def test_a_dish_that_waits_too_long_is_shown_late(waiter: Screen) -> None:
    name = waiter.open_check("hall-3")
    waiter.add(name)
    waiter.post(f"/checks/{name}/send")
    assert "Late" not in waiter.get("/floor").text
    clock = waiter.till.desk.clock
    later = clock.now_ms() + 21 * 60_000
    moved = type("Moved", (), {"now_ms": lambda _: later})()
    waiter.till.desk.clock = moved
    screen = Screen(waiter.till, waiter.till.app().test_client()).sign_in()
    assert "Late" in screen.get("/floor").text


def test_a_table_that_left_the_plan_is_said_to_be_gone(waiter: Screen) -> None:
    assert "no longer on the plan" in waiter.get("/tables/attic-9").text


def test_a_table_whose_guests_want_to_pay_says_so(waiter: Screen) -> None:
    name = waiter.open_check("hall-3")
    waiter.add(name)
    waiter.post(f"/checks/{name}/bill-asked", asked="yes")
    assert "Wants to pay" in waiter.get("/floor/tiles").text
    assert state_of([replace(check(SERVED), asked_ms=5)]) == "asked"
    assert state_of([replace(check(READY), asked_ms=5)]) == "ready"
    assert state_of([replace(check(SERVED, paid=500), asked_ms=5)]) == "paid"


def test_a_waiter_sees_their_own_tables_alone(waiter: Screen) -> None:
    mine, other = waiter.open_check("hall-3"), waiter.open_check("hall-4")
    waiter.post(f"/checks/{other}/hand", server="wang-fang")
    tiles = waiter.get("/floor/tiles?mine=yes").text
    assert f"/checks/{mine}" in tiles
    assert other not in tiles
    assert "hall-5" not in tiles
    page = waiter.get("/floor?mine=yes").text
    assert 'hx-get="/floor/tiles?mine=yes"' in page
    waiter.post(f"/checks/{mine}/hand", server="wang-fang")
    assert "None of the open tables is yours" in waiter.get("/floor/tiles?mine=yes").text
