"""A service at the till, by touch, from the PIN to the change."""

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext

from comptoir.commands import OpenCheck
from tests.browser.conftest import DISPLAYS, PHONE, PINS, Desk
from tests.fakes.box import BOSS
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
SALE_TAPS_MAX = 3
TABLE_TAPS_MAX = 12


def choose_first_of_each_required_group(desk: Desk) -> None:
    groups = desk.find('#sheet .group:not([data-min="0"])')
    for i in range(groups.count()):
        desk.taps += 1
        groups.nth(i).locator(".choice").first.tap()


@pytest.mark.parametrize("display", [*DISPLAYS.values(), PHONE], ids=[*DISPLAYS, "phone"])
def test_from_sign_in_to_change(desk: Desk, till: HostTill) -> None:
    """The terminal's two screens, and a phone that takes an order and a payment (E11)."""
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.add(0)
    desk.tap('[data-category="noodle"].category')
    desk.wait('.item[data-category="noodle"]')
    desk.tap(".item:not([data-tap])")
    desk.wait("#sheet[open] .group")
    assert desk.find("#sheet [data-submit]").is_disabled()
    choose_first_of_each_required_group(desk)
    desk.tap("#sheet [data-submit]")
    desk.wait('#panel .check[data-count="3"]')
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    assert desk.find(".line.unsent").count() == 0
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")
    due = int(desk.find("[data-pay]").get_attribute("data-due") or 0)
    for key in ("5", "0", "00"):
        desk.tap(f'.keypad [data-key="{key}"]')
    desk.tap(".take")
    desk.page.wait_for_url("**/paid")
    assert desk.find("[data-change]").get_attribute("data-change") == str(5000 - due)
    check = till.journal.states("check")[0]
    assert (check.state, check.payments[0].change) == ("settled", 5000 - due)
    assert desk.complaints == []


