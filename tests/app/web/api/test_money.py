"""D6, X5, X6: money over the API: open questions, tips, refunds, drawers, X and Z."""

import pytest

from comptoir.commands import Actor, IntendPayment, TakePayment
from tests.app.web.api.conftest import Caller
from tests.app.web.api.test_service import opened
from tests.fakes.box import Box, BoxMaker

CHANGE = [{"value": 1000, "count": 10}, {"value": 100, "count": 50}]


def sold(caller: Caller, tender: str = "cash", **more: object) -> str:
    check = opened(caller)
    caller.post(f"{check}/lines", {"line": "l1", "item": "har-gow-steamed"})
    body = {"payment": "p1", "amount": 650, "tender": tender} | more
    assert caller.post(f"{check}/payments", body).status_code == 201
    return check


def taken(caller: Caller, check: str, tendered: int = 650, **more: object) -> dict[str, object]:
    answer = caller.post(f"{check}/payments/p1/take", {"tendered": tendered} | more)
    assert answer.status_code == 200, answer.text
    payment: dict[str, object] = answer.get_json()["check"]["payments"][0]
    return payment


def test_a_card_with_a_tip_and_a_reference(caller: Caller) -> None:
    check = sold(caller, "card", tip=65)
    assert caller.get(f"{check}/tips").get_json()["tips"] == [33, 65, 98]
    payment = taken(caller, check, 715, reference="A-117")
    assert (payment["tip"], payment["reference"], payment["change"]) == (65, "A-117", 0)
    done = caller.post(f"{check}/payments/p1/tip", {"tip": 100}).get_json()
    assert done["check"]["payments"][0]["tip"] == 100


def test_goods_come_back_with_a_managers_approval(caller: Caller) -> None:
    check = sold(caller)
    taken(caller, check)
    caller.sign_in("lucas")
    body = {"refund": "r1", "lines": [{"line": "l1", "qty_milli": 1000}], "reason": "cold"}
    answer = caller.post(f"{check}/payments/p1/return", body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "approval-needed")
    caller.sign_in("li-wei")
    done = caller.post(f"{check}/payments/p1/return", body).get_json()
    assert [event["kind"] for event in done["events"]] == ["payment.refunded", "fiscal.receipt"]
    assert done["check"]["payments"][0]["refunds"][0]["goods"] == 650


def test_a_refund_of_what_is_owed_opens_the_check(caller: Caller) -> None:
    check = sold(caller)
    taken(caller, check)
    body = {"refund": "r1", "amount": 150, "reason": "wrong tender"}
    done = caller.post(f"{check}/payments/p1/refund", body).get_json()
    assert (done["check"]["state"], done["check"]["due"]) == ("open", 150)


def test_money_that_a_dead_terminal_meant_to_take_is_asked_about(
    caller: Caller, make_box: BoxMaker
) -> None:
    check = opened(caller)
    caller.post(f"{check}/lines", {"line": "l1", "item": "har-gow-steamed"})
    dead = make_box("t2", letter="B")
    both(caller, dead)
    dead.desk.run(IntendPayment("i", "c1", "p9", "cash", 650), Actor("anna", "waiter"))
    back(caller, dead)
    (asked,) = caller.get("/payments/open").get_json()["intents"]
    assert (asked["payment"]["terminal"], asked["payment"]["amount"]) == ("t2", 650)
    assert asked["payment"]["intended_ms"] > 0
    caller.till.tell(peers=("t2",))
    assert caller.get("/payments/open").get_json()["intents"] == [], "it lives: ask it"
    done = caller.post(f"{check}/payments/p9/answer", {"received": "yes"}).get_json()
    assert done["check"]["state"] == "settled"


def both(caller: Caller, box: Box) -> None:
    journal = caller.till.journal
    sealed = journal.range(("t1", 1), 1, 1000, 1 << 24)
    card = caller.till.identity.card
    box.log.restaurant = caller.till.identity.restaurant.id
    box.journal.admit(sealed, restaurant=box.log.restaurant, trust={"t1": card})


def back(caller: Caller, box: Box) -> None:
    caller.till.journal.admit(box.sealed(), restaurant=box.log.restaurant, trust={"t2": box.card})


