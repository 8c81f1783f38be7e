"""A technician asks at one terminal, a manager answers, and everybody sees it."""

import pytest

from tests.app.domain.test_visit import KEY
from tests.app.web.api.conftest import Caller


def knock(caller: Caller, key: str = KEY) -> dict[str, object]:
    body = {"technician": "Anna", "key": key}
    answer = caller.client.post("/api/v1/visit/knocks", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_who_asks_needs_no_token_and_is_told_a_code(caller: Caller) -> None:
    code = str(knock(caller)["code"])
    assert len(code) == len("ABCD-EFGH-JKMN")
    assert knock(caller)["code"] == code
    assert caller.client.get("/api/v1/visit").get_json()["left_s"] == 0, "asking opens nothing"


def test_a_manager_grants_and_ends_a_visit(caller: Caller) -> None:
    body = {"technician": "Anna", "key": KEY, "minutes": 60}
    assert caller.post("/visit", body).status_code == 201
    now = caller.client.get("/api/v1/visit").get_json()
    assert now["technician"] == "Anna"
    assert now["code"] == knock(caller)["code"]
    assert 3590 <= now["left_s"] <= 3600
    assert caller.post("/visit/end").status_code == 200
    assert caller.client.get("/api/v1/visit").get_json() == {
        "technician": "", "code": "", "left_s": 0
    }  # fmt: skip


WRONG: list[dict[str, object]] = [
    {"key": KEY},
    {"technician": "A", "key": "x"},
    {"technician": "A", "key": KEY, "minutes": 61},
]


@pytest.mark.parametrize("body", WRONG)
def test_what_is_no_visit_is_refused(caller: Caller, body: dict[str, object]) -> None:
    assert caller.post("/visit", body).status_code == 422


def test_a_waiter_may_do_neither(caller: Caller) -> None:
    caller.sign_in("lucas")
    assert caller.post("/visit", {"technician": "A", "key": KEY}).status_code == 403
    assert caller.post("/visit/end").status_code == 403
