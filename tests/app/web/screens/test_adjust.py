"""Discounts, what is given away, service, order type and exemption on the screen (T17, D6)."""

import pytest

from comptoir.commands import ApplyTaxPack
from comptoir.domain.check import Check
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS


@pytest.fixture
def check(waiter: Screen) -> str:
    check = waiter.open_check()
    waiter.add(check)
    return check


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def test_t17_a_check_is_discounted_with_a_reason_and_an_approval(
    waiter: Screen, check: str
) -> None:
    assert "Discount" in waiter.get(f"/checks/{check}/more").text
    assert 'value="100000" checked' in waiter.get(f"/checks/{check}/discount").text
    path = f"/checks/{check}/discount"
    panel = waiter.approved(path, ppm=100_000, reason="regular").text
    assert "−0.65" in panel
    assert state(waiter, check).discounts[0].reason == "regular"
    waiter.approved(path)
    assert state(waiter, check).discounts == ()


def test_t17_a_line_is_discounted_by_an_amount(waiter: Screen, check: str) -> None:
    line = state(waiter, check).lines[0].id
    assert line in waiter.get(f"/checks/{check}/discount?line={line}").text
    path = f"/checks/{check}/discount"
    form = {"line": line, "amount": 150, "ppm": 100_000, "reason": "waited"}
    waiter.approved(path, **form)
    assert state(waiter, check).total == 500
    alone = waiter.post(path, **form | {"reason": ""})
    assert alone.status_code == 403
    assert alone.text.startswith("Set discount needs")


def test_d6_a_dish_is_given_away_once_a_manager_approves_and_charged_again(
    waiter: Screen, check: str
) -> None:
    line = state(waiter, check).lines[0].id
    path = f"/checks/{check}/lines/{line}/comp"
    assert "Hospitality" in waiter.get(path).text
    panel = waiter.approved(path, reason="hospitality").text
    assert "given" in panel
    assert state(waiter, check).total == 0
    assert "Charge it again" in waiter.get(path).text
    waiter.approved(path)
    assert state(waiter, check).total == 650


def test_as_many_of_a_row_are_given_away_as_was_said(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.add(check)
    line = state(waiter, check).lines[0].id
    waiter.approved(f"/checks/{check}/lines/{line}/comp", reason="quality", count=2)
    assert [one.comped for one in state(waiter, check).lines] == [False, True, True]


def test_service_is_added_in_one_tap_with_the_taxes_of_the_house(
    waiter: Screen, check: str
) -> None:
    panel = waiter.post(f"/checks/{check}/service", ppm=100_000).text
    assert "Service charge" in panel
    assert state(waiter, check).total == 715
    waiter.till.desk.run(ApplyTaxPack("pack", "fr"), BOSS)
    waiter.post(f"/checks/{check}/service", ppm=125_000)
    assert state(waiter, check).service.ppm == 125_000
    waiter.post(f"/checks/{check}/service", ppm=0)
    assert state(waiter, check).total == 650


def test_eaten_in_becomes_taken_away(waiter: Screen, check: str) -> None:
    waiter.post(f"/checks/{check}/order-type", order_type="take_away")
    assert state(waiter, check).order_type == "take_away"


def test_a_guest_who_owes_no_tax_is_exempted_and_charged_again(screen: Screen) -> None:
    screen.sign_in("li-wei")
    check = screen.open_check()
    screen.add(check)
    assert 'value="embassy"' in screen.get(f"/checks/{check}/exemption").text
    path = f"/checks/{check}/exemption"
    screen.post(path, exempt="yes", reason="embassy", reference="CD 7")
    exemption = state(screen, check).exemption
    assert exemption is not None
    assert (exemption.reason, exemption.reference) == ("embassy", "CD 7")
    screen.post(path, exempt="no")
    assert state(screen, check).exemption is None


def test_the_bill_is_asked_for(waiter: Screen, check: str) -> None:
    waiter.post(f"/checks/{check}/bill-asked", asked="yes")
    assert state(waiter, check).asked_ms
    assert 'aria-pressed="true"' in waiter.get(f"/checks/{check}/more").text
    waiter.post(f"/checks/{check}/bill-asked", asked="no")
    assert not state(waiter, check).asked_ms
