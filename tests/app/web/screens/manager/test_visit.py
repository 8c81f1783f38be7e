"""The manager sees a technician's code, lets them in with a tap, and out with another."""

import re

from comptoir.commands.visits import visit
from tests.app.domain.test_visit import KEY
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain
from tests.app.web.screens.test_strip import strip

PAGE = "/manager/terminals"


def knock(screen: Screen) -> str:
    answer = screen.client.post("/api/v1/visit/knocks", json={"technician": "Anna", "key": KEY})
    return str(answer.get_json()["code"])


def test_nobody_asks_nothing_is_shown(manager: Screen) -> None:
    assert "Technician" not in plain(manager.get(PAGE).text)
    assert "Technician" not in strip(manager)


def test_who_asks_is_let_in_shown_on_the_strip_and_put_out(manager: Screen) -> None:
    code = knock(manager)
    assert f"{code} Anna" in plain(manager.get(PAGE).text)
    assert manager.post(f"/manager/visit/{code}/in").status_code < 400
    page = plain(manager.get(PAGE).text)
    assert "has access to all terminals, 60 min more" in page
    assert code not in page, "they do not ask any more"
    assert re.search(r"Technician has access.*60 min · Anna", strip(manager))
    assert manager.post("/manager/visit/end").status_code < 400
    assert visit(manager.till.journal).ended
    assert "Technician" not in strip(manager)


def test_who_is_sent_away_does_not_come_in(manager: Screen) -> None:
    code = knock(manager)
    assert manager.post(f"/manager/visit/{code}/away").status_code < 400
    assert manager.post(f"/manager/visit/{code}/in").status_code == 404
    assert not visit(manager.till.journal).id


def test_waiters_let_nobody_in(waiter: Screen) -> None:
    code = knock(waiter)
    assert waiter.post(f"/manager/visit/{code}/in").status_code == 403
    assert not visit(waiter.till.journal).id
