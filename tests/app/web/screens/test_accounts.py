"""X11: what was put on a house account, tips and refunds in, from which checks; paid off."""

import html
import re
import uuid

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.commands.accounts import IntendAccountPayment, PayAccount
from comptoir.commands.cash import OpenDrawer
from comptoir.commands.money_queries import accounts
from comptoir.commands.reports import drawer_report, terminal_x
from comptoir.domain import events as ev
from comptoir.domain.check import INTENDED
from comptoir.domain.errors import ApprovalNeeded, PaymentNotFound
from comptoir.domain.house import CASHIER, MANAGER, SYSTEM, WAITER
from comptoir.journal import Stamp
from tests.app.web.conftest import Screen
from tests.fakes.box import BoxMaker

ACCOUNT = "Garage Dupont"
MANY, NODES_MAX = 250, 1500


def put(screen: Screen, account: str) -> str:
    check, payment = screen.open_check(), uuid.uuid4().hex
    screen.add(check)
    form = {"payment": payment, "tender": "house_account", "tendered": 0, "account": account}
    assert screen.post(f"/checks/{check}/intend", **form).status_code == 204
    assert screen.post(f"/checks/{check}/payments/{payment}/take").status_code == 204
    screen.post(f"/checks/{check}/payments/{payment}/tip", tip=50)
    return check


def test_d7_an_accounts_history_is_one_tap_from_its_name(waiter: Screen) -> None:
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
    (way,) = re.findall(r'<a [^>]*href="([^"]+)"><b>Garage Dupont', page)
    statement = waiter.get(way).text
    assert "A1-1" in statement
    assert "A1-2" in statement
    assert "14.00" in statement


def put_many(screen: Screen, *names: str) -> Screen:
    """Put a tea on each account, one after the other; returns the manager's screen."""
    till = screen.till
    person = SetStaff("english", "li-wei", "Li Wei", MANAGER, language="en")
    till.desk.run(person, Actor("test", SYSTEM))
    with till.desk.log.writing(Stamp("lucas", till.desk.business_date())) as writing:
        for number, account in enumerate(names):
            name = f"c{number}"
            writing.append(ev.CheckOpened(name, f"A1-{number}", "take_away", "", 1))
            writing.append(ev.LineAdded(name, "l", "tea", {"en": "Tea"}, 1000, 250))
            money = ("house_account", 250, 250, 0)
            writing.append(ev.PaymentTaken(name, f"p{number}", *money, account=account))
    return screen.sign_in("li-wei")


def turned(screen: Screen, path: str, what: str) -> list[str]:
    """Return what stands on a page and on all that follow it; none of them is heavy."""
    seen, link = list[str](), [path]
    while link:
        page = screen.get(html.unescape(link[0])).text
        assert len(re.findall("<[a-z]", page)) <= NODES_MAX
        seen += re.findall(what, page)
        link = re.findall(r'href="([^"]*)">and \d+ more<', page)
    return seen


