import sqlite3

import pytest

from comptoir.journal import JournalUnusable
from tests.app.web.conftest import Screen


def test_a_refusal_tells_the_waiter_what_to_do(waiter: Screen) -> None:
    check = waiter.open_check()
    response = waiter.post(f"/checks/{check}/send")
    assert response.status_code == 409
    assert "waits to be sent" in response.text
    assert "<" not in response.text


def test_a_refusal_is_told_in_the_persons_language(screen: Screen) -> None:
    screen.sign_in("wang-fang")
    check = screen.open_check()
    assert screen.post(f"/checks/{check}/send").text == "没有要下单的菜品。"


def test_a_page_that_does_not_exist_leads_back(waiter: Screen) -> None:
    response = waiter.get("/nowhere")
    assert response.status_code == 404
    assert 'href="/floor"' in response.text


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v1/checks"])
def test_programs_get_problems(screen: Screen, path: str) -> None:
    response = screen.get(path)
    problem = response.get_json()
    assert response.mimetype == "application/problem+json"
    assert problem["status"] == response.status_code
    assert problem["instance"] == path


def test_a_wrong_method_is_a_problem_too(screen: Screen) -> None:
    response = screen.client.delete("/api/v1/checks")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


def test_a_full_disk_is_told_and_nothing_is_kept(
    waiter: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = waiter.open_check()

    def broken(*_: object) -> None:
        raise JournalUnusable("disk full") from sqlite3.OperationalError("disk full")

    monkeypatch.setattr(waiter.till.desk, "run", broken)
    response = waiter.post(f"/checks/{check}/items/har-gow-steamed")
    assert response.status_code == 503
    assert "nothing was kept" in response.text


def test_a_fault_of_ours_shows_no_traceback(
    waiter: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    check = waiter.open_check()
    monkeypatch.setattr(waiter.till.desk, "run", broken)
    response = waiter.post(f"/checks/{check}/items/har-gow-steamed")
    assert response.status_code == 500
    assert "secret" not in response.text
