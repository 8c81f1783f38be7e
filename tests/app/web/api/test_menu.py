"""The menu over the API: read, edited, counted, written out and in (K2, E2, X2, T2)."""

from http import HTTPStatus
from typing import Any

import pytest

from tests.app.web.api.conftest import Caller

TEA = {
    "id": "house-tea",
    "category": "drink",
    "names": {"en": "House tea", "zh": "本店茶"},
    "price": 400,
    "variants": [{"id": "half", "names": {"en": "half"}, "price": 250, "portion_milli": 500}],
}


def item(caller: Caller, name: str) -> dict[str, Any]:
    items = caller.get("/menu").get_json()["items"]
    return next(one for one in items if one["id"] == name)


def add(caller: Caller, **more: object) -> Any:
    caller.post("/checks", {"check": "c1"})
    return caller.post("/checks/c1/lines", {"line": "l1", "item": "house-tea"} | more)


def test_k2_an_item_is_added_changed_found_and_removed(caller: Caller) -> None:
    assert caller.put("/menu/items/house-tea", {"item": TEA}).status_code == HTTPStatus.OK
    assert item(caller, "house-tea")["price"] == 400
    found = caller.get("/menu/search?text=bdc").get_json()["items"]
    assert [one["id"] for one in found] == ["house-tea"]
    caller.put("/menu/items/house-tea", {"item": TEA | {"price": 450}})
    assert item(caller, "house-tea")["price"] == 450
    assert caller.post("/menu/items/house-tea", method="DELETE").status_code == HTTPStatus.OK
    assert "house-tea" not in {one["id"] for one in caller.get("/menu").get_json()["items"]}


GROUP = {
    "id": "fizz",
    "names": {"en": "Fizz"},
    "modifiers": [{"id": "fizzy", "names": {"en": "Fizzy"}}],
}
LATE = {"id": "late", "names": {"en": "Late"}, "off_ppm": 100_000}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/menu/categories/extras", {"category": {"id": "extras", "names": {"en": "Extras"}}}),
        ("/menu/price-lists/late", {"price_list": LATE}),
        ("/menu/taxes/none", {"tax": {"id": "none", "name": "None", "rate_ppm": 0}}),
        ("/menu/groups/fizz", {"group": GROUP}),
    ],
)
def test_k2_every_kind_of_record_is_set_and_removed(
    caller: Caller, path: str, body: dict[str, object]
) -> None:
    before = caller.get("/menu").get_json()
    assert caller.put(path, body).status_code == HTTPStatus.OK
    assert caller.get("/menu").get_json() != before
    assert caller.post(path, method="DELETE").status_code == HTTPStatus.OK
    after = caller.get("/menu").get_json()
    assert after | {"edits": 0} == before | {"edits": 0}


def test_k2_changes_are_kept_as_a_draft_read_planned_and_published(caller: Caller) -> None:
    caller.put("/menu/items/house-tea?draft=true", {"item": TEA})
    caller.put("/menu/items/house-tea?draft=true", {"item": TEA | {"price": 450}})
    assert caller.get("/menu/search?text=house").get_json()["items"] == []
    draft = caller.get("/menu/draft").get_json()
    assert [(one["kind"], one["id"], one["what"]) for one in draft["changes"]] == [
        ("item", "house-tea", "added")
    ]
    first, second = (one["id"] for one in draft["edits"])
    late = caller.post("/menu/draft/plan", {"at_ms": 1})
    assert late.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert caller.post("/menu/draft/discard", {"edits": [second]}).status_code == HTTPStatus.OK
    assert caller.post("/menu/draft/publish", {"edits": [first]}).status_code == HTTPStatus.OK
    assert caller.get("/menu/search?text=house").get_json()["items"][0]["price"] == TEA["price"]
    assert caller.get("/menu/draft").get_json()["edits"] == []


def test_a_bad_edit_says_where_and_why(caller: Caller) -> None:
    answer = caller.put("/menu/items/house-tea", {"item": TEA | {"category": "soop"}})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "item house-tea, category: unknown category 'soop'" in answer.get_json()["detail"]
    other = caller.put("/menu/items/tea", {"item": TEA})
    assert "The path names 'tea', the body 'house-tea'" in other.get_json()["detail"]


def test_records_are_put_in_order(caller: Caller) -> None:
    names = [one["id"] for one in caller.get("/menu").get_json()["categories"]]
    body = {"kind": "category", "ids": list(reversed(names))}
    assert caller.put("/menu/order", body).status_code == HTTPStatus.OK
    assert [one["id"] for one in caller.get("/menu").get_json()["categories"]] == names[::-1]


def test_t2_an_item_is_counted_down_sold_out_stopped_and_back(caller: Caller) -> None:
    caller.put("/menu/items/house-tea", {"item": TEA})
    caller.post("/menu/items/house-tea/count", {"left_milli": 1500})
    assert add(caller).status_code == HTTPStatus.CREATED
    assert (item(caller, "house-tea")["left_milli"], item(caller, "house-tea")["to_be_had"]) == (
        500,
        True,
    )
    refused = add(caller, line="l2")
    assert (refused.status_code, refused.get_json()["code"]) == (
        HTTPStatus.CONFLICT,
        "item-sold-out",
    )
    assert add(caller, line="l3", variant="half").status_code == HTTPStatus.CREATED
    (left,) = caller.get("/menu/availability").get_json()["items"]
    assert (left["item"], left["left_milli"], left["to_be_had"]) == ("house-tea", 0, False)
    caller.post("/menu/items/house-tea/back")
    caller.post("/menu/items/house-tea/stop", {"reason": "kettle broken"})
    assert "kettle broken" in add(caller, line="l4").get_json()["detail"]
    caller.post("/menu/items/house-tea/back")
    assert caller.get("/menu/availability").get_json()["items"] == []
    assert add(caller, line="l5").status_code == HTTPStatus.CREATED


def test_x2_a_form_is_ordered_with_its_price(caller: Caller) -> None:
    caller.put("/menu/items/house-tea", {"item": TEA})
    (line,) = add(caller, variant="half").get_json()["check"]["lines"]
    assert (line["variant"], line["amount"], line["names"]["en"]) == (
        "half",
        250,
        "House tea · half",
    )


def test_the_menu_is_written_as_json_and_read_back(caller: Caller) -> None:
    caller.put("/menu/items/house-tea", {"item": TEA})
    before = caller.get("/menu").get_json()
    file = caller.get("/menu/file?form=json")
    headers = caller._headers() | {"Idempotency-Key": "read-back"}
    done = caller.client.put(
        "/api/v1/menu", data=file.data, content_type="application/json", headers=headers
    )
    assert done.status_code == HTTPStatus.OK
    same = {"version": "", "edits": 0}
    assert caller.get("/menu").get_json() | same == before | same
