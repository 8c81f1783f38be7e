"""Money at the screen, by touch: tenders, tips, questions, drawers, the day."""

import pytest

from tests.browser.conftest import DISPLAYS, Desk
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
