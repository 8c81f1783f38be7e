"""X11: what was put on a house account, tips and refunds in, from which checks; paid off."""

import uuid

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.commands.accounts import PayAccount
from comptoir.commands.cash import OpenDrawer
from comptoir.commands.money_queries import accounts
from comptoir.commands.reports import drawer_report, terminal_x
from comptoir.domain.errors import AmountRefused, ApprovalNeeded
from comptoir.domain.house import CASHIER, MANAGER, SYSTEM, WAITER
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
    statement = waiter.get("/accounts/statement?account=Garage Dupont").text
    assert "A1-2" in statement
    assert "14.00" in statement


def test_known_accounts_are_one_tap_away(waiter: Screen) -> None:
    put(waiter, "Garage Dupont")
    check = waiter.open_check()
    waiter.add(check)
    assert 'value="Garage Dupont"' in waiter.get(f"/checks/{check}/account").text


@pytest.fixture
def cashier(waiter: Screen) -> Screen:
    put(waiter, "Garage Dupont")
    put(waiter, "Garage Dupont")
    command = SetStaff("english", "sophie", "Sophie Martin", CASHIER, language="en")
    waiter.till.desk.run(command, Actor("test", SYSTEM))
    drawer = OpenDrawer("drawer-1", "d", "Bar")
    waiter.till.desk.run(drawer, Actor("sophie", CASHIER))
    return waiter.sign_in("sophie")


def pay(screen: Screen, tendered: int, **form: object) -> str:
    sent = {"account": "Garage Dupont", "payment": uuid.uuid4().hex, "tendered": tendered} | form
    response = screen.post("/accounts/pay", **sent)
    assert response.status_code == 204, response.text
    return response.headers["HX-Redirect"]


def owed(screen: Screen) -> int:
    return next(one.owed for one in accounts(screen.till.journal) if one.name == "Garage Dupont")


def test_x11_an_account_is_paid_off_in_cash_and_the_drawer_and_the_x_know(cashier: Screen) -> None:
    assert 'data-due="1400"' in cashier.get("/accounts/pay?account=Garage Dupont").text
    page = cashier.get(pay(cashier, 2000)).text
    assert 'data-change="600"' in page
    assert owed(cashier) == 0
    journal = cashier.till.journal
    assert drawer_report(journal, "d").expected == 1400
    figures = terminal_x(journal, cashier.till.identity.terminal, "2026-11-22").figures
    assert (figures.paid_off, figures.cash) == (1400, 1400)
    assert "Paid off on house accounts" in cashier.get("/day").text
    assert cashier.get("/accounts/pay?account=Garage Dupont").status_code == 302


def test_a_part_is_paid_off_by_card_and_the_statement_says_what_is_left(cashier: Screen) -> None:
    sheet = cashier.get("/accounts/slip?tender=card&tendered=1000&account=Garage Dupont").text
    assert "10.00" in sheet
    assert "What stands on the slip" in sheet
    page = cashier.get(pay(cashier, 1000, tender="card", reference="4711")).text
    assert "4711" in page
    assert owed(cashier) == 400
    journal = cashier.till.journal
    assert drawer_report(journal, "d").expected == 0


@pytest.mark.parametrize(
    "form",
    [
        {"tender": "house_account"},
        {"tender": "card"},
        {"tender": "shells"},
        {"tendered": 0},
        {"account": "Nobody"},
    ],
)
def test_what_does_not_pay_an_account_off_is_refused_in_a_line(
    cashier: Screen, form: dict[str, object]
) -> None:
    sent = {"account": "Garage Dupont", "payment": "p", "tendered": 500} | form
    response = cashier.post("/accounts/pay", **sent)
    assert 400 <= response.status_code < 500
    assert owed(cashier) == 1400


def test_a_waiter_takes_no_money_for_an_account_alone(waiter: Screen) -> None:
    put(waiter, "Garage Dupont")
    command = PayAccount("pay-1", "Garage Dupont", "p", "cash", 100, 100)
    with pytest.raises(ApprovalNeeded):
        waiter.till.desk.run(command, Actor("lucas", WAITER))
    twice = PayAccount("pay-2", "Garage Dupont", "p", "cash", 100, 100)
    waiter.till.desk.run(command, Actor("lucas", WAITER), Actor("li-wei", MANAGER))
    with pytest.raises(AmountRefused):
        waiter.till.desk.run(twice, Actor("sophie", CASHIER))
    assert owed(waiter) == 600
