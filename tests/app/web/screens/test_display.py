"""X10: the customer's display while money is asked for and at the end of a sale."""

import re
import uuid
from collections.abc import Callable
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


def sums(screen: Screen) -> dict[str, str]:
    """Return the figures of the display by the kind of their row."""
    page = screen.get("/display").text
    return dict(re.findall(r'<p class="display-([\w-]+)">.*?<b>([^<]*)</b></p>', page))


def chooser(screen: Screen, asking: str) -> Callable[[int], None]:
    """Open the page that asks for money; return what a tap on one of its tips does."""
    csrf = screen.csrf()
    assert f'hx-post="{asking}/chosen"' in screen.get(asking).text

    def choose(tip: int) -> None:
        data = {"csrf": csrf, "tip": tip}
        assert screen.client.post(f"{asking}/chosen", data=data).status_code == 204

    return choose


def test_x10_the_tip_is_shown_as_it_is_chosen_and_once_it_is_recorded(waiter: Screen) -> None:
    check, payment = waiter.open_check(), uuid.uuid4().hex
    waiter.add(check)
    waiter.post(f"/checks/{check}/intend", payment=payment, tender="card", tendered=0)
    asking = f"/checks/{check}/payments/{payment}"
    choose = chooser(waiter, asking)
    assert sums(waiter) == {"total": "€6.50"}
    choose(65)
    assert sums(waiter) == {"total": "€6.50", "tip": "€0.65", "with-tip": "€7.15"}
    waiter.get(asking)
    assert sums(waiter) == {"total": "€6.50"}, "the page begins anew without a tip"
    assert not waiter.till.journal.state(f"check:{check}").takings, "a choice is no fact"
    waiter.post(f"{asking}/take", tip=100, reference="4711")
    waiter.get(f"/checks/{check}/paid")
    told = {"total": "€6.50", "tip": "€1.00", "with-tip": "€7.50"}
    assert sums(waiter) == told | {"given": "€7.50", "change": "€0.00"}


def test_x10_what_is_left_to_pay_counts_the_tip_that_is_chosen(waiter: Screen) -> None:
    check, first, second = waiter.open_check(), uuid.uuid4().hex, uuid.uuid4().hex
    waiter.add(check)
    waiter.post(f"/checks/{check}/intend", payment=first, tender="card", tendered=200)
    waiter.post(f"/checks/{check}/payments/{first}/take", tip=20, reference="1")
    waiter.post(f"/checks/{check}/intend", payment=second, tender="card", tendered=0)
    chooser(waiter, f"/checks/{check}/payments/{second}")(45)
    told = {"total": "€6.50", "tip": "€0.65", "with-tip": "€7.15"}
    assert sums(waiter) == told | {"paid": "€2.20", "to-pay": "€4.95"}