def test_a_check_paid_twice_names_screens_people_and_what_to_give_back(
    caller: Caller, make_box: BoxMaker
) -> None:
    check = sold(caller)
    other = make_box("t2", letter="B")
    both(caller, other)
    anna = Actor("anna", "waiter")
    other.desk.run(IntendPayment("i", "c1", "p9", "cash", 650), anna)
    other.desk.run(TakePayment("t", "c1", "p9", 650), anna)
    taken(caller, check)
    back(caller, other)
    (over,) = caller.get("/payments/overpaid").get_json()["overpayments"]
    assert over["surplus"] == 650
    assert {(p["terminal"], p["taken_by"]) for p in over["payments"]} == {
        ("t1", "li-wei"),
        ("t2", "anna"),
    }
    (give,) = over["give_back"]
    assert (give["tender"], give["amount"]) == ("cash", 650)
    body = {"refund": "r1", "amount": 650, "reason": "paid twice"}
    caller.post(f"{check}/payments/{give['payment']}/refund", body)
    assert caller.get("/payments/overpaid").get_json() == {"overpayments": []}


def test_a_drawer_from_its_float_to_over_and_short(caller: Caller) -> None:
    drawer = {"drawer": "d1", "name": "Bar", "coins": CHANGE}
    assert caller.post("/drawers", drawer).status_code == 201
    taken(caller, sold(caller), 1000)
    caller.post("/drawers/d1/moves", {"what": "pay_out", "amount": 200, "reason": "ice"})
    caller.post("/drawers/d1/moves", {"what": "drop", "amount": 5000})
    caller.post("/drawers/d1/no-sale", {"reason": "change"})
    caller.sign_in("sophie")
    blind = caller.get("/drawers").get_json()["drawers"][0]
    assert (blind["expected"], blind["tenders"]) == (None, [])
    assert caller.post("/drawers/d1/close").get_json()["code"] == "drawer-refused"
    caller.post("/drawers/d1/counts", {"coins": [{"value": 100, "count": 104}]})
    assert caller.post("/drawers/d1/close").status_code == 200
    sheet = caller.get("/drawers/d1").get_json()
    assert (sheet["expected"], sheet["counted"], sheet["over"]) == (10450, 10400, -50)
    assert (len(sheet["moves"]), len(sheet["no_sales"]), sheet["is_open"]) == (2, 1, False)
    assert caller.get("/drawers").get_json() == {"drawers": []}


def test_a_waiter_has_a_wallet_with_a_cash_out_sheet(caller: Caller) -> None:
    caller.sign_in("lucas")
    wallet = {"drawer": "w1", "name": "Lucas", "coins": CHANGE, "owner": "lucas"}
    assert caller.post("/drawers", wallet | {"owner": ""}).status_code == 403
    assert caller.post("/drawers", wallet).status_code == 201
    payment = taken(caller, sold(caller, tip=50), 700)
    assert payment["drawer"] == "w1"
    caller.post("/drawers/w1/counts", {"coins": [{"value": 100, "count": 157}]})
    caller.post("/drawers/w1/close")
    sheet = caller.get("/drawers/w1").get_json()
    assert (sheet["owner"], sheet["expected"], sheet["over"]) == ("lucas", 15700, 0)
    assert (sheet["tips"], sheet["tenders"][0]["amount"]) == (50, 650)


def test_the_day_over_the_api(caller: Caller) -> None:
    taken(caller, sold(caller))
    x = caller.get("/reports/x").get_json()
    day = caller.get("/reports/day").get_json()
    assert x["figures"] == day["figures"]
    assert (day["figures"]["sales"], day["waiting"]) == (650, ["t1"])
    assert caller.post("/days/close").status_code == 200
    (z,) = caller.get("/reports/z").get_json()["closes"]
    assert z["figures"] == x["figures"]
    after = caller.get(f"/reports/day?date={z['date']}").get_json()
    assert (after["figures"], after["waiting"], after["revision"]) == (x["figures"], [], 1)
    assert after["vector"][0]["terminal"] == "t1"


@pytest.mark.parametrize("path", ["/reports/x", "/reports/z", "/reports/day"])
def test_reports_are_not_for_everybody(caller: Caller, path: str) -> None:
    caller.sign_in("lucas")
    assert caller.get(path).status_code == 403


def test_an_unknown_drawer_is_named(caller: Caller) -> None:
    assert caller.get("/drawers/zz").get_json()["code"] == "drawer-not-found"
