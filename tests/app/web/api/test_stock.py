"""D18 over the API: the stock's facts are written, and its variances read, by programs too."""

import pytest

from tests.app.web.api.conftest import Caller

DISH = "har-gow-steamed"


@pytest.fixture
def counted(caller: Caller) -> Caller:
    caller.post(f"/menu/items/{DISH}/count", {"left_milli": 10_000})
    return caller


def test_d18_what_a_program_writes_is_in_the_variance(counted: Caller) -> None:
    counted.post(f"/stock/{DISH}/received", {"qty_milli": 6000, "note": "Wang"})
    entry = "0123456789abcdef"
    counted.post(f"/stock/{DISH}/wasted", {"qty_milli": 5000, "reason": "fell"}, entry)
    undone = counted.post(f"/stock/{DISH}/undone", {"entry": entry})
    assert undone.status_code == 200, undone.text
    counted.post(f"/stock/{DISH}/recounted", {"left_milli": 9000})
    counted.post(f"/menu/items/{DISH}/count", {"left_milli": 14_000})
    report = counted.get("/reports/stock").get_json()
    last, _first = report["counts"]
    assert (last["expected_milli"], last["variance_milli"], last["by"]) == (15_000, -1000, "li-wei")
    assert report["missing"] == -last["amount"] > 0
    assert last["at_cost"]


def test_d18_limits_are_a_managers_and_so_is_the_report(counted: Caller) -> None:
    limits = {"amount": 1, "share_ppm": 1_000_000}
    assert counted.put("/reports/stock/limits", limits).status_code == 200
    assert counted.get("/reports/stock?first=yesterday").status_code == 422
    counted.sign_in("lucas")
    assert counted.put("/reports/stock/limits", limits).status_code == 403
    assert counted.get("/reports/stock").status_code == 403
    assert counted.post(f"/stock/{DISH}/received", {"qty_milli": 1}).status_code == 403


@pytest.mark.parametrize("qty", [0, -1, 1.5, "many", None])
def test_d18_what_is_no_quantity_is_refused_by_name(counted: Caller, qty: object) -> None:
    answer = counted.post(f"/stock/{DISH}/received", {"qty_milli": qty})
    assert answer.status_code == 422
    assert "qty_milli" in answer.get_json()["detail"]
