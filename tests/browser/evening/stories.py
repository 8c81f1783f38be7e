"""What is played by touch in the evening: each story is one waiter at one terminal's screen."""

import re

from tests.browser.conftest import Desk
from tests.browser.evening.house import MANAGERS_PIN, Person

WRONG_PIN = "9999"
COOK, COOKS_PIN = "chen-qiang", "5678"
COURSES = 3


def sign_in(desk: Desk, staff: str, pin: str, *wrong_first: str, home: str = "**/floor") -> None:
    """Tap a name and a PIN; wrong ones before it are told on the pad."""
    desk.go("/")
    for code in (*wrong_first, pin):
        desk.tap(f'.person:has([value="{staff}"])')
        for digit in code:
            desk.tap(f'.pin [data-key="{digit}"]')
        desk.tap(".pin .primary")
        if code in wrong_first:
            desk.wait(".pin .told")
    desk.page.wait_for_url(home)


def sign_out(desk: Desk) -> None:
    """Leave the screen to the next one."""
    desk.tap(".bar-user button")
    desk.page.wait_for_url(re.compile(r":\d+/$"))


def seat(desk: Desk, table: str, covers: int) -> str:
    """Open a table that is free; returns its check."""
    desk.tap(f'.tile[data-table="{table}"]')
    desk.tap(f'#sheet [name="covers"][value="{covers}"]')
    desk.page.wait_for_url("**/checks/*")
    return desk.page.url.rsplit("/", 1)[1]


def back_to(desk: Desk, table: str) -> None:
    """Open the check of a table that somebody sits at."""
    desk.tap(f'.tile[data-table="{table}"]')
    desk.page.wait_for_url("**/checks/*")


def add(desk: Desk, dishes: int) -> None:
    """Tap so many dishes that need no choice."""
    for number in range(dishes):
        desk.add(number)


def send(desk: Desk) -> None:
    """Send what waits to the kitchen."""
    desk.tap(".actions .send")
    desk.find(".line.unsent").first.wait_for(state="detached")


def to_floor(desk: Desk) -> None:
    """Go back to the tables."""
    desk.tap('.bar-keys [href="/floor"]')
    desk.page.wait_for_url("**/floor")


def open_places(desk: Desk) -> None:
    """Look at the check by seats and courses."""
    desk.tap(".check-head .places-key")
    desk.wait(".put")


def to_check(desk: Desk) -> None:
    """Go back to the check."""
    desk.tap('.bar-keys [href^="/checks/"]')
    desk.wait("#panel .check")


def leave(desk: Desk) -> None:
    """Go back to the tables and sign out."""
    to_floor(desk)
    sign_out(desk)


def to_pay(desk: Desk) -> None:
    """Ask for the bill."""
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")


def pay_exact(desk: Desk) -> None:
    """Take exactly what is due, in cash."""
    to_pay(desk)
    desk.tap(".exact")
    desk.page.wait_for_url("**/paid*")


def approve(desk: Desk, *pins: str) -> None:
    """Let the manager type a PIN over the waiter's screen; the wrong ones are told there."""
    desk.wait("#approval[open] [data-approve]")
    for pin in pins:
        for digit in pin:
            desk.tap(f'#approval [data-key="{digit}"]')
        desk.tap("#approval [data-approve]")
        if pin != pins[-1]:
            desk.wait("#approval .warn:not(:empty)")


def void_after_fire(desk: Desk) -> None:
    """Void the first dish, which the kitchen has; a wrong manager's PIN is tried first."""
    desk.tap(".line.sent")
    desk.tap("#sheet[open] .danger")
    approve(desk, WRONG_PIN, MANAGERS_PIN)
    desk.wait(".line.voided")


def comp(desk: Desk) -> None:
    """Give the last dish away, approved by the manager."""
    desk.find(".line.sent").last.tap()
    desk.tap('#sheet [hx-get$="/comp"]')
    desk.tap('#sheet [name="reason"]')
    approve(desk, MANAGERS_PIN)
    desk.wait('.line .status:text("given")')


def train(desk: Desk, person: Person, table: str) -> None:
    """Let a waiter practise: a whole sale that counts nowhere."""
    sign_in(desk, person.id, person.pin)
    desk.tap('.bar-keys [href="/money"]')
    desk.tap('[action="/training/begin"] .key')
    desk.page.wait_for_url("**/floor")
    seat(desk, table, 2)
    add(desk, 2)
    pay_exact(desk)
    desk.wait('.training b:text("TRAINING")')
    desk.tap(".training .key")
    desk.page.wait_for_url("**/floor")
    sign_out(desk)


def order_banquet(desk: Desk, table: str) -> str:
    """Seat ten, order nine dishes, put two of the first course into the last; return the check."""
    check = seat(desk, table, 10)
    add(desk, 9)
    open_places(desk)
    desk.tap(f'.choice:has([value="course-{COURSES}"])')
    for _ in range(2):
        dishes = desk.find(".course").first.locator(".put")
        count = dishes.count()
        dishes.last.tap()
        dishes.nth(count - 1).wait_for(state="detached")
    assert desk.find(".course").count() == COURSES + 1, "what comes at once, and three courses"
    return check


