from tests.app.web.api.conftest import Caller


def test_courses_have_names_in_the_languages_of_the_house(caller: Caller) -> None:
    names = [{"en": "Starters", "zh": "前菜"}, {"en": "Mains", "zh": "主菜"}]
    assert caller.put("/courses", {"names": names}).status_code == 200
    assert caller.get("/courses").get_json() == {"names": names}
    assert caller.put("/courses", {"names": [{}]}).status_code == 422


def test_a_check_is_asked_for_and_taken_away(caller: Caller) -> None:
    caller.post("/checks", {"check": "c1"})
    caller.post("/checks/c1/lines", {"line": "l1", "item": "har-gow-steamed"})
    assert caller.put("/checks/c1/bill-asked", {}).status_code == 200
    assert caller.till.journal.state("check:c1").asked_ms
    done = caller.put("/checks/c1/order-type", {"order_type": "take_away"})
    assert done.get_json()["check"]["order_type"] == "take_away"
    assert caller.put("/checks/c1/order-type", {"order_type": "x"}).status_code == 422
