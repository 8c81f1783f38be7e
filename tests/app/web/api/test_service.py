import pytest

from tests.app.web.api.conftest import Caller
from tests.fakes.till import HostTill


def opened(caller: Caller, name: str = "c1") -> str:
    body = {"check": name, "table": "hall-3", "covers": 2}
    assert caller.post("/checks", body).status_code == 201
    return f"/checks/{name}"


def test_a_whole_service_over_the_api(caller: Caller) -> None:
    check = opened(caller)
    added = caller.post(f"{check}/lines", {"line": "l1", "item": "har-gow-steamed"})
    assert added.status_code == 201
    assert added.get_json()["check"]["due"] == 650
    caller.post(f"{check}/lines/l1/quantity", {"qty_milli": 2000})
    assert caller.post(f"{check}/fire").status_code == 200
    ticket = caller.get("/kitchen").get_json()["tickets"][0]
    assert (ticket["table"], ticket["lines"][0]["names"]["zh"]) == ("3", "虾饺")
    caller.post(f"{check}/bump", {"lines": ["l1"], "status": "served"})
    caller.post(f"{check}/payments", {"payment": "p1", "amount": 1300})
    paid = caller.post(f"{check}/payments/p1/take", {"tendered": 2000}).get_json()
    assert (paid["check"]["state"], paid["check"]["payments"][0]["change"]) == ("settled", 700)
    assert paid["events"][0]["kind"] == "payment.taken"
    assert caller.get("/checks").get_json() == {"checks": []}
    assert caller.get(check).get_json()["state"] == "settled"


def test_a_key_used_again_does_nothing_twice_and_says_so(caller: Caller) -> None:
    check = opened(caller)
    line = {"line": "l1", "item": "har-gow-steamed"}
    first = caller.post(f"{check}/lines", line, key="same-key-1").get_json()
    again = caller.post(f"{check}/lines", line, key="same-key-1").get_json()
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["events"] == again["events"]
    assert len(caller.get(check).get_json()["lines"]) == 1


def test_a_key_used_again_for_something_else_is_refused(caller: Caller) -> None:
    check = opened(caller)
    line = {"line": "l1", "item": "har-gow-steamed"}
    caller.post(f"{check}/lines", line, key="same-key-1")
    others = [
        caller.post(f"{check}/lines", line | {"qty_milli": 2000}, key="same-key-1"),
        caller.post(f"{check}/fire", key="same-key-1"),
        caller.post("/checks", {"check": "c2"}, key="same-key-1"),
    ]
    assert [answer.status_code for answer in others] == [422] * 3
    assert {answer.get_json()["code"] for answer in others} == {"command-id-reused"}
    assert len(caller.get(check).get_json()["lines"]) == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space"])
def test_a_command_without_a_proper_key_is_refused(caller: Caller, key: str) -> None:
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": key}
    response = caller.client.post("/api/v1/checks", json={"check": "c1"}, headers=headers)
    assert response.get_json()["code"] == "idempotency-key-missing"
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"line": "l1", "item": 3}, "$.item"),
        ({"line": "l1", "item": "x", "qty_milli": 0}, "$.qty_milli"),
        ({"line": "l1", "item": "x", "qty_milli": 1.5}, "$.qty_milli"),
        ({"line": "a/b", "item": "x"}, "$.line"),
        ({"line": "l1", "item": "x", "colour": 1}, "colour"),
        ({"item": "x"}, "line"),
    ],
)
def test_a_wrong_body_is_refused_with_the_path(
    caller: Caller, body: dict[str, object], path: str
) -> None:
    problem = caller.post(f"{opened(caller)}/lines", body)
    assert problem.status_code == 422
    assert problem.get_json()["code"] == "body-refused"
    assert path in problem.get_json()["detail"]


def test_what_is_no_json_is_refused(caller: Caller) -> None:
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "command-1"}
    response = caller.client.post("/api/v1/checks", data=b"{" * 3000, headers=headers)
    assert response.status_code == 422


def test_rules_of_the_trade_come_back_as_problems(caller: Caller) -> None:
    check = opened(caller)
    refusals = {
        caller.post(f"{check}/fire").get_json()["code"],
        caller.post(f"{check}/lines", {"line": "l1", "item": "no-such"}).get_json()["code"],
        caller.post("/checks/nope/fire").get_json()["code"],
        caller.post(f"{check}/payments", {"payment": "p", "amount": 5}).get_json()["code"],
        caller.post(f"{check}/lines/zz/void", {"reason": "x"}).get_json()["code"],
        caller.post(f"{check}/payments/zz/cancel").get_json()["code"],
    }
    assert refusals == {
        "nothing-to-send",
        "item-not-found",
        "check-not-found",
        "amount-refused",
        "line-not-found",
        "payment-not-found",
    }


def test_a_line_is_voided_with_its_reason(caller: Caller) -> None:
    check = opened(caller)
    caller.post(f"{check}/lines", {"line": "l1", "item": "har-gow-steamed"})
    done = caller.post(f"{check}/lines/l1/void", {"reason": "mistake"}).get_json()
    line = done["check"]["lines"][0]
    assert (line["voided"], line["void_reason"], done["check"]["due"]) == (True, "mistake", 0)


def test_an_intended_payment_can_be_called_off(caller: Caller) -> None:
    check = opened(caller)
    caller.post(f"{check}/lines", {"line": "l1", "item": "har-gow-steamed"})
    caller.post(f"{check}/payments", {"payment": "p1", "amount": 650})
    done = caller.post(f"{check}/payments/p1/cancel", {"reason": "no money"}).get_json()
    assert done["check"]["payments"][0]["status"] == "cancelled"


def test_the_floor_shows_tables_with_their_checks(caller: Caller) -> None:
    opened(caller)
    caller.post("/checks", {"check": "c2", "order_type": "take_away"})
    floor = caller.get("/floor").get_json()
    tables = {t["label"]: t for area in floor["areas"] for t in area["tables"]}
    assert tables["3"]["checks"][0]["id"] == "c1"
    assert tables["4"]["state"] == "free"
    assert [check["id"] for check in floor["elsewhere"]] == ["c2"]


def test_the_menu_spells_out_its_choices_and_is_searched(caller: Caller) -> None:
    menu = caller.get("/menu").get_json()
    assert len(menu["items"]) >= 150
    noodles = next(item for item in menu["items"] if item["number"] == "151")
    assert [group["id"] for group in noodles["groups"]] == ["noodle", "protein", "requests"]
    found = caller.get("/menu/search?text=151").get_json()["items"]
    assert found[0] == noodles


def test_the_answer_says_how_safe_it_is(caller: Caller) -> None:
    caller.till.tell({"t1/1": 10_000}, peers=("t2",))
    answer = caller.post("/checks", {"check": "c1"}).get_json()
    assert answer["safety"] == "safe"


def test_staff_are_listed_without_their_pins(caller: Caller) -> None:
    response = caller.get("/staff")
    assert {"li-wei", "lucas"} <= {person["id"] for person in response.get_json()["staff"]}
    assert "argon2" not in response.text


def test_a_wrong_pin_gives_no_token(till: HostTill) -> None:
    client = till.app().test_client()
    response = client.post("/api/v1/sessions", json={"staff": "lucas", "pin": "9999"})
    assert (response.status_code, response.get_json()["code"]) == (403, "pin-wrong")