def fire_next(desk: Desk) -> None:
    """Fire the next course; what was fired before stays."""
    fired = desk.find(".put .is-fired").count()
    desk.tap(".fire-next")
    desk.wait(f".put .is-fired >> nth={fired}")


def order_for_eleven(desk: Desk, table: str) -> str:
    """Seat eleven, order eleven dishes, one for each of ten seats and one for all; send them."""
    check = seat(desk, table, 11)
    add(desk, 11)
    open_places(desk)
    for guest in range(1, 11):
        desk.tap(f'.choice:has([value="seat-{guest}"])')
        desk.tap(".put", guest - 1)
        desk.wait(f'.put .seats i:text-is("{guest}")')
    to_check(desk)
    send(desk)
    return check


def split_in_four_ways(desk: Desk) -> None:
    """Split by seats in four; then one part by dish, one evenly by three, one by an amount."""
    desk.tap(".check-head .split-key")
    desk.tap('.ways [hx-get*="seats"]')
    desk.wait(".share-row >> nth=10")
    for guest in range(11):
        payer = guest // 3
        if guest != payer:
            desk.find(".share-row").nth(guest).locator(".cell").nth(payer).tap()
    desk.tap(".split-foot .primary")
    desk.wait(".part >> nth=3")
    _split_by_dish(desk, "4+5+6")
    _split_evenly(desk, "7+8+9")
    _split_by_amount(desk, "10+11")


def _open_part(desk: Desk, name: str, way: str) -> None:
    part = desk.find(f'.part:has(b:text-is("{name}"))')
    part.locator('[hx-get*="of="]').tap()
    desk.tap(f'.ways [hx-get*="how={way}"]')


def _split_by_dish(desk: Desk, name: str) -> None:
    _open_part(desk, name, "items")
    desk.wait(".share-row")
    desk.find(".share-row").nth(0).locator(".cell").nth(0).tap()
    desk.find(".share-row").nth(1).locator(".cell").nth(1).tap()
    desk.tap(".split-foot .primary")
    desk.wait(f'.part b:text-is("{name}a")')


def _split_evenly(desk: Desk, name: str) -> None:
    _open_part(desk, name, "even")
    desk.tap('[name="parts"][value="3"]')
    desk.wait(f'.part b:text-is("{name}c")')


def _split_by_amount(desk: Desk, name: str) -> None:
    _open_part(desk, name, "amounts")
    desk.wait("[data-amount]")
    for key in ("5", "00"):
        desk.tap(f'.keypad [data-key="{key}"]')
    desk.tap("[data-take]")
    desk.wait(f'.part b:text-is("{name}b")')


def pay_parts(desk: Desk) -> int:
    """Pay every part that is left, the first one by card; returns how many there were."""
    parts = 0
    while desk.find(".part .primary").count():
        desk.tap(".part .primary")
        desk.page.wait_for_url(re.compile(r"/pay\?part="))
        if parts:
            desk.tap(".exact")
        else:
            ask_for_card(desk)
            receive(desk)
        desk.page.wait_for_url(re.compile(r"/(paid|split)"))
        desk.wait(".paid, .parts")
        parts += 1
    return parts


def ask_for_card(desk: Desk) -> None:
    """Say that a card is to be charged; the intent is written before it is."""
    desk.tap('[data-way="card"]')
    desk.page.wait_for_url("**/payments/*")


def receive(desk: Desk) -> None:
    """Type what stands on the slip, and say that the money came."""
    for letter in "4711":
        desk.tap(f'[data-type="{letter}"]')
    desk.tap("[data-received]")


def close_day(desk: Desk, terminal: str) -> str:
    """Close a terminal's day as the manager; returns what the Z says."""
    desk.go(f"/day?terminal={terminal}")
    desk.tap(".tools .primary")
    desk.wait("#sheet[open] .primary")
    desk.tap("#sheet .primary")
    desk.page.wait_for_url(f"**/day/z/{terminal}/*")
    return desk.find(".report .huge").inner_text()


def say_received(desk: Desk) -> str:
    """Answer the question about money that a dead terminal was taking; returns the question."""
    desk.wait(".banner .said")
    asked = desk.find(".banner .said").inner_text()
    desk.tap('.banner [name="received"][value="yes"]')
    desk.find(".banner").wait_for(state="detached")
    return asked


def clear_the_pass(desk: Desk) -> None:
    """Let the cook say of every ticket that it is ready."""
    sign_in(desk, COOK, COOKS_PIN, home="**/kitchen")
    while count := desk.find(".ticket").count():
        desk.tap(".ticket > .key")
        desk.find(".ticket").nth(count - 1).wait_for(state="detached")
    sign_out(desk)


def sign_out_of_report(desk: Desk) -> None:
    """Leave a report by its key, and the screen."""
    desk.tap('.tools [href="/floor"]')
    desk.page.wait_for_url("**/floor")
    sign_out(desk)
