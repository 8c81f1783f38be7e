"""X10: the customer's display, at the end of a sale."""

from dataclasses import replace

from comptoir.commands import receipts
from comptoir.web import receipt_code
from tests.app.web.conftest import Screen
from tests.app.web.test_training import sell

BASE = "https://till.example"


def test_x10_a_paid_check_shows_the_code_of_its_receipts_page(waiter: Screen) -> None:
    till = waiter.till
    till.settings = replace(till.settings, receipt_url=BASE)
    screen = Screen(till, till.app().test_client()).sign_in()
    assert "display-code" not in screen.get("/display").text
    check = sell(screen)
    screen.get(f"/checks/{check}/paid")
    page = screen.get("/display").text
    state = till.journal.state(f"check:{check}")
    address = receipts.address(till.journal, state, BASE)
    assert address.startswith(f"{BASE}/receipts/{check}/")
    assert receipt_code.svg(address) in page


def test_where_guests_reach_no_page_there_is_no_code(waiter: Screen) -> None:
    check = sell(waiter)
    waiter.get(f"/checks/{check}/paid")
    page = waiter.get("/display").text
    assert "display-sums" in page
    assert "display-code" not in page
