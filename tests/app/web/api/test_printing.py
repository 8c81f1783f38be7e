"""Paper over the API: X8, K2 (printers are edited on any terminal)."""

import subprocess
from pathlib import Path

import pytest

from comptoir.bus.wire import PrinterNow, PrintersNow, pack_json
from tests.app.web.api.conftest import Caller
from tests.fakes.box import StandingClock
from tests.fakes.till import HostTill

HOT = {"id": "hot", "name": "Hot kitchen", "host": "192.0.2.7", "receipts": ["t1"]}
STATION = {"id": "kitchen", "name": "Kitchen", "printer": "hot", "languages": ["zh-Hans", "en"]}


@pytest.fixture
def house(till: HostTill) -> Caller:
    boss = Caller(till)
    used = boss.get("/printing").get_json()["unrouted"]
    stations = [STATION | {"id": station} for station in used]
    answer = boss.put("/printing", {"printers": [HOT], "stations": stations})
    assert answer.status_code == 200, answer.text
    return boss


def paid(caller: Caller, item: str = "har-gow-steamed") -> str:
    """Order one dish, send it, pay it in cash; returns the check."""
    caller.post("/checks", {"check": "c1", "table": "hall-3", "covers": 2})
    total = caller.post("/checks/c1/lines", {"line": "l1", "item": item}).get_json()
    amount = total["check"]["total"]
    caller.post("/checks/c1/fire")
    caller.post("/checks/c1/payments", {"payment": "p1", "amount": amount})
    caller.post("/checks/c1/payments/p1/take", {"tendered": amount})
    return "c1"


def test_the_plan_is_read_back_with_what_prints_nowhere(house: Caller) -> None:
    plan = house.get("/printing").get_json()
    assert plan["printers"][0]["host"] == "192.0.2.7"
    assert plan["now"][0]["state"] == "unknown"
    assert not plan["devices"]
    assert plan["unrouted"] == []


def test_how_a_printer_is_comes_from_the_devices_program(till: HostTill) -> None:
    now = PrinterNow("hot", "paper-out", "Out of paper. Put in a new roll.", waiting=3)
    services = till.app().extensions["comptoir"]
    services.printers.update(pack_json(PrintersNow([now], till.desk.clock.now_ms())))
    told = services.printers.report(till.desk.clock.now_ms())
    assert told.printers == [now]
    assert services.printers.report(till.desk.clock.now_ms() + 60_000) is None


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"printers": [HOT, HOT], "stations": []}, "printing-plan-refused"),
        ({"printers": [HOT | {"host": "a b"}], "stations": []}, "printing-plan-refused"),
        ({"printers": [HOT | {"dots": 7}], "stations": []}, "printing-plan-refused"),
        ({"printers": [HOT | {"mode": "braille"}], "stations": []}, "printing-plan-refused"),
        ({"printers": [], "stations": [STATION]}, "printing-plan-refused"),
        ({"printers": 7, "stations": []}, "body-refused"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(
    house: Caller, plan: dict[str, object], code: str
) -> None:
    answer = house.put("/printing", plan)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert len(house.get("/printing").get_json()["printers"]) == 1


def test_a_waiter_may_redirect_but_not_rewrite_the_plan(house: Caller) -> None:
    waiter = Caller(house.till, "lucas")
    assert waiter.put("/printing", {"printers": [], "stations": []}).status_code == 403
    assert waiter.post("/printers/hot/redirect", {"to": "nowhere"}).status_code == 404
    assert waiter.post("/printers/hot/redirect", {"to": "hot"}).status_code == 422
    assert waiter.post("/printers/hot/redirect", {"to": ""}).status_code == 200


def test_what_waits_and_what_was_asked_for_is_listed(house: Caller) -> None:
    check = paid(house)
    (ticket,) = house.get("/printing/waiting").get_json()["papers"]
    assert (ticket["kind"], ticket["printer"], ticket["state"]) == ("fire", "hot", "waiting")
    assert house.post(f"/checks/{check}/receipt").status_code == 202
    path = f"/checks/{check}/papers/{ticket['ticket']}"
    assert house.post(f"{path}/reprint").status_code == 202
    assert house.post(f"{path}/dismiss", {"reason": "told by voice"}).status_code == 200
    assert house.post(f"/checks/{check}/papers/nothing/reprint").status_code == 404
    papers = house.get(f"/checks/{check}/papers").get_json()["papers"]
    assert [(p["kind"], p["state"], p["reprint"]) for p in papers] == [
        ("fire", "dismissed", False),
        ("receipt", "waiting", False),
        ("fire", "waiting", True),
    ]


def test_a_paid_checks_receipt_and_a_sheet_of_money_wait_too_until_they_are_too_old(
    house: Caller,
) -> None:
    """T3: whoever looks for a paper finds it, whatever it is of."""
    terminal = house.till.identity.terminal
    check = paid(house)
    house.post(f"/checks/{check}/receipt")
    assert house.post("/reports/print", {"what": "x", "of": terminal}).status_code == 202
    papers = house.get("/printing/waiting").get_json()["papers"]
    assert {(one["kind"], one["check"]) for one in papers} == {
        ("fire", check), ("receipt", check), ("sheet", f"x/{terminal}"),
    }  # fmt: skip
    (sheet,) = (one for one in papers if one["kind"] == "sheet")
    said = {"check": sheet["check"], "ticket": sheet["ticket"], "reason": "read on the screen"}
    assert house.post("/printing/waiting/dismiss", said).status_code == 200
    assert house.post("/printing/waiting/dismiss", said | {"ticket": "no"}).status_code == 404
    house.till.use_clock(StandingClock(house.till.desk.clock.now_ms() + 11 * 60 * 1000))
    late = Caller(house.till).get("/printing/waiting").get_json()["papers"]
    assert [one["kind"] for one in late] == ["fire"]


def test_a_receipt_is_a_pdf_with_its_chinese_in_it(house: Caller, tmp_path: Path) -> None:
    check = paid(house)
    answer = house.get(f"/checks/{check}/receipt.pdf?language=zh-Hans")
    assert answer.mimetype == "application/pdf"
    (tmp_path / "receipt.pdf").write_bytes(answer.data)
    text = read("pdftotext", "-layout", tmp_path / "receipt.pdf", "-")
    assert "虾饺" in text
    assert "合计" in text
    fonts = read("pdffonts", tmp_path / "receipt.pdf").splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-3] == ["yes", "yes"] for line in fonts), "embedded, as a subset"


def read(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout
