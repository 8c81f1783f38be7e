"""K17, T9, X10: the counter by touch and scanner, the customer's side of it, a bakery's morning."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from comptoir.commands import Actor
from comptoir.commands.day import CloseDay
from comptoir.commands.reports import terminal_zs
from comptoir.domain import events as ev
from comptoir.domain.house import MANAGER
from tests.browser.conftest import DISPLAYS, Desk, Display
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
ACTIONS_MAX = 3
PASTA, PASTA_PRICE = "9520000079192", 135
SALES_IN_CI, SALES_OF_A_MORNING = 25, 300
BOSS = Actor("camille", MANAGER)


def serve(folder: Path, sample: str, display: Display) -> Iterator[HostTill]:
    till = HostTill(folder, sample, px_per_mm_milli=display.px_per_mm_milli)
    till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
    yield till
    till.stop()


@pytest.fixture
def shop(tmp_path: Path, display: Display) -> Iterator[HostTill]:
    yield from serve(tmp_path, "shop", display)


@pytest.fixture
def bakery(tmp_path: Path, display: Display) -> Iterator[HostTill]:
    yield from serve(tmp_path, "bakery", display)


def stand_at(till: HostTill, context: BrowserContext, staff: str) -> Desk:
    """Sign the cashier in; the counter is where their work is."""
    desk = Desk(context.new_page(), till.serve())
    desk.go("/")
    desk.tap(f'.person:has([value="{staff}"])')
    for digit in "2345":
        desk.tap(f'.pin [data-key="{digit}"]')
    desk.tap(".pin .primary")
    desk.page.wait_for_url("**/counter")
    desk.taps = 0
    return desk


def scan(desk: Desk, code: str, lines: int = 1) -> None:
    """Pull the trigger: one thing to do."""
    desk.taps += 1
    desk.scan(code)
    desk.wait(f'#panel .check[data-count="{lines}"]')


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_scan_pay_done_are_three_actions(
    shop: HostTill, context: BrowserContext, display: Display
) -> None:
    desk = stand_at(shop, context, "paul")
    scan(desk, PASTA)
    desk.tap(".money .exact")
    desk.wait('[data-change="0"]')
    desk.tap(".next")
    desk.wait('#panel .check[data-count="0"]:not(:has(.done))')
    assert desk.taps <= ACTIONS_MAX
    (check,) = shop.journal.states("check")
    assert (check.state, check.total, check.active) == ("settled", PASTA_PRICE, False)
    assert desk.complaints == []
    assert display.width


def test_a_tap_instead_of_a_scan_costs_no_more(shop: HostTill, context: BrowserContext) -> None:
    desk = stand_at(shop, context, "paul")
    desk.tap(".item[data-tap]")
    desk.wait('#panel .check[data-count="1"]')
    desk.tap(".money .note")
    desk.wait("[data-change]")
    desk.tap(".next")
    desk.wait("#panel .check:not(:has(.done))")
    assert desk.taps <= ACTIONS_MAX


def test_the_next_customer_is_served_while_the_change_is_still_shown(
    shop: HostTill, context: BrowserContext
) -> None:
    desk = stand_at(shop, context, "paul")
    for _ in range(3):
        scan(desk, PASTA)
        desk.tap(".money .note")
        desk.wait(".done")
    assert desk.taps == 6
    assert [one.state for one in shop.journal.states("check")] == ["settled"] * 3


def test_a_sale_waits_and_comes_back_by_touch(shop: HostTill, context: BrowserContext) -> None:
    desk = stand_at(shop, context, "paul")
    scan(desk, PASTA)
    desk.tap('[hx-get="/counter/parked"]')
    desk.tap("#sheet .send")
    desk.wait('#panel .check[data-count="0"]')
    desk.tap('[hx-get="/counter/parked"]')
    desk.tap("#sheet .parked")
    desk.wait('#panel .check[data-count="1"]')
    desk.tap('[hx-get="/counter/search-sheet"]')
    desk.wait("#sheet[open] #search")


def test_the_customer_sees_the_lines_the_total_and_the_change(
    shop: HostTill, context: BrowserContext
) -> None:
    """X10: the second screen follows by itself, in two languages."""
    desk = stand_at(shop, context, "paul")
    other = Desk(context.new_page(), desk.address)
    other.go("/display")
    other.wait(".display-idle h1")
    desk.page.bring_to_front()
    scan(desk, PASTA)
    other.wait('.display-lines li:has-text("coquillettes")')
    assert "Elbow pasta" in other.find(".display-lines li").inner_text()
    total = other.find(".display-total").inner_text()
    assert "Total" in total
    assert "1,35" in total
    desk.tap('.money [name="tendered"][value="500"]')
    other.wait(".display-change")
    change = other.find(".display-change").inner_text()
    assert "3,65" in change
    assert "Change" in change
    desk.tap(".next")
    other.wait(".display-idle")
    assert (desk.complaints, other.complaints) == ([], [])


def sell_a_morning(desk: Desk, sales: int) -> None:
    """Sell one, two or three things to each customer, cash, exact or with a note."""
    for number in range(sales):
        for line in range(number % 3 + 1):
            desk.tap(".item[data-tap]", (number + line) % 6)
            desk.wait(f'#panel .check[data-count="{line + 1}"]')
        desk.tap(".money .exact" if number % 2 else ".money .note")
        desk.wait(".done")


@pytest.mark.parametrize(
    "sales",
    [SALES_IN_CI, pytest.param(SALES_OF_A_MORNING, marks=pytest.mark.long)],
)
def test_a_bakery_morning_ends_in_a_z_that_is_the_sum_of_its_events(
    bakery: HostTill, context: BrowserContext, sales: int
) -> None:
    desk = stand_at(bakery, context, "ines")
    sell_a_morning(desk, sales)
    bakery.desk.run(CloseDay("z"), BOSS)
    z = terminal_zs(bakery.journal, "t1")[-1].figures
    checks = bakery.journal.states("check")
    events = [one.body for check in checks for one in bakery.journal.events(f"check:{check.id}")]
    added = [body for body in events if isinstance(body, ev.LineAdded)]
    paid = [body for body in events if isinstance(body, ev.PaymentTaken)]
    lines = sum(body.unit_price * body.qty_milli // 1000 for body in added)
    taken = sum(body.amount for body in paid)
    given = sum(body.tendered - body.change for body in paid)
    assert len(checks) == z.receipts == sales
    assert z.sales == lines == taken == given
    assert sum(one.net for one in z.tenders) == taken
    assert sum(tax.base + tax.amount for tax in z.taxes) == z.sales
    assert not any(check.active for check in checks)
    assert desk.complaints == []
