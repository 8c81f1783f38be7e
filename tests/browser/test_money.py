"""Money at the screen, by touch: tenders, tips, questions, drawers, the day."""

import re

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import MANAGER, SYSTEM, WAITER
from tests.browser.conftest import DISPLAYS, PHONE, PINS, SEVEN_INCH, Desk
from tests.fakes.box import StandingClock
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser


def ordered(desk: Desk, dishes: int = 2) -> None:
    desk.sign_in()
    desk.open_table()
    for i in range(dishes):
        desk.add(i)
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")


def type_amount(desk: Desk, minor: int, inside: str = "") -> None:
    for digit in str(minor):
        desk.tap(f'{inside} .keypad [data-key="{digit}"]')


def keyboard(desk: Desk, text: str) -> None:
    for letter in text:
        desk.tap(f'[data-type="{letter}"]')


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_card_with_tip_then_cash_then_a_tip_kept_of_the_change(desk: Desk, till: HostTill) -> None:
    ordered(desk)
    type_amount(desk, 1000)
    desk.tap('[data-way="card"]')
    desk.page.wait_for_url("**/payments/*")
    assert desk.find("[data-received]").is_disabled()
    keyboard(desk, "7f3")
    desk.tap(".tips .choice", 2)
    desk.wait('[data-show="sum"]:text("11.00")')
    desk.tap("[data-received]")
    desk.page.wait_for_url("**/pay")
    desk.tap(".tenders .note", 2)
    desk.page.wait_for_url("**/paid")
    assert desk.find("[data-change]").inner_text() != "€0.00"
    desk.tap(".tip-key")
    desk.wait("#sheet[open] .tips")
    desk.tap("#sheet .tips .key:last-child")
    desk.wait('[data-change="0"]')
    (check,) = till.journal.states("check")
    card, cash = check.payments
    assert (card.amount, card.tip, card.reference) == (1000, 100, "7f3")
    assert cash.tip == cash.change > 0
    assert desk.complaints == []


def test_an_account_is_named_on_the_keyboard_of_the_screen(desk: Desk, till: HostTill) -> None:
    ordered(desk)
    desk.tap('[data-way="house_account"]')
    desk.wait("#sheet[open] .keyboard")
    keyboard(desk, "dupont")
    desk.tap("#sheet .primary")
    desk.page.wait_for_url("**/payments/*")
    desk.tap("[data-received]")
    desk.page.wait_for_url("**/paid")
    (check,) = till.journal.states("check")
    assert (check.state, check.payments[0].account) == ("settled", "dupont")
    assert desk.complaints == []


@pytest.mark.parametrize("display", [PHONE])
def test_the_keyboard_of_the_screen_fits_on_a_phone(desk: Desk) -> None:
    ordered(desk, 1)
    desk.tap('[data-way="house_account"]')
    desk.wait("#sheet[open] .keyboard")
    keys = desk.page.eval_on_selector_all(
        "#sheet .keyboard .key:not(.digits-only)",
        "keys => keys.map(key => key.getBoundingClientRect()).map(box => [box.left, box.right])",
    )
    assert len(keys) == 38
    assert all(left >= 0 and right <= PHONE.width for left, right in keys)


def sold_and_returned(desk: Desk) -> None:
    ordered(desk)
    desk.tap(".exact")
    desk.page.wait_for_url("**/paid")
    desk.go("/money")
    desk.tap('[href="/sales"]')
    desk.tap(".sold")
    desk.page.wait_for_url("**/sales/*")
    desk.tap("[data-return]")
    desk.wait('#worth:not(:text("€0.00"))')


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_a_return_is_approved_by_a_manager_without_leaving_the_screen(
    desk: Desk, till: HostTill
) -> None:
    sold_and_returned(desk)
    desk.tap('[name="reason"]')
    desk.wait("#approval[open]")
    for wrong in ("1111", PINS["li-wei"]):
        for digit in wrong:
            desk.tap(f'#approval [data-key="{digit}"]')
        desk.tap("#approval [data-approve]")
        if wrong == "1111":
            desk.wait("#approval .warn:not(:empty)")
    desk.wait(".give-back")
    desk.wait(".back-lines .hint")
    (check,) = till.journal.states("check")
    (payment,) = check.payments
    assert payment.refunded > 0
    refunded = [e for e in till.journal.events(f"check:{check.id}") if e.envelope.approver]
    assert {e.envelope.approver for e in refunded} == {"li-wei"}
    assert all("403" in said for said in desk.complaints), "but for the refusals themselves"


def test_a_managers_badge_approves_too(desk: Desk, till: HostTill) -> None:
    badge = SetStaff("b", "li-wei", "Li Wei", MANAGER, badge="BADGE4711")
    till.desk.run(badge, Actor("test", SYSTEM))
    sold_and_returned(desk)
    desk.tap('[name="reason"]')
    desk.wait("#approval[open]")
    desk.scan("BADGE4711")
    desk.wait(".back-lines .hint")


