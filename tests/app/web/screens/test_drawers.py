"""A drawer from its float to over or short, a waiter's wallet, who may see what (X6)."""

import re
import uuid

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.commands.sheets import compose
from comptoir.domain.cash import Drawer
from comptoir.domain.house import CASHIER, SYSTEM, WAITER
from comptoir.domain.paper.rows import Pair
from comptoir.web import approvals
from comptoir.web.tender import pieces
from tests.app.web.conftest import PINS, Screen
from tests.fakes.box import NOON_MS


@pytest.fixture
def cashier(screen: Screen) -> Screen:
    person = SetStaff("english", "sophie", "Sophie Martin", CASHIER, language="en")
    screen.till.desk.run(person, Actor("test", SYSTEM))
    return screen.sign_in("sophie")


def state(screen: Screen, drawer: str) -> Drawer:
    found: Drawer = screen.till.journal.state(f"drawer:{drawer}")
    return found


def opened(screen: Screen, owner: str = "", **count: int) -> str:
    drawer = uuid.uuid4().hex
    count = count or {"piece-1000": 10, "piece-100": 25}
    response = screen.post("/drawers", drawer=drawer, owner=owner, name="Drawer", **count)
    assert response.status_code == 204, response.text
    return drawer


def sell(screen: Screen) -> None:
    check = screen.open_check()
    screen.add(check)
    paid = {"payment": uuid.uuid4().hex, "amount": 650, "tendered": 1000}
    assert screen.post(f"/checks/{check}/pay", **paid).status_code == 204


def counted(screen: Screen, drawer: str, **count: int) -> None:
    assert screen.post(f"/drawers/{drawer}/count", **count).status_code == 204


def test_the_float_is_counted_coin_by_coin(cashier: Screen) -> None:
    page = cashier.get("/drawers/open").text
    assert len(re.findall(r"data-pieces", page)) == len(pieces("EUR", 2))
    drawer = opened(cashier)
    assert [(one.value, one.count) for one in state(cashier, drawer).float_] == [
        (1000, 10), (100, 25),
    ]  # fmt: skip
    assert f'href="/drawers/{drawer}"' in cashier.get("/drawers").text


def test_over_or_short_is_told_once_it_is_closed_with_its_number(cashier: Screen) -> None:
    drawer = opened(cashier)
    sell(cashier)
    cashier.post(f"/drawers/{drawer}/move", what="pay_out", amount=250, reason="supplier")
    cashier.post(f"/drawers/{drawer}/no-sale", reason="change")
    counted(cashier, drawer, **{"piece-1000": 12, "piece-100": 8})
    assert cashier.post(f"/drawers/{drawer}/close").status_code == 204
    page = cashier.get(f"/drawers/{drawer}").text
    assert "−€1.00" in page
    assert "short" in page
    assert "Z 1" in page
    assert "supplier" in page.lower()
    assert "No sale" in page
    second = opened(cashier)
    counted(cashier, second, **{"piece-1000": 10, "piece-100": 25})
    cashier.post(f"/drawers/{second}/close")
    assert state(cashier, second).closings[0].number == 2


def test_a_drawer_is_not_closed_before_it_is_counted(cashier: Screen) -> None:
    drawer = opened(cashier)
    refused = cashier.post(f"/drawers/{drawer}/close")
    assert (refused.status_code, "Count the drawer first" in refused.text) == (409, True)
    assert "/close" not in cashier.get(f"/drawers/{drawer}").text


def test_a_waiter_carries_a_wallet_and_counts_it_blind(waiter: Screen) -> None:
    wallet = opened(waiter, owner="lucas", **{"piece-1000": 5})
    sell(waiter)
    page = waiter.get(f"/drawers/{wallet}").text
    assert "Should be in it" not in page, "nobody is told before they counted"
    assert "56.50" not in page
    counted(waiter, wallet, **{"piece-1000": 5, "piece-500": 1, "piece-50": 3})
    waiter.post(f"/drawers/{wallet}/close")
    page = waiter.get(f"/drawers/{wallet}").text
    assert "56.50" in page
    assert "Right to the cent" in page


def test_nobody_sees_the_wallet_of_another_waiter(waiter: Screen) -> None:
    wallet = opened(waiter, owner="lucas", **{"piece-1000": 5})
    anna = SetStaff("anna", "sophie", "Sophie Martin", WAITER, language="en")
    waiter.till.desk.run(anna, Actor("test", SYSTEM))
    waiter.sign_in("sophie")
    assert waiter.get(f"/drawers/{wallet}").status_code == 403
    assert wallet not in waiter.get("/drawers").text


def test_a_waiter_opens_the_till_drawer_with_a_managers_approval_only(waiter: Screen) -> None:
    drawer, command = uuid.uuid4().hex, uuid.uuid4().hex
    form = {"drawer": drawer, "owner": "", "name": "Drawer", "command": command, "piece-500": 4}
    refused = waiter.post("/drawers", **form)
    assert refused.headers[approvals.HEADER] == approvals.NEEDED
    approval = waiter.post("/approval", command=command, pin=PINS["li-wei"])
    header = {approvals.HEADER: approval.headers[approvals.HEADER], "HX-Request": "true"}
    waiter.client.post("/drawers", data=form | {"csrf": waiter.csrf()}, headers=header)
    assert state(waiter, drawer).is_open


@pytest.mark.parametrize("what", ["pay_in", "pay_out", "drop", "no_sale"])
def test_each_way_in_or_out_asks_why(cashier: Screen, what: str) -> None:
    drawer = opened(cashier)
    sheet = cashier.get(f"/drawers/{drawer}/move/{what}").text
    assert 'name="reason"' in sheet
    assert ("data-typed" in sheet) == (what != "no_sale")


def test_x5_the_cash_out_sheet_tells_the_cash_tips_which_are_not_in_the_wallet(
    waiter: Screen,
) -> None:
    waiter.post("/clock", what="in")
    wallet = opened(waiter, owner="lucas", **{"piece-1000": 5})
    page = waiter.get(f"/drawers/{wallet}").text
    assert "/clock/tips?staff=lucas&amp;shift=" in page
    assert "Cash tips declared" not in page
    waiter.post("/clock/tips", amount="725")
    page = waiter.get(f"/drawers/{wallet}").text
    assert re.search(r"Cash tips declared.*not in it.*7\.25", page)
    counted(waiter, wallet, **{"piece-1000": 5})
    waiter.post(f"/drawers/{wallet}/close")
    assert "Right to the cent" in waiter.get(f"/drawers/{wallet}").text
    paper = compose(waiter.till.journal, f"drawer/{wallet}", NOON_MS, copy=False)
    assert ("申报的现金小费", "7.25") in [
        (row.left, row.right) for row in paper.rows if isinstance(row, Pair)
    ]
