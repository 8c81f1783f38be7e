"""X11: what was put on a house account, tips and refunds in, and from which checks."""

import uuid

from comptoir.commands import Actor, SetStaff
from comptoir.commands.money_queries import accounts
from comptoir.domain.house import CASHIER, SYSTEM
from tests.app.web.conftest import Screen


def put(screen: Screen, account: str) -> str:
    check, payment = screen.open_check(), uuid.uuid4().hex
    screen.add(check)
    form = {"payment": payment, "tender": "house_account", "tendered": 0, "account": account}
    assert screen.post(f"/checks/{check}/intend", **form).status_code == 204
    assert screen.post(f"/checks/{check}/payments/{payment}/take").status_code == 204
    screen.post(f"/checks/{check}/payments/{payment}/tip", tip=50)
    return check


def test_an_account_says_what_it_comes_to_and_from_where(waiter: Screen) -> None:
    put(waiter, "Garage Dupont")
    put(waiter, "Garage Dupont")
    put(waiter, "Mairie")
    found = accounts(waiter.till.journal)
    assert [(one.name, one.owed) for one in found] == [("Garage Dupont", 1400), ("Mairie", 700)]
    assert waiter.get("/accounts").status_code == 403
    cashier = SetStaff("english", "sophie", "Sophie Martin", CASHIER, language="en")
    waiter.till.desk.run(cashier, Actor("test", SYSTEM))
    page = waiter.sign_in("sophie").get("/accounts").text
    assert "€14.00" in page
    assert "A1-2" in page


def test_known_accounts_are_one_tap_away(waiter: Screen) -> None:
    put(waiter, "Garage Dupont")
    check = waiter.open_check()
    waiter.add(check)
    assert 'value="Garage Dupont"' in waiter.get(f"/checks/{check}/account").text
