import pytest

from comptoir.domain.house import Card
from comptoir.domain.records import dump
from comptoir.journal import Signer
from comptoir.web import passphrases
from tests.app.web.api.conftest import Caller

CARD = Card("t2", "B", "Terrace", Signer.generate().public, "")


def test_a_menu_file_goes_out_and_comes_back_the_same(caller: Caller) -> None:
    before = caller.get("/menu").get_json()
    file = caller.get("/menu/file")
    assert file.mimetype == "text/csv"
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "command-1"}
    done = caller.client.put(
        "/api/v1/menu", data=file.data, content_type="text/csv", headers=headers
    )
    assert done.status_code == 200
    after = caller.get("/menu").get_json()
    assert after["version"] != before["version"]
    assert after["items"] == before["items"]


def test_a_bad_menu_row_is_named_and_nothing_is_imported(caller: Caller) -> None:
    before = caller.get("/menu").get_json()
    text = "kind,id,name:en,category,price\ncategory,c,C,,\nitem,a,A,c,1.00\nitem,b,B,c,abc\n"
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "command-1"}
    response = caller.client.put(
        "/api/v1/menu", data=text, content_type="text/csv", headers=headers
    )
    assert response.status_code == 422
    assert "line 4" in response.get_json()["detail"]
    assert caller.get("/menu").get_json() == before


def test_the_floor_is_replaced(caller: Caller) -> None:
    area = {"id": "bar", "name": "Bar", "tables": [{"id": "b1", "label": "1", "seats": 2}]}
    assert caller.put("/floor", {"areas": [area]}).status_code == 200
    floor = caller.get("/floor").get_json()
    assert [a["id"] for a in floor["areas"]] == ["bar"]


def test_people_are_added_and_can_sign_in(caller: Caller) -> None:
    body = {"name": "Ann", "role": "waiter", "pin": "8642"}
    assert caller.put("/staff/ann", body).status_code == 200
    signed = caller.client.post("/api/v1/sessions", json={"staff": "ann", "pin": "8642"})
    assert signed.get_json()["staff"]["name"] == "Ann"


def test_a_program_gets_a_token_that_works_and_a_retry_repeats_it(caller: Caller) -> None:
    first = caller.put("/clients/web", {"name": "Web"}, key="command-web").get_json()
    again = caller.put("/clients/web", {"name": "Web"}, key="command-web").get_json()
    assert first["token"] == again["token"] != ""
    headers = {"Authorization": f"Bearer {first['token']}"}
    assert caller.client.get("/api/v1/checks", headers=headers).status_code == 200
    listed = caller.get("/clients").get_json()["clients"]
    assert listed == [{"id": "web", "name": "Web", "role": "waiter", "active": True}]


@pytest.mark.parametrize("role", ["system", "root", ""])
def test_nobody_is_given_the_role_of_the_programs(caller: Caller, role: str) -> None:
    assert caller.put("/clients/web", {"name": "Web", "role": role}).status_code == 422
    assert caller.put("/staff/ann", {"name": "Ann", "role": role}).status_code == 422


def test_only_managers_run_the_house(caller: Caller) -> None:
    caller.sign_in("lucas")
    assert caller.put("/floor", {"areas": []}).status_code == 403
    assert caller.put("/clients/web", {"name": "Web"}).status_code == 403
    assert caller.get("/clients").status_code == 403
    assert caller.post("/terminals/t2/retire", {"reason": "stolen"}).status_code == 403


def test_a_card_is_read_by_anyone_and_admits_a_terminal(caller: Caller) -> None:
    own = caller.client.get("/api/v1/terminal").get_json()
    assert (own["terminal"], own["letter"]) == ("t1", "A")
    assert "key" in own["signing_key"] or len(own["signing_key"]) == 44
    assert caller.post("/terminals", {"card": dump(CARD)}).status_code == 201
    assert {t["id"] for t in caller.get("/terminals").get_json()["terminals"]} == {"t1", "t2"}


def test_a_stolen_terminal_is_retired_for_ever(caller: Caller) -> None:
    caller.post("/terminals", {"card": dump(CARD)})
    assert caller.post("/terminals/t2/retire", {"reason": "stolen"}).status_code == 200
    listed = {t["id"]: t for t in caller.get("/terminals").get_json()["terminals"]}
    assert (listed["t2"]["retired"], listed["t2"]["reason"]) == (True, "stolen")
    assert caller.post("/terminals", {"card": dump(CARD)}).status_code == 403


def test_a_passphrase_is_told_once_and_a_new_one_needs_it(caller: Caller) -> None:
    told = caller.put("/passphrase", {}).get_json()["passphrase"]
    assert len(told) == len("K7QX-2M9T-RW4P")
    assert caller.put("/passphrase", {"old": "1111-1111-1111"}).status_code == 403
    assert caller.put("/passphrase", {"old": told}).get_json()["passphrase"] != told


def test_a_passphrase_asked_for_again_is_the_same_until_the_till_was_started_anew(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = (caller.put("/passphrase", {}, "command-1").get_json() for _ in range(2))
    assert first["passphrase"] == again["passphrase"]
    monkeypatch.setattr(passphrases, "_OF_THIS_RUN", b"another run")
    assert caller.put("/passphrase", {}, "command-1").status_code == 403, "no wrong one is shown"


def test_a_manager_keeps_the_restaurant_off_the_internet_and_lets_it_back(caller: Caller) -> None:
    assert not caller.get("/offline").get_json()["on"]
    body = {"offline": True, "reason": "line is slow"}
    assert caller.put("/offline", body).status_code == 200
    state = caller.get("/offline").get_json()
    assert (state["on"], state["reason"]) == (True, "line is slow")
    assert caller.put("/offline", {"offline": False}).status_code == 200
    assert not caller.get("/offline").get_json()["on"]