def test_the_code_on_the_paid_screen_is_read_from_a_picture_of_it(
    desk: Desk, till: HostTill
) -> None:
    desk.sign_in()
    sell_take_away(desk)
    picture = Image.open(io.BytesIO(desk.page.screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    (check,) = till.journal.states("check")
    envelopes = [event.envelope for event in till.journal.events(f"check:{check.id}")]
    (taken,) = (one.seq for one in envelopes if one.kind == "payment.taken")
    assert code.text == f"comptoir:1;A1-1;EUR;650;t1/1/{taken}"


def sell_take_away(desk: Desk) -> None:
    desk.tap(".takeaway .primary")
    desk.page.wait_for_url("**/checks/*")
    desk.taps = 0
    desk.add(0)
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")
    desk.tap(".exact")
    desk.page.wait_for_url("**/paid")


def test_a_sale_of_one_dish_takes_three_taps(desk: Desk) -> None:
    desk.sign_in()
    sell_take_away(desk)
    assert desk.taps <= SALE_TAPS_MAX


def test_four_dishes_with_two_choices_take_twelve_taps_after_the_pin(desk: Desk) -> None:
    desk.sign_in()
    desk.taps = 0
    desk.open_table()
    for i in range(3):
        desk.add(i)
    desk.tap('[data-category="noodle"].category')
    desk.wait('.item[data-category="noodle"]')
    desk.tap(".item:not([data-tap])")
    desk.wait("#sheet[open] .group")
    choose_first_of_each_required_group(desk)
    desk.tap("#sheet [data-submit]")
    desk.wait('#panel .check[data-count="4"]')
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    assert desk.taps <= TABLE_TAPS_MAX


def test_the_kitchen_and_the_floor_follow_by_themselves(
    desk: Desk, context: BrowserContext
) -> None:
    desk.sign_in()
    kitchen = Desk(context.new_page(), desk.address)
    kitchen.go("/kitchen")
    floor = Desk(context.new_page(), desk.address)
    floor.go("/floor")
    desk.page.bring_to_front()
    desk.open_table()
    desk.add(0)
    floor.wait(".tile.state-ordering")
    desk.tap(".actions .send")
    kitchen.page.bring_to_front()
    kitchen.wait(".ticket .dish")
    assert "虾饺" in kitchen.find(".ticket .dish").inner_text()
    kitchen.tap(".ticket > .key")
    floor.page.bring_to_front()
    floor.wait(".tile.state-ready")
    desk.page.bring_to_front()
    desk.wait('.line .status:text("ready")')
    assert desk.complaints + kitchen.complaints + floor.complaints == []


def test_news_does_not_pull_a_key_from_under_a_finger(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    box = desk.find(".tile").first.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + 20, box["y"] + 20)
    desk.page.mouse.down()
    with desk.page.expect_response("**/floor/tiles"):
        till.desk.run(OpenCheck("command-far", "far", "eat_in", "hall-5"), BOSS)
    desk.page.mouse.up()
    desk.wait('#sheet[open] [name="covers"]')
    desk.wait(".tile.state-seated")


def test_a_manager_approves_a_void_on_the_waiters_screen(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    desk.tap(".line")
    desk.wait("#sheet[open] .danger")
    desk.tap("#sheet .danger")
    desk.wait("#approval[open]")
    for digit in PINS["li-wei"]:
        desk.tap(f'#approval [data-key="{digit}"]')
    desk.tap("#approval [data-approve]")
    desk.wait(".line.voided")
    (line,) = till.journal.states("check")[0].lines
    assert line.voided


def test_undo_takes_the_last_tap_back(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .key")
    desk.wait("#panel .empty")
    assert till.journal.states("check")[0].live_lines == ()


def test_holding_a_dish_asks_for_its_choices_and_adds_nothing(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    box = desk.find(".item[data-hold]").first.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + 20, box["y"] + 20)
    desk.page.mouse.down()
    desk.wait("#sheet[open] .group")
    desk.page.mouse.up()
    desk.page.wait_for_timeout(200)
    assert till.journal.states("check")[0].lines == ()
    assert desk.find("#sheet[open]").count() == 1


def test_a_dish_is_found_by_its_number_on_the_screens_keyboard(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.tap(".actions > .key")
    for digit in "151":
        desk.tap(f'[data-type="{digit}"]')
    desk.wait('#found .item:has-text("Stir-fried noodles")')
    assert till.journal.states("check")[0].lines == ()


def test_a_scanned_barcode_needs_no_tap(desk: Desk) -> None:
    desk.sign_in()
    desk.open_table()
    desk.scan("3017620422003")
    desk.wait(".toast.bad.shown")
    assert "not on the menu" in desk.find("#toast").inner_text()
    desk.page.goto(f"{desk.page.url}?seats=1")
    desk.tap('.seat-keys .choice:has([value="2"])')
    with desk.page.expect_request("**/scan") as scanned:
        desk.scan("3017620422003")
    assert "seat=2" in (scanned.value.post_data or ""), "X23: a scan goes to the chosen seat"


def test_a_refusal_is_told_in_a_line(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    check = till.journal.states("check")[0]
    desk.page.evaluate(
        "check => htmx.ajax('post', `/checks/${check}/items/nothing`,"
        " {values: {command: '0'.repeat(32)}, target: '#panel'})",
        check.id,
    )
    desk.wait(".toast.bad.shown")
    assert "Search again" in desk.find("#toast").inner_text()


def test_a_tap_while_the_till_restarts_is_saved_once(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    port = till.cut()
    desk.tap(".item[data-tap]", 1)
    desk.wait("#offline:not([hidden])")
    till.serve(port)
    desk.wait('#panel .check[data-count="2"]')
    desk.find("#offline").wait_for(state="hidden")
    desk.page.wait_for_timeout(1500)
    assert len(till.journal.states("check")[0].lines) == 2


def send_two(desk: Desk) -> None:
    desk.sign_in("li-wei")
    desk.open_table()
    desk.add(0)
    desk.add(1)
    desk.tap(".actions .send")
    desk.wait(".line.sent")


def test_dishes_taken_back_while_the_till_restarts_are_all_taken_back(
    desk: Desk, till: HostTill
) -> None:
    """A form with several values of one name travels again as it was."""
    send_two(desk)
    desk.tap("#actions [hx-get$=take-back]")
    desk.wait("#sheet[open] .reasons")
    port = till.cut()
    desk.tap("#sheet .reasons .key")
    desk.wait(".toast.bad.shown")
    till.serve(port)
    desk.find("#sheet[open]").wait_for(state="hidden")
    assert [line.voided for line in till.journal.states("check")[0].lines] == [True, True]


def test_a_bump_bar_bumps_a_ticket_and_calls_it_back(desk: Desk, till: HostTill) -> None:
    """X7: key 1 is the first ticket, Backspace what was bumped last."""
    send_two(desk)
    desk.go("/kitchen")
    desk.wait(".ticket")
    desk.page.keyboard.press("1")
    desk.wait(".to-serve .key")
    assert {line.status for line in till.journal.states("check")[0].lines} == {"ready"}
    desk.page.keyboard.press("Backspace")
    desk.wait("#sheet[open] .recall")
    desk.page.keyboard.press("1")
    desk.wait(".ticket")
    assert {line.status for line in till.journal.states("check")[0].lines} == {"fired"}
    assert desk.complaints == []


def test_no_page_asks_another_host_for_anything(desk: Desk) -> None:
    desk.sign_in()
    desk.open_table()
    desk.go("/kitchen")
    assert desk.asked
    assert {url for url in desk.asked if not url.startswith(desk.address)} == set()
