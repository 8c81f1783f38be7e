from tests.app.web.api.conftest import Caller


def test_the_terms_are_read_and_set(caller: Caller) -> None:
    assert caller.get("/terms").get_json() == {
        "mode": "half_up", "scope": "bucket", "cash_rounding": 0, "pack": "",
    }  # fmt: skip
    assert caller.put("/terms", {"scope": "line", "cash_rounding": 5}).status_code == 200
    assert caller.get("/terms").get_json()["cash_rounding"] == 5
    assert caller.put("/terms", {"scope": "both"}).status_code == 422


def test_every_pack_tells_its_rates_and_their_pages(caller: Caller) -> None:
    packs = caller.get("/tax-packs").get_json()["packs"]
    assert {"us-ny-nyc", "ca-on", "mx", "uk", "fr", "ch"} <= {pack["region"] for pack in packs}
    assert all(tax["since"] and tax["url"] for pack in packs for tax in pack["taxes"])


def test_a_pack_is_applied_by_its_name(caller: Caller) -> None:
    assert caller.post("/tax-packs/fr/apply", {}).status_code == 200
    assert "tva55" in {tax["id"] for tax in caller.get("/menu").get_json()["taxes"]}
    assert caller.get("/terms").get_json()["pack"] == "fr"
    refused = caller.post("/tax-packs/uk/apply", {})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "pack-refused")
    assert caller.post("/tax-packs/nowhere/apply", {}).status_code == 404


def test_a_check_is_exempted_with_its_reason(caller: Caller) -> None:
    caller.post("/checks", {"check": "c1"})
    caller.post("/checks/c1/lines", {"line": "l1", "item": "har-gow-steamed"})
    before = caller.get("/checks/c1").get_json()
    done = caller.put("/checks/c1/exemption", {"reason": "embassy"}).get_json()
    assert done["check"]["taxes"] == []
    assert done["check"]["total"] == before["total"] - before["taxes"][0]["amount"]
    assert caller.put("/checks/c1/exemption", {"reason": ""}).status_code == 422
