import re
import uuid

import pytest

from comptoir.domain.check import Check
from tests.app.web.conftest import Screen

DUE = 1270


@pytest.fixture
def check(waiter: Screen) -> str:
    name = waiter.open_check()
    waiter.add(name)
    waiter.add(name, "siu-mai-pork")
    return name


def pay(screen: Screen, check: str, tendered: int, **form: object) -> str:
    fresh = {"payment": uuid.uuid4().hex, "amount": DUE, "tendered": tendered}
    response = screen.post(f"/checks/{check}/pay", **(fresh | form))
    assert response.status_code == 204, response.text
    return response.headers["HX-Redirect"]


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def test_exact_and_the_next_notes_are_one_tap_away(waiter: Screen, check: str) -> None:
    page = waiter.get(f"/checks/{check}/pay").text
    assert re.findall(r'data-tender="(\d+)"', page) == ["1270", "1500", "2000", "5000"]


def test_paying_sends_what_waits_takes_the_money_and_gives_change(
    waiter: Screen, check: str
) -> None:
    assert pay(waiter, check, 2000) == f"/checks/{check}/paid"
    paid = state(waiter, check)
    assert (paid.state, paid.payments[0].change) == ("settled", 730)
    assert {line.status for line in paid.live_lines} == {"fired"}
    page = waiter.get(f"/checks/{check}/paid").text
    assert "€7.30" in page
    assert "Paid in full" in page


def test_a_part_leaves_the_rest_due(waiter: Screen, check: str) -> None:
    assert pay(waiter, check, 1000) == f"/checks/{check}/pay"
    assert state(waiter, check).due == 270
    page = waiter.get(f"/checks/{check}/pay").text
    assert 'data-due="270"' in page


def test_tapping_pay_twice_takes_the_money_once(waiter: Screen, check: str) -> None:
    form = {"command": "ab" * 16, "payment": "cd" * 16}
    assert pay(waiter, check, 2000, **form) == pay(waiter, check, 2000, **form)
    assert len(state(waiter, check).payments) == 1


def test_two_people_paying_one_check_at_once_take_it_once(waiter: Screen, check: str) -> None:
    pay(waiter, check, DUE)
    response = waiter.post(
        f"/checks/{check}/pay", payment=uuid.uuid4().hex, amount=DUE, tendered=DUE
    )
    assert response.status_code == 409
    assert "is paid" in response.text


def test_an_empty_check_has_nothing_to_pay(waiter: Screen) -> None:
    name = waiter.open_check()
    assert waiter.get(f"/checks/{name}/pay").location == f"/checks/{name}"


def test_the_receipt_carries_the_code_of_the_payment(
    waiter: Screen, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    pay(waiter, check, 2000)

    def draw(text: str) -> str:
        said.append(text)
        return "<svg></svg>"

    monkeypatch.setattr("comptoir.web.receipt_code.svg", draw)
    waiter.get(f"/checks/{check}/paid")
    events = waiter.till.journal.events(f"check:{check}")
    (taken,) = (e.envelope.seq for e in events if e.envelope.kind == "payment.taken")
    assert said == [f"comptoir:1;A1-1;EUR;1270;t1/1/{taken}"]


def test_taxes_stand_on_the_receipt_once_with_their_rate(waiter: Screen, check: str) -> None:
    pay(waiter, check, DUE)
    page = waiter.get(f"/checks/{check}/paid").text
    assert page.count("TVA 10 %") == 1
    assert "10 % 10 %" not in page
