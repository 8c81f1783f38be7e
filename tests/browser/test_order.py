"""The waiter's screens by touch: splitting, seats and courses, discounts, moving tables."""

import re

import pytest
from playwright.sync_api import Route

from comptoir.domain.check import Check
from tests.browser.conftest import DISPLAYS, PINS, Desk
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
EVEN_SPLIT_TAPS_MAX = 3
MOVE_TAPS_MAX = 3


def check_of(till: HostTill) -> Check:
    found: Check = till.journal.states("check")[0]
    return found


def approve(desk: Desk) -> None:
    desk.wait("#approval[open] [data-approve]")
    for digit in PINS["li-wei"]:
        desk.tap(f'#approval [data-key="{digit}"]')
    desk.tap("#approval [data-approve]")


def no_sideways_scroll(desk: Desk) -> bool:
    found: bool = desk.page.evaluate(
        "() => document.documentElement.scrollWidth <= window.innerWidth"
    )
    return found


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_e1_a_bill_is_split_evenly_by_four_in_three_taps(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.taps = 0
    desk.tap(".check-head .split-key")
    desk.page.wait_for_url("**/split")
    desk.tap('[name="parts"][value="4"]')
    desk.wait(".part >> nth=3")
    assert desk.taps <= EVEN_SPLIT_TAPS_MAX
    assert len(check_of(till).parts) == 4
    assert no_sideways_scroll(desk)
    assert desk.complaints == []


def test_x23_a_duck_is_shared_a_part_paid_and_the_rest_split_anew(
    desk: Desk, till: HostTill
) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.add(1)
    desk.tap(".check-head .split-key")
    desk.tap('.ways [hx-get*="items"]')
    desk.wait(".share-row")
    desk.find(".share-row").nth(0).locator(".cell").nth(0).tap()
    for guest in (0, 1):
        desk.find(".share-row").nth(1).locator(".cell").nth(guest).tap()
    desk.tap(".split-foot [aria-label=More]")
    desk.wait('.split-foot output:text("5")')
    assert desk.find(".cell input:checked").count() == 3, "more guests keep what was tapped"
    desk.tap(".split-foot .primary")
    desk.wait(".part >> nth=1")
    first, second = check_of(till).parts
    assert (first.name, second.name) == ("1", "2")
    desk.tap(".part .primary")
    desk.page.wait_for_url(re.compile(r"/pay\?part="))
    desk.tap(".exact")
    desk.page.wait_for_url(re.compile(r"/(paid|split)"))
    desk.go(f"/checks/{check_of(till).id}/split")
    desk.wait(".part.is-settled")
    desk.tap('.part [hx-get*="of="]')
    desk.tap('[name="parts"][value="2"]')
    desk.wait('.part b:text("2a")')
    assert check_of(till).due == second.due
    desk.tap(".split-foot [hx-post] .key")
    desk.wait('.part:not(.is-settled) b:text-is("2")')
    assert desk.complaints == []


def test_an_amount_is_typed_and_split_off(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".check-head .split-key")
    desk.tap('.ways [hx-get*="amounts"]')
    desk.wait("[data-amount]")
    assert desk.find("[data-take]").is_disabled()
    for key in ("2", "00"):
        desk.tap(f'.keypad [data-key="{key}"]')
    desk.tap("[data-take]")
    desk.wait(".part >> nth=1")
    assert check_of(till).parts[0].total == 200
    assert desk.complaints == []


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_x1_dishes_go_to_seats_and_courses_and_the_next_is_fired(
    desk: Desk, till: HostTill
) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.add(1)
    desk.tap(".check-head .places-key")
    desk.wait(".put")
    desk.tap('.choice:has([value="seat-2"])')
    desk.tap(".put", 1)
    desk.wait(".put .seats i")
    desk.tap('.choice:has([value="course-2"])')
    desk.tap(".put", 1)
    desk.wait(".course >> nth=1")
    desk.tap(".fire-next")
    desk.wait(".put .is-fired")
    first, second = check_of(till).lines
    assert (first.status, second.status, second.seats) == ("fired", "unsent", (2,))
    assert no_sideways_scroll(desk)
    assert desk.complaints == []


def test_x22_an_allergy_is_noted_for_a_seat(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".check-head .places-key")
    desk.tap(".guests-key")
    desk.wait("#sheet[open] .allergens")
    desk.tap('.guest-keys [hx-get*="seat=2"]')
    desk.wait('.guest-keys .chosen:text("2")')
    desk.tap('.allergens [value="peanuts"]')
    desk.wait(".allergens .noted")
    desk.tap("#sheet [data-close]")
    desk.wait(".seat-keys .allergy")
    assert [(one.seat, one.what) for one in check_of(till).allergies] == [(2, "peanuts")]
    assert desk.complaints == []


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_d6_a_discount_is_approved_without_leaving_the_check(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".check-head .more-key")
    desk.tap('#sheet [hx-get$="/discount"]')
    desk.wait(".digit-row")
    for digit in ("1", "5", "0"):
        desk.tap(f'#sheet [data-key="{digit}"]')
    assert desk.find('[data-show="amount"]').inner_text() == "1.50"
    desk.tap('#sheet [name="reason"]')
    approve(desk)
    desk.wait('.totals:has-text("Discount")')
    assert check_of(till).total == 500
    assert no_sideways_scroll(desk)


def test_x4_a_check_goes_to_another_table_in_three_taps(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.taps = 0
    desk.tap(".check-head .more-key")
    desk.tap('#sheet [hx-get$="/move"]')
    desk.tap('#sheet [name="table"][value="hall-7"]')
    desk.wait('.title-key:has-text("7")')
    assert desk.taps <= MOVE_TAPS_MAX
    assert check_of(till).table == "hall-7"
    assert desk.complaints == []


def test_what_was_just_sent_is_taken_back(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    desk.tap(".actions > .key")
    desk.tap("#sheet .danger")
    approve(desk)
    desk.wait(".line.voided")
    assert check_of(till).live_lines == ()


def test_x22_a_fired_dish_is_changed(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    desk.tap(".line")
    desk.tap('#sheet [hx-get*="instead"]')
    desk.wait("#sheet [data-step]")
    desk.tap('#sheet [data-step="1"]')
    desk.tap("#sheet [data-submit]")
    desk.wait('.line .qty:text("2")')
    (line,) = check_of(till).lines
    assert [change.was.qty_milli for change in line.unseen] == [1000]
    assert desk.complaints == []


def test_the_floor_shows_mine_alone_and_who_wants_to_pay(desk: Desk) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    desk.tap(".check-head .more-key")
    desk.tap("#sheet .asked-key")
    desk.find("#sheet").wait_for(state="hidden")
    desk.tap(".bar-keys .key")
    desk.wait(".tile.state-asked")
    assert desk.find(".tile").count() > 1
    desk.tap(".mine-key")
    desk.wait(".mine-key.chosen")
    assert desk.find(".tile").count() == 1
    assert no_sideways_scroll(desk)
    assert desk.complaints == []


def test_a_seat_that_was_chosen_stays_chosen_when_old_news_comes_in(desk: Desk) -> None:
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".check-head .places-key")
    desk.tap('.choice:has([value="seat-1"])')
    late: list[Route] = []

    def hold_up(route: Route) -> None:
        late.append(route)

    desk.page.route("**/places?*", hold_up)
    with desk.page.expect_request("**/places?*"):
        desk.tap(".put")
    desk.wait('.put .seats i:text-is("1")')
    desk.tap('.choice:has([value="seat-2"])')
    with desk.page.expect_response("**/places?*"):
        late[0].continue_()
    desk.page.unroute_all()
    desk.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping')")
    desk.tap(".put")
    desk.wait('.put .seats i:text-is("2")')
