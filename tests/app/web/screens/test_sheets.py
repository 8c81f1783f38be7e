"""X, Z, a drawer's sheet and an account paid off, on the receipt printer (X6, B10, T3)."""

import uuid
from collections.abc import Sequence

import pytest

from comptoir.commands import Actor, PublishPrinting, SetStaff, queries
from comptoir.commands.cash import CloseDrawer, CountDrawer, OpenDrawer
from comptoir.devices.composing import compose
from comptoir.domain.cash import Denomination
from comptoir.domain.house import CASHIER, MANAGER, SYSTEM, WAITER
from comptoir.domain.paper.rows import Pair, Text
from comptoir.domain.printing import Printer
from comptoir.domain.tickets import Tickets, all_tickets
from tests.app.web.conftest import Screen
from tests.fakes.till import HostTill

BOSS = Actor("li-wei", MANAGER)


@pytest.fixture
def boss(screen: Screen) -> Screen:
    till = screen.till
    person = SetStaff("english", "li-wei", "Li Wei", MANAGER, language="en")
    till.desk.run(person, Actor("test", SYSTEM))
    printer = Printer("bar", "Bar", "192.0.2.7", receipts=(till.identity.terminal,))
    till.desk.run(PublishPrinting("plan", (printer,), ()), BOSS)
    till.desk.run(OpenDrawer("drawer-1", "d", "Bar", (Denomination(1000, 10),)), BOSS)
    screen.sign_in("li-wei")
    check = screen.open_check()
    screen.add(check)
    paid = {"payment": uuid.uuid4().hex, "amount": 650, "tendered": 1000}
    assert screen.post(f"/checks/{check}/pay", **paid).status_code == 204
    return screen


def papers(till: HostTill, subject: str) -> list[list[str]]:
    """Return what comes out of the printer for a subject, paper by paper, row by row."""
    record: Tickets = till.journal.state(f"tickets:{subject}")
    plan = queries.printing(till.journal)
    found = []
    for ticket in all_tickets((), record):
        paper = compose(till.journal, plan, ticket, duplicate=False)
        found.append([_said(row) for row in paper.rows])
    return found


def _said(row: object) -> str:
    if isinstance(row, Pair):
        return f"{row.left}: {row.right}"
    return row.text if isinstance(row, Text) else ""


def ask(screen: Screen, what: str, of: str, times: int = 1) -> None:
    for _ in range(times):
        response = screen.post("/sheets", what=what, of=of)
        assert response.status_code == 200, response.text
        assert "Print again" in response.text


def test_an_x_is_printed_as_often_as_one_asks_and_never_a_copy(boss: Screen) -> None:
    assert 'value="x"' in boss.get("/day").text
    ask(boss, "x", "t1", times=2)
    first, second = papers(boss.till, "x/t1")
    assert "销售 EUR: 6.50" in first
    assert "现金 1 ×: 6.50" in first
    assert "副本" not in second


def test_a_z_is_printed_once_and_then_as_a_copy(boss: Screen) -> None:
    left = boss.open_check("hall-4")
    boss.add(left)
    boss.post("/day/close", terminal="t1")
    assert 'value="t1/1"' in boss.get("/day/z/t1/1").text
    ask(boss, "z", "t1/1", times=2)
    first, second = papers(boss.till, "z/t1/1")
    number = boss.till.journal.state(f"check:{left}").number
    assert f"{number} hall-4: 6.50" in first
    assert "Z 1" in first[1]
    assert ("副本" in first, "副本" in second) == (False, True)
    assert [row for row in second if row != "副本"][3:] == first[3:]


def test_a_drawer_tells_what_should_be_in_it_only_once_it_is_counted(boss: Screen) -> None:
    ask(boss, "drawer", "d")
    (blind,) = papers(boss.till, "drawer/d")
    assert "备用金: 100.00" in blind
    assert not [row for row in blind if row.startswith("应有") or "6.50" in row]
    count = (Denomination(1000, 10), Denomination(500, 1))
    boss.till.desk.run(CountDrawer("count-1", "d", count), BOSS)
    boss.till.desk.run(CloseDrawer("close-1", "d"), BOSS)
    assert 'value="drawer"' in boss.get("/drawers/d").text
    ask(boss, "drawer", "d")
    told = papers(boss.till, "drawer/d")[1]
    wanted: Sequence[str] = ("应有: 106.50", "10 × 10.00: 100.00", "清点: 105.00", "少: −1.50")
    assert all(row in told for row in wanted)


def test_a_waiter_prints_the_cash_out_sheet_of_their_own_wallet_and_no_other(
    boss: Screen,
) -> None:
    boss.till.desk.run(OpenDrawer("wallet-1", "w", "Lucas", (), "lucas"), Actor("lucas", WAITER))
    waiter = boss.sign_in("lucas")
    assert waiter.post("/sheets", what="drawer", of="w").status_code == 200
    for what, of in (("drawer", "d"), ("x", "t1")):
        assert waiter.post("/sheets", what=what, of=of).status_code == 403


def test_an_account_paid_off_has_its_receipt(boss: Screen) -> None:
    check, payment = boss.open_check(), uuid.uuid4().hex
    boss.add(check)
    form = {
        "payment": payment,
        "tender": "house_account",
        "tendered": 0,
        "account": "Dupont & fils",
    }
    boss.post(f"/checks/{check}/intend", **form)
    boss.post(f"/checks/{check}/payments/{payment}/take")
    sent = {"account": "Dupont & fils", "payment": "p9", "tendered": 500}
    page = boss.get(boss.post("/accounts/pay", **sent).headers["HX-Redirect"]).text
    assert 'value="p9/Dupont &amp; fils"' in page
    ask(boss, "paid", "p9/Dupont & fils")
    (told,) = papers(boss.till, "paid/p9/Dupont & fils")
    assert told[1] == "账户 Dupont & fils"
    assert [row for row in told if row.startswith("欠款")] == ["欠款: 6.50", "欠款: 1.50"]


@pytest.mark.parametrize(
    ("what", "of"),
    [("z", "t1/7"), ("z", "t1/x"), ("y", "t1"), ("drawer", "nothing"), ("paid", "p/x")],
)
def test_a_sheet_of_nothing_is_refused(boss: Screen, what: str, of: str) -> None:
    response = boss.post("/sheets", what=what, of=of)
    assert 400 <= response.status_code < 500


def test_without_a_printer_for_it_it_is_refused(screen: Screen) -> None:
    cashier = SetStaff("english", "sophie", "Sophie", CASHIER, language="en")
    screen.till.desk.run(cashier, Actor("test", SYSTEM))
    assert screen.sign_in("sophie").post("/sheets", what="x", of="t1").status_code == 404
