"""D4, E13, B10: what is sold now, from the terminal's own journal."""

import pytest

from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain


def test_the_page_shows_what_is_sold_and_who_owes(manager: Screen) -> None:
    check = manager.till.journal.state("check:c1")
    text = plain(manager.get("/manager").text)
    assert f"Sold today €{check.total / 100:.2f}" in text
    assert "1 check" in text
    assert "Lucas Petit" in text
    assert f"Voids 1 {check.lines[1].amount / 100:.2f}" in text


def test_a_sale_moves_the_figures_of_an_open_page(manager: Screen) -> None:
    before = plain(manager.get("/manager/now").text)
    manager.add("c1", "har-gow-steamed")
    assert plain(manager.get("/manager/now").text) != before


@pytest.mark.parametrize("path", ["/manager", "/manager/mix", "/manager/checks/c1"])
def test_t7_a_waiter_is_refused_in_one_line(waiter: Screen, path: str) -> None:
    answer = waiter.get(path)
    assert answer.status_code == 403
    assert "are a manager's. Ask one." in plain(answer.text)


def test_the_door_is_a_managers(manager: Screen) -> None:
    assert 'href="/manager"' in manager.get("/floor").text
    manager.post("/sign-out")
    assert 'href="/manager"' not in manager.sign_in("lucas").get("/floor").text
