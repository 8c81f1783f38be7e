"""Transfers and merges on the screen (X4)."""

import pytest

from comptoir.commands import queries
from comptoir.domain.check import Check
from tests.app.web.conftest import Screen


@pytest.fixture
def check(waiter: Screen) -> str:
    check = waiter.open_check("hall-3")
    waiter.add(check)
    return check


def state(screen: Screen, check: str) -> Check:
    return queries.check(screen.till.journal, check)


def test_x4_a_check_moves_to_another_table(waiter: Screen, check: str) -> None:
    other = waiter.open_check("hall-4")
    sheet = waiter.get(f"/checks/{check}/move").text
    assert state(waiter, other).number in sheet, "what is taken says by whom"
    response = waiter.post(f"/checks/{check}/move", table="hall-5")
    assert response.headers["HX-Redirect"] == f"/checks/{check}"
    assert state(waiter, check).table == "hall-5"


def test_x4_a_check_is_handed_to_another_server(waiter: Screen, check: str) -> None:
    sheet = waiter.get(f"/checks/{check}/hand").text
    assert 'value="wang-fang"' in sheet
    assert 'value="chen-qiang"' not in sheet, "the kitchen serves no table"
    waiter.post(f"/checks/{check}/hand", server="wang-fang")
    assert state(waiter, check).server == "wang-fang"


def test_x4_two_checks_become_one_bill(waiter: Screen, check: str) -> None:
    other = waiter.open_check("hall-4")
    waiter.add(other)
    assert state(waiter, other).number in waiter.get(f"/checks/{check}/merge").text
    waiter.post(f"/checks/{check}/merge", source=other)
    assert state(waiter, other).id == check
    assert state(waiter, check).total == 1300


def test_with_no_other_check_there_is_nothing_to_add(waiter: Screen, check: str) -> None:
    assert "No other check is open" in waiter.get(f"/checks/{check}/merge").text


def test_x4_one_bill_becomes_two_checks_again(waiter: Screen, check: str) -> None:
    assert f"/checks/{check}/unmerge" not in waiter.get(f"/checks/{check}/more").text
    other = waiter.open_check("hall-4")
    waiter.add(other)
    waiter.post(f"/checks/{check}/merge", source=other)
    assert f"/checks/{check}/unmerge" in waiter.get(f"/checks/{check}/more").text
    assert f'value="{other}"' in waiter.get(f"/checks/{check}/unmerge").text
    waiter.post(f"/checks/{check}/unmerge", source=other)
    assert (state(waiter, check).due, state(waiter, other).due) == (650, 650)