@pytest.fixture
def clock(till: HostTill) -> StandingClock:
    return till.use_clock(StandingClock(till.desk.clock.now_ms()))


def test_what_was_begun_here_and_never_ended_is_asked_about(
    clock: StandingClock, desk: Desk, till: HostTill
) -> None:
    ordered(desk, 1)
    desk.tap('[data-way="card"]')
    desk.page.wait_for_url("**/payments/*")
    (check,) = till.journal.states("check")
    clock.ms += 5 * 60_000
    desk.go("/money")
    desk.wait(".works .alarm")
    desk.tap('.works [href="/questions"]')
    desk.tap(".question a")
    desk.page.wait_for_url("**/payments/*")
    desk.tap(".verdicts .danger")
    desk.page.wait_for_url("**/pay")
    assert till.journal.state(f"check:{check.id}").payments[0].status == "cancelled"
    assert desk.complaints == []


@pytest.mark.parametrize("display", [SEVEN_INCH, PHONE], ids=["800x480", "phone"])
def test_a_question_on_the_floor_covers_no_table(clock: StandingClock, desk: Desk) -> None:
    ordered(desk, 1)
    desk.tap('[data-way="card"]')
    desk.page.wait_for_url("**/payments/*")
    clock.ms += 5 * 60_000
    desk.go("/floor")
    desk.wait(".banner")
    desk.find(".tile[data-table]").last.tap()
    desk.wait("#sheet[open]")
    desk.go("/floor")
    desk.wait(".banner")
    desk.tap(".takeaway form .primary")
    desk.page.wait_for_url("**/checks/*")


def count_pieces(desk: Desk, **pieces: int) -> None:
    for value, count in pieces.items():
        desk.tap(f'.coin:has([value="{value[1:]}"])')
        for digit in str(count):
            desk.tap(f'.keypad [data-key="{digit}"]')


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_a_drawer_and_a_day_from_float_to_z(desk: Desk, till: HostTill) -> None:
    desk.sign_in("li-wei")
    desk.go("/drawers")
    desk.tap('[href="/drawers/open"]')
    desk.wait(".coins")
    count_pieces(desk, p1000=10, p100=25)
    desk.wait('[data-sum-of-coins]:text("125.00")')
    desk.tap(".count-side .primary")
    desk.page.wait_for_url(re.compile(r"/drawers/\w{32}$"))
    drawer = desk.page.url
    desk.go("/floor")
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")
    desk.tap(".exact")
    desk.page.wait_for_url("**/paid")
    desk.page.goto(drawer)
    desk.tap('[hx-get$="/move/drop"]')
    desk.wait("#sheet[open] .keypad")
    type_amount(desk, 5000, "#sheet")
    desk.tap("#sheet .stack .key")
    desk.wait(".tally tr:nth-child(2) td")
    desk.tap('[href$="/count"]')
    desk.wait(".coins")
    count_pieces(desk, p1000=5, p500=1, p100=26, p50=1)
    desk.tap(".count-side .primary")
    desk.wait(".tools form .primary")
    desk.tap(".tools form .primary")
    desk.wait(".huge.over")
    (closing,) = till.journal.state(f"drawer:{drawer.rsplit('/', 1)[1]}").closings
    assert (closing.over, closing.number) == (0, 1)
    desk.go("/day")
    desk.tap(".tools .primary")
    desk.wait("#sheet[open] .primary")
    desk.tap("#sheet .primary")
    desk.page.wait_for_url("**/day/z/t1/1")
    assert "6.50" in desk.find(".report").inner_text()
    assert desk.complaints == []


def test_a_badge_signs_in_and_wrong_pins_are_told_on_the_pad(desk: Desk, till: HostTill) -> None:
    badge = SetStaff("b", "lucas", "Lucas Petit", WAITER, badge="BADGE4711")
    till.desk.run(badge, Actor("test", SYSTEM))
    desk.go("/")
    desk.tap('.person:has([value="lucas"])')
    for digit in "0000":
        desk.tap(f'.pin [data-key="{digit}"]')
    desk.tap(".pin .primary")
    desk.wait(".pin .told")
    desk.scan("BADGE4711")
    desk.page.wait_for_url("**/floor")
    desk.go("/clock")
    desk.tap(".verdicts .primary")
    desk.wait('.verdicts [value="out"]')
    assert till.journal.state("shift:lucas").open_shift is not None


def test_training_is_marked_and_ends_where_it_began(desk: Desk, till: HostTill) -> None:
    desk.sign_in()
    desk.go("/money")
    desk.tap('[action="/training/begin"] .key')
    desk.page.wait_for_url("**/floor")
    desk.open_table()
    desk.add(0)
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")
    desk.wait('.training b:text("TRAINING")')
    desk.tap(".exact")
    desk.page.wait_for_url("**/paid")
    assert till.journal.states("check") == [], "nothing of it is in the journal"
    desk.tap(".training .key")
    desk.page.wait_for_url("**/floor")
    assert desk.find(".training").count() == 0
    assert desk.complaints == []
