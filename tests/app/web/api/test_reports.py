"""E3, E5, E6, D19: what the manager's screens show is there for programs."""

import pytest

from tests.app.web.api.conftest import Caller


@pytest.fixture
def sold(caller: Caller) -> Caller:
    caller.post("/checks", {"check": "c1", "covers": 2})
    for line in ("l1", "l2"):
        caller.post("/checks/c1/lines", {"line": line, "item": "har-gow-steamed"})
    caller.post("/checks/c1/fire", {})
    caller.post("/checks/c1/lines/l1/void", {"reason": "quality"})
    return caller


def test_figures_are_read_by_cut_and_day(sold: Caller) -> None:
    total = sold.get("/checks/c1").get_json()["total"]
    report = sold.get("/reports/sales?cut=item").get_json()
    (dish,) = report["slices"]
    assert (dish["key"], dish["count"], dish["amount"]) == ("har-gow-steamed", 1, total)
    assert report["by_day"] == {report["first"]: total}
    assert report["behind"] == 0


def test_a_figure_is_drilled_down_to_its_event(sold: Caller) -> None:
    (check,) = sold.get("/reports/checks?cut=void&key=quality").get_json()["checks"]
    assert (check["check"], check["count"]) == ("c1", 1)
    events = sold.get(f"/checks/{check['check']}/events").get_json()["events"]
    (void,) = [one for one in events if one["kind"] == "check.line_voided"]
    assert (void["actor"], void["body"]["reason"]) == ("li-wei", "quality")


@pytest.mark.parametrize(
    "query", ["cut=theft", "first=yesterday", "first=2026-02-02&last=2026-02-01", "last=9999-12-31"]
)
def test_what_is_no_report_is_refused(sold: Caller, query: str) -> None:
    answer = sold.get(f"/reports/sales?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "report-refused")


def test_t7_figures_are_a_managers(sold: Caller) -> None:
    sold.sign_in("lucas")
    for path in ("/reports/sales", "/reports/checks", "/checks/c1/events"):
        assert sold.get(path).status_code == 403


def test_x5_cash_tips_are_declared_and_said_again_for_a_program_too(caller: Caller) -> None:
    caller.post("/shifts", {"what": "in", "staff": "lucas"})
    for amount in (1250, 900):
        answer = caller.put("/shifts/lucas/tips", {"amount": amount})
        assert answer.status_code == 200, answer.text
    (shift,) = caller.get("/shifts/lucas").get_json()["shifts"]
    assert shift["tips"] == 900
    assert caller.put("/shifts/nobody/tips", {"amount": 1}).status_code == 409


def test_d18_anomalies_are_read_with_their_limits_which_are_set(caller: Caller) -> None:
    caller.post("/drawers", {"drawer": "d", "name": "Till"})
    caller.post("/drawers/d/no-sale", {"reason": "change"})
    limits = {"over_short": 0, "no_sales": 0, "voids": 0}
    assert caller.put("/reports/anomalies/limits", limits).status_code == 200
    found = caller.get("/reports/anomalies").get_json()
    assert found["limits"] == limits
    (group,) = found["no_sales"]
    assert (group["by"], group["beyond"], len(group["incidents"])) == ("li-wei", True, 1)
    assert (found["counts"], found["voids"]) == ([], [])


def test_d17_segments_are_there_for_programs(sold: Caller) -> None:
    total = sold.get("/checks/c1").get_json()["total"]
    for by in ("order_type", "daypart", "customer"):
        (one,) = sold.get(f"/reports/segments?by={by}").get_json()["segments"]
        assert (one["sales"], one["checks"], one["guests"]) == (total, 1, 2)
        assert one["margin"] > 0
    assert sold.get("/reports/segments?by=weather").status_code == 422
    parts = {"parts": [{"id": "dinner", "begin_minute": 1080}]}
    assert sold.put("/reports/dayparts", parts).status_code == 200
    (one,) = sold.get("/reports/segments?by=daypart").get_json()["segments"]
    assert one["segment"] == "dinner"
    sold.sign_in("lucas")
    assert sold.get("/reports/segments").status_code == 403
    assert sold.put("/reports/dayparts", parts).status_code == 403