@pytest.mark.parametrize("path", ["/accounts", "/manager/accounts"])
def test_accounts_by_the_hundred_are_turned_page_by_page(screen: Screen, path: str) -> None:
    names = [f"No{number}!" for number in range(MANY)]
    boss = put_many(screen, *names)
    for _ in range(MANY // 50):
        boss.get(path)  # a page adds up so many checks at once
    assert sorted(turned(boss, path, r">(No\d+!)")) == sorted(names)


def test_a_long_statement_is_turned_from_the_newest_back(screen: Screen) -> None:
    boss = put_many(screen, *[ACCOUNT] * MANY)
    way = f"/accounts/statement?account={ACCOUNT}"
    assert turned(boss, way, r"<th>A1-(\d+)") == [str(n) for n in reversed(range(MANY))]
    first = boss.get(way).text
    assert first.index("625.00") < first.index("622.50"), "what was owed after each"


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
    sent = {"account": ACCOUNT, "payment": uuid.uuid4().hex, "tendered": tendered} | form
    response = screen.post("/accounts/pay", **sent)
    assert response.status_code == 204, response.text
    return response.headers["HX-Redirect"]


def begin(screen: Screen, tendered: int, tender: str = "card") -> str:
    """Tap a tender; returns the payment that the sheet is about."""
    page = screen.post("/accounts/intend", account=ACCOUNT, tender=tender, tendered=tendered).text
    found = re.search(r"/accounts/payments/(\w+)/take", page)
    assert found, page
    return found[1]


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
    payment = begin(cashier, 1000)
    sheet = cashier.get(f"/accounts/slip?account={ACCOUNT}&payment={payment}").text
    assert "10.00" in sheet
    assert "What stands on the slip" in sheet
    form = {"account": ACCOUNT, "reference": "4711"}
    answer = cashier.post(f"/accounts/payments/{payment}/take", **form)
    page = cashier.get(answer.headers["HX-Redirect"]).text
    assert "4711" in page
    assert owed(cashier) == 400
    journal = cashier.till.journal
    assert drawer_report(journal, "d").expected == 0


def test_money_for_an_account_is_meant_before_it_is_asked_for(cashier: Screen) -> None:
    payment = begin(cashier, 1000)
    account = accounts(cashier.till.journal)[0]
    assert [(one.id, one.amount, one.status) for one in account.payments] == [
        (payment, 1000, INTENDED)
    ]
    statement = f"/accounts/statement?account={ACCOUNT}"
    assert "10.00 begun: Card" in cashier.get(statement).text
    assert cashier.post(f"/accounts/payments/{payment}/cancel", account=ACCOUNT).status_code == 204
    assert "begun" not in cashier.get(statement).text
    assert owed(cashier) == 1400
    again = cashier.post(f"/accounts/payments/{payment}/take", account=ACCOUNT, reference="1")
    assert again.status_code == 404


def test_an_account_that_is_being_paid_off_elsewhere_is_not_paid_off_here(
    cashier: Screen, make_box: BoxMaker
) -> None:
    till, peer = cashier.till, make_box("t2", letter="B")
    peer.log.restaurant = till.identity.restaurant.id
    peer.clock.ms = till.desk.clock.now_ms()
    sealed = till.journal.range(("t1", 1), 1, 1000, 1 << 24)
    peer.journal.admit(sealed, restaurant=peer.log.restaurant, trust={"t1": till.identity.card})
    till.tell(peers=("t2",))
    meant = IntendAccountPayment("i", ACCOUNT, "p9", "card", 1000)
    peer.desk.run(meant, Actor("sophie", CASHIER))
    till.journal.admit(peer.sealed(), restaurant=peer.log.restaurant, trust={"t2": peer.card})
    sent = {"account": ACCOUNT, "payment": uuid.uuid4().hex, "tendered": 1400}
    answer = cashier.post("/accounts/pay", **sent)
    assert (answer.status_code, "paid on t2" in answer.text) == (409, True)
    pay(cashier, 400)
    till.tell()
    pay(cashier, 1000)


@pytest.mark.parametrize(
    "form",
    [
        {"tender": "house_account"},
        {"tender": "shells"},
        {"account": "Nobody"},
    ],
)
def test_what_does_not_pay_an_account_off_is_refused_in_a_line(
    cashier: Screen, form: dict[str, object]
) -> None:
    sent = {"account": ACCOUNT, "tender": "card", "tendered": 500} | form
    response = cashier.post("/accounts/intend", **sent)
    assert 400 <= response.status_code < 500
    assert owed(cashier) == 1400


def test_a_card_without_its_slip_and_no_cash_at_all_pay_nothing_off(cashier: Screen) -> None:
    payment = begin(cashier, 500)
    bare = cashier.post(f"/accounts/payments/{payment}/take", account=ACCOUNT)
    none = cashier.post("/accounts/pay", account=ACCOUNT, payment="p", tendered=0)
    assert (bare.status_code, none.status_code) == (422, 422)
    assert owed(cashier) == 1400


def test_a_waiter_takes_no_money_for_an_account_alone(waiter: Screen) -> None:
    put(waiter, "Garage Dupont")
    desk, lucas = waiter.till.desk, Actor("lucas", WAITER)
    meant = IntendAccountPayment("intend-1", ACCOUNT, "p", "cash", 100)
    with pytest.raises(ApprovalNeeded):
        desk.run(meant, lucas)
    desk.run(meant, lucas, Actor("li-wei", MANAGER))
    paid = PayAccount("pay-1", ACCOUNT, "p", 100)
    with pytest.raises(ApprovalNeeded):
        desk.run(paid, lucas)
    desk.run(paid, lucas, Actor("li-wei", MANAGER))
    with pytest.raises(PaymentNotFound):
        desk.run(PayAccount("pay-2", ACCOUNT, "p", 100), Actor("sophie", CASHIER))
    assert owed(waiter) == 600
