"""Cards, cheques, vouchers, accounts, several on one check, tips before and after (X5)."""

import uuid

import pytest

from comptoir.commands import SplitCheck
from comptoir.domain.check import Check, Payment
from comptoir.domain.parts import EVEN, Plan
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS

DUE = 1270


@pytest.fixture
def check(waiter: Screen) -> str:
    name = waiter.open_check()
    waiter.add(name)
    waiter.add(name, "siu-mai-pork")
    return name


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def intend(screen: Screen, check: str, tender: str, tendered: int = 0, **form: object) -> str:
    payment = uuid.uuid4().hex
    form = {"tender": tender, "tendered": tendered} | form
    response = screen.post(f"/checks/{check}/intend", payment=payment, **form)
    assert response.status_code == 204, response.text
    assert response.headers["HX-Redirect"].startswith(f"/checks/{check}/payments/{payment}")
    return payment


def take(screen: Screen, check: str, payment: str, **form: object) -> str:
    response = screen.post(f"/checks/{check}/payments/{payment}/take", **form)
    assert response.status_code == 204, response.text
    return response.headers["HX-Redirect"]


def test_a_card_is_intended_before_it_is_asked_and_taken_with_its_reference(
    waiter: Screen, check: str
) -> None:
    payment = intend(waiter, check, "card")
    (begun,) = state(waiter, check).payments
    assert (begun.status, begun.amount) == ("intended", DUE)
    assert "12.70" in waiter.get(f"/checks/{check}/payments/{payment}").text
    assert take(waiter, check, payment, reference="AB12", tip=100) == f"/checks/{check}/paid"
    (taken,) = state(waiter, check).payments
    assert (taken.status, taken.reference, taken.tip) == ("taken", "AB12", 100)


def test_a_card_without_reference_is_refused_and_still_open(waiter: Screen, check: str) -> None:
    payment = intend(waiter, check, "card")
    response = waiter.post(f"/checks/{check}/payments/{payment}/take", tip=0)
    assert response.status_code == 422
    assert state(waiter, check).payments[0].status == "intended"


def test_more_than_is_due_on_a_card_is_its_tip(waiter: Screen, check: str) -> None:
    intend(waiter, check, "card", 1500)
    (begun,) = state(waiter, check).payments
    assert (begun.amount, begun.tip) == (DUE, 230)


def test_what_did_not_come_is_called_off_and_still_due(waiter: Screen, check: str) -> None:
    payment = intend(waiter, check, "cheque")
    response = waiter.post(f"/checks/{check}/payments/{payment}/cancel")
    assert response.headers["HX-Redirect"] == f"/checks/{check}/pay"
    assert state(waiter, check).due == DUE


def test_a_payment_that_was_begun_is_found_again_from_the_payment_page(
    waiter: Screen, check: str
) -> None:
    payment = intend(waiter, check, "card", 1000)
    assert f"/checks/{check}/payments/{payment}" in waiter.get(f"/checks/{check}/pay").text


def test_a_voucher_worth_more_pays_and_gives_nothing_back(waiter: Screen, check: str) -> None:
    payment = intend(waiter, check, "voucher", 2000)
    page = waiter.get(f"/checks/{check}/payments/{payment}?given=2000").text
    assert 'name="given" value="2000"' in page
    take(waiter, check, payment, given=2000)
    (taken,) = state(waiter, check).payments
    assert (taken.amount, taken.tendered, taken.change) == (DUE, 2000, 0)


def test_an_account_must_be_named(waiter: Screen, check: str) -> None:
    assert "On whose account?" in waiter.get(f"/checks/{check}/account?tendered=0").text
    response = waiter.post(
        f"/checks/{check}/intend", payment="a1", tender="house_account", tendered=0, account=" "
    )
    assert response.status_code == 422
    payment = intend(waiter, check, "house_account", account="Garage Dupont")
    take(waiter, check, payment)
    assert state(waiter, check).payments[0].account == "Garage Dupont"


def test_d15_three_tenders_pay_one_check(waiter: Screen, check: str) -> None:
    take(waiter, check, intend(waiter, check, "card", 500), reference="1")
    take(waiter, check, intend(waiter, check, "cheque", 300), reference="2")
    form = {"payment": uuid.uuid4().hex, "amount": 470, "tendered": 500}
    response = waiter.post(f"/checks/{check}/pay", **form)
    assert response.headers["HX-Redirect"] == f"/checks/{check}/paid"
    paid = state(waiter, check)
    assert [(one.tender, one.amount) for one in paid.payments] == [
        ("card", 500), ("cheque", 300), ("cash", 470),
    ]  # fmt: skip
    assert paid.state == "settled"


def last(screen: Screen, check: str) -> Payment:
    return state(screen, check).payments[-1]


def test_a_part_is_paid_alone_and_its_change_is_shown(waiter: Screen, check: str) -> None:
    plans = (Plan("p1"), Plan("p2"))
    waiter.till.desk.run(SplitCheck(uuid.uuid4().hex, check, "s1", EVEN, plans), BOSS)
    page = waiter.get(f"/checks/{check}/pay?part=p1").text
    assert 'data-due="635"' in page
    form = {"payment": uuid.uuid4().hex, "amount": 635, "tendered": 1000, "part": "p1"}
    response = waiter.post(f"/checks/{check}/pay", **form)
    where = response.headers["HX-Redirect"]
    assert where == f"/checks/{check}/paid?payment={form['payment']}"
    page = waiter.get(where).text
    assert 'data-change="365"' in page
    assert "still to pay" in page
    part = intend(waiter, check, "card", part="p2")
    assert last(waiter, check).part == "p2"
    assert take(waiter, check, part, reference="x") == f"/checks/{check}/paid"


def test_a_tip_is_changed_afterwards_and_shortens_the_change(waiter: Screen, check: str) -> None:
    payment = uuid.uuid4().hex
    waiter.post(f"/checks/{check}/pay", payment=payment, amount=DUE, tendered=1500)
    sheet = waiter.get(f"/checks/{check}/payments/{payment}/tip").text
    assert "Keep the change 2.30" in sheet
    waiter.post(f"/checks/{check}/payments/{payment}/tip", tip=200)
    assert last(waiter, check).tip == 200
    assert 'data-change="30"' in waiter.get(f"/checks/{check}/paid").text
    waiter.post(f"/checks/{check}/payments/{payment}/tip", tip=0)
    assert 'data-change="230"' in waiter.get(f"/checks/{check}/paid").text


def test_what_was_paid_so_far_is_listed_with_its_tips(waiter: Screen, check: str) -> None:
    take(waiter, check, intend(waiter, check, "card", 500), reference="SLIP7", tip=50)
    sheet = waiter.get(f"/checks/{check}/payments").text
    assert "SLIP7" in sheet
    assert "0.50" in sheet
