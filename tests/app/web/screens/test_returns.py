"""A paid check is found again and its dishes come back, with a manager's approval (D6)."""

import re
import uuid

import pytest

from comptoir.domain.check import Check
from comptoir.web import approvals
from tests.app.web.conftest import PINS, Screen

DUE = 1270


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


@pytest.fixture
def sold(waiter: Screen) -> str:
    check = waiter.open_check()
    waiter.add(check)
    waiter.add(check, "siu-mai-pork")
    paid = {"payment": uuid.uuid4().hex, "amount": DUE, "tendered": DUE}
    waiter.post(f"/checks/{check}/pay", **paid)
    return check


def test_the_last_paid_checks_are_listed_and_found_by_number(waiter: Screen, sold: str) -> None:
    number = state(waiter, sold).number
    assert f'href="/sales/{sold}"' in waiter.get("/sales").text
    assert f'href="/sales/{sold}"' in waiter.get(f"/sales?number={number[1:]}").text
    assert "No paid check has this number" in waiter.get("/sales?number=zz").text


def test_the_code_of_a_receipt_leads_to_its_check(waiter: Screen, sold: str) -> None:
    events = waiter.till.journal.events(f"check:{sold}")
    (seq,) = (e.envelope.seq for e in events if e.envelope.kind == "payment.taken")
    code = f"comptoir:1;A1-1;EUR;1270;t1/1/{seq}"
    assert waiter.post("/sales/scan", code=code).headers["HX-Redirect"] == f"/sales/{sold}"
    page = waiter.post("/sales/scan", code=f"https://till/receipts/{sold}/0a")
    assert page.headers["HX-Redirect"] == f"/sales/{sold}"


@pytest.mark.parametrize(
    "code", ["", "3017620422003", "comptoir:1;A;EUR;1;t9/1/1", "/receipts/x/y"]
)
def test_another_code_is_refused(waiter: Screen, sold: str, code: str) -> None:
    assert sold
    assert waiter.post("/sales/scan", code=code).status_code == 404


def form_of(screen: Screen, check: str) -> dict[str, str]:
    page = screen.get(f"/sales/{check}").text
    line = re.findall(r'name="line-(\w+)"', page)[0]
    payment = re.findall(r'name="payment" value="(\w+)"', page)[0]
    return {
        f"line-{line}": "1",
        "payment": payment,
        "refund": uuid.uuid4().hex,
        "reason": "quality",
        "command": uuid.uuid4().hex,
    }


def test_what_comes_back_is_priced_before_anybody_decides(waiter: Screen, sold: str) -> None:
    form = form_of(waiter, sold)
    assert waiter.get(f"/sales/{sold}/worth", query_string=form).text.strip() == "€6.50"


def test_a_waiter_needs_a_manager_who_approves_on_the_same_screen(
    waiter: Screen, sold: str
) -> None:
    form = form_of(waiter, sold)
    refused = waiter.post(f"/sales/{sold}/return", **form)
    assert refused.status_code == 403
    assert refused.headers[approvals.HEADER] == approvals.NEEDED
    assert "Manager’s PIN or badge" in waiter.get("/approval").text
    wrong = waiter.post("/approval", command=form["command"], pin=PINS["sophie"])
    assert wrong.status_code == 403
    approval = waiter.post("/approval", command=form["command"], pin=PINS["li-wei"])
    assert approval.status_code == 204
    header = {approvals.HEADER: approval.headers[approvals.HEADER], "HX-Request": "true"}
    data = form | {"csrf": waiter.csrf()}
    done = waiter.client.post(f"/sales/{sold}/return", data=data, headers=header)
    assert done.headers["HX-Redirect"] == f"/sales/{sold}"
    (payment,) = state(waiter, sold).payments
    assert payment.refunded == 650
    page = waiter.get(f"/sales/{sold}").text
    assert "6.50 given back at" in page


def test_an_approval_of_one_command_approves_no_other(waiter: Screen, sold: str) -> None:
    form = form_of(waiter, sold)
    approval = waiter.post("/approval", command=uuid.uuid4().hex, pin=PINS["li-wei"])
    header = {approvals.HEADER: approval.headers[approvals.HEADER], "HX-Request": "true"}
    data = form | {"csrf": waiter.csrf()}
    refused = waiter.client.post(f"/sales/{sold}/return", data=data, headers=header)
    assert refused.status_code == 403
    assert state(waiter, sold).payments[0].refunded == 0
