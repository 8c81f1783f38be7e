"""Bills over the API: seats, courses, changes, discounts, transfers, merges, splits."""

from typing import Any

import pytest

from tests.app.web.api.conftest import Caller
from tests.app.web.conftest import PINS


@pytest.fixture
def check(caller: Caller) -> str:
    caller.post("/checks", {"check": "c1", "table": "hall-3", "covers": 2})
    for line, seats in (("l1", [1]), ("l2", [1, 2])):
        body = {"line": line, "item": "har-gow-steamed", "seats": seats, "course": int(line[1])}
        assert caller.post("/checks/c1/lines", body).status_code == 201
    return "/checks/c1"


def bill(answer: Any) -> Any:
    assert answer.status_code < 300, answer.get_json()
    return answer.get_json()["check"]["bill"]


def test_a_bill_split_by_seat_is_paid_part_by_part(caller: Caller, check: str) -> None:
    parts = [{"id": "a", "name": "Ann", "seats": [1]}, {"id": "b", "seats": [2]}]
    split = {"split": "s1", "how": "seats", "parts": parts}
    made = bill(caller.post(f"{check}/splits", split))["parts"]
    assert [(part["id"], part["due"]) for part in made] == [("a", 975), ("b", 325)]
    again = caller.post(f"{check}/splits", split | {"split": "s2"})
    assert again.get_json()["code"] == "split-refused"
    caller.post(f"{check}/payments", {"payment": "p1", "amount": 975, "part": "a"})
    paid = caller.post(f"{check}/payments/p1/take", {"tendered": 975})
    assert [part["state"] for part in bill(paid)["parts"]] == ["settled", "open"]
    assert caller.post(f"{check}/splits/s1/undo").get_json()["code"] == "split-refused"
    parts = [{"id": "x"}, {"id": "y"}]
    more = {"split": "s3", "how": "even", "parts": parts, "of": ["b"]}
    deeper = bill(caller.post(f"{check}/splits", more))["parts"]
    assert {part["id"]: part["due"] for part in deeper} == {"a": 0, "x": 163, "y": 162}
    gone = {"payment": "p2", "amount": 5, "part": "b"}
    assert caller.post(f"{check}/payments", gone).get_json()["code"] == "part-not-found"


def test_courses_are_held_and_fired_one_after_the_other(caller: Caller, check: str) -> None:
    """X1: the kitchen sees only what was fired."""
    caller.post(f"{check}/hold", {"lines": ["l2"]})
    fired = caller.post(f"{check}/fire").get_json()["check"]["lines"]
    assert [line["status"] for line in fired] == ["fired", "unsent"]
    assert caller.post(f"{check}/fire").get_json()["code"] == "nothing-to-send"
    fired = caller.post(f"{check}/fire-next").get_json()["check"]["lines"]
    assert [line["status"] for line in fired] == ["fired", "fired"]


def test_a_fired_dish_is_changed_and_the_kitchen_says_it_has_seen_it(
    caller: Caller, check: str
) -> None:
    """X22: CHANGE old to new, and the allergy of the seat on the line."""
    caller.post(f"{check}/allergies", {"seat": 1, "allergy": "peanuts"})
    caller.post(f"{check}/fire")
    changed = {"item": "siu-mai", "note": "no pork"}
    items = caller.get("/menu").get_json()["items"]
    other = next(item["id"] for item in items if item["id"] != "har-gow-steamed")
    caller.post(f"{check}/lines/l1/change", changed | {"item": other}, key="change-1")
    line = caller.get("/kitchen").get_json()["tickets"][0]["lines"][0]
    assert line["allergies"] == ["peanuts"]
    (change,) = line["changes"]
    assert (change["was"]["item"], change["now"]["item"]) == ("har-gow-steamed", other)
    assert not change.get("seen_by")
    caller.post(f"{check}/changes/seen", {"changes": ["change-1"]})
    (change,) = caller.get(check).get_json()["lines"][0]["changes"]
    assert change["seen_by"] == "li-wei"


def test_a_discount_needs_a_manager_or_an_approval(caller: Caller, check: str) -> None:
    """T17, D6."""
    caller.sign_in("lucas")
    less = {"ppm": 100_000, "reason": "regular"}
    refused = caller.post(f"{check}/discount", less, key="discount-1")
    assert refused.get_json()["code"] == "approval-needed"
    asked = {"staff": "li-wei", "pin": PINS["li-wei"], "command": "discount-1"}
    approval = caller.post("/approvals", asked).get_json()["token"]
    headers = {
        "Authorization": f"Bearer {caller.token}",
        "Idempotency-Key": "discount-1",
        "Comptoir-Approval": approval,
    }
    given = caller.client.post(f"/api/v1{check}/discount", json=less, headers=headers)
    assert bill(given)["discount"] == 130


def test_a_comp_and_a_service_charge_show_on_the_bill(caller: Caller, check: str) -> None:
    comped = caller.post(f"{check}/lines/l1/comp", {"reason": "waited"})
    assert bill(comped)["discount"] == 650
    assert bill(caller.post(f"{check}/service-charge", {"ppm": 100_000}))["service_charge"] == 65


def test_two_checks_become_one_bill_and_move_together(caller: Caller, check: str) -> None:
    """X4."""
    caller.post("/checks", {"check": "c2", "table": "hall-4"})
    caller.post("/checks/c2/lines", {"line": "m1", "item": "har-gow-steamed"})
    merged = caller.post(f"{check}/merge", {"source": "c2"})
    assert bill(merged)["checks"] == ["c1", "c2"]
    assert caller.get("/checks/c2").get_json()["id"] == "c1"
    caller.post(f"{check}/table", {"table": "hall-5"})
    caller.post(f"{check}/server", {"server": "lucas"})
    caller.post(f"{check}/covers", {"covers": 5})
    (one,) = caller.get("/checks").get_json()["checks"]
    assert (one["table"], one["server"], one["due"]) == ("hall-5", "lucas", 1950)
    caller.post(f"{check}/payments", {"payment": "p1", "amount": 1950})
    caller.post(f"{check}/payments/p1/take", {"tendered": 1950})
    caller.post(f"{check}/fire")
    caller.post(f"{check}/bump", {"lines": ["l1", "l2", "m1"], "status": "served"})
    assert caller.get("/checks").get_json()["checks"] == []


def test_a_line_is_given_to_other_seats_and_courses(caller: Caller, check: str) -> None:
    caller.post(f"{check}/lines/l1/seats", {"seats": [2, 2, 1]})
    lines = caller.post(f"{check}/course", {"lines": ["l1"], "course": 3}).get_json()["check"]
    assert (lines["lines"][0]["seats"], lines["lines"][0]["course"]) == ([1, 2], 3)
