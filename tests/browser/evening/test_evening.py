"""Forty tables, six waiters, three terminals, from the first guest to the Z; a death at 20:15.

The short evening has every table and the death, and few stories by touch; the long ones have all.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from comptoir.demo.oracle import Oracle
from comptoir.demo.witnesses import Survivor
from tests.browser.conftest import FIFTEEN_INCH, SEVEN_INCH, Desk, Display
from tests.browser.evening import house, sums
from tests.browser.evening.book import BANQUET, BY_TOUCH, ELEVEN
from tests.browser.evening.evening import KILLED, Evening
from tests.browser.evening.handheld import stay
from tests.browser.evening.house import MANAGER, TABLES, TERMINALS, WAITERS, House, wait_until
from tests.browser.evening.sums import Row

pytestmark = pytest.mark.browser
BUSY_MS = 60_000  # three terminals and their screens on one computer
SCREENS = {1: FIFTEEN_INCH, 2: SEVEN_INCH, 3: FIFTEEN_INCH}
ALL_WAYS = {"seats", "items", "even", "amounts"}
FIRINGS, PARTS_MIN = 4, 8
LEFT_OUT = ("check.line_added", "check.line_voided", "payment.taken")


@contextmanager
def opened(
    chromium: Browser, *, by_touch: bool
) -> Iterator[tuple[House, dict[int, Desk], dict[str, Desk]]]:
    """Open the house, a screen at each terminal, and for each waiter's hand if they want one."""
    with house.opened() as where, ExitStack() as stack:

        def desk(number: int, display: Display) -> Desk:
            context = chromium.new_context(viewport=display.viewport, has_touch=True)
            stack.callback(context.close)
            stay(context)
            opened = Desk(context.new_page(), where.address(number))
            opened.page.set_default_timeout(BUSY_MS)
            return opened

        desks = {number: desk(number, display) for number, display in SCREENS.items()}
        six = WAITERS if by_touch else ()
        yield where, desks, {one.id: desk(one.terminal, SEVEN_INCH) for one in six}


def of_kind(rows: Sequence[Row], *kinds: str) -> list[dict[str, Any]]:
    """Return the events of some kinds."""
    return [event for row in rows if (event := json.loads(row.payload))["kind"] in kinds]


def the_sums_can_fail(rows: Sequence[Row]) -> None:
    """Leave one event out, of each kind that is about money: the sums must notice (the control)."""
    for kind in LEFT_OUT:
        place = next(n for n, row in enumerate(rows) if json.loads(row.payload)["kind"] == kind)
        without = [*rows[:place], *rows[place + 1 :]]
        assert sums.faults(sums.added_up(without)), f"{kind} left out, and nobody noticed"


def the_screens_say_it(evening: Evening, rows: Sequence[Row]) -> None:
    """Compare what stands on the screen of each Z with the sales in it; nothing is left open."""
    for close in of_kind(rows, "day.closed"):
        body = close["body"]
        shown = re.sub(r"\D", "", evening.said[body["terminal"]])
        assert int(shown) == body["figures"].get("sales", 0)
        assert body.get("open_checks", []) == []
    assert len(evening.said) == TERMINALS


def void_and_comp_were_approved(rows: Sequence[Row], *, short: bool) -> None:
    """Expect the manager's name beside what a waiter may not do alone."""
    kinds = ("check.line_voided",) if short else ("check.line_voided", "check.line_comped")
    for kind in kinds:
        (event,) = of_kind(rows, kind)
        assert event["approver"] == MANAGER
        assert event["actor"] in {person.id for person in WAITERS}


def banquet_and_eleven(evening: Evening, rows: Sequence[Row]) -> None:
    """Expect a banquet in four firings, and eleven guests split in all four ways."""
    banquet, eleven = evening.checks[BANQUET], evening.checks[ELEVEN]
    fired = [e for e in of_kind(rows, "check.fired") if e["body"]["check"] == banquet]
    assert len(fired) == FIRINGS
    split = [e["body"]["how"] for e in of_kind(rows, "check.split") if e["body"]["check"] == eleven]
    assert set(split) == ALL_WAYS
    paid = [e for e in of_kind(rows, "payment.taken") if e["body"]["check"] == eleven]
    assert len(paid) == evening.parts >= PARTS_MIN
    opened_there = [e for e in of_kind(rows, "check.opened") if e["body"]["table"] == ELEVEN]
    assert len(opened_there) == 1, "what was sold there in training is nowhere"


def everything_promised_is_held(where: House, living: Sequence[int]) -> None:
    """Ask those who are left for every fact that a waiter was told is SAFE."""
    with ExitStack() as stack:
        token = where.restaurant.access.manager
        clients = [stack.enter_context(closing(where.client(n, token))) for n in living]
        witnesses = [Survivor(client) for client in clients]
        assert Oracle(where.promises, lambda: witnesses).ask_all() == 0
    assert 0 < where.promises.safe <= where.promises.acknowledged


def the_dead_one_cost_nothing(evening: Evening, held: Mapping[int, Sequence[Row]]) -> None:
    """Compare the dead terminal's disk with the survivors; then let it come back."""
    where = evening.house
    disk, safe = sums.rows(where.journal(KILLED)), dict(evening.safe_at_death)
    promised = [row for row in disk if row.seq <= safe.get(row.log, 0)]
    assert any(row.terminal == f"t{KILLED}" for row in promised)
    for rows in held.values():
        assert sums.lost(disk, safe, rows) == []
        assert sums.lost(disk, safe, [row for row in rows if row != promised[-1]]), "the control"
    assert evening.moved, "no table was carried on elsewhere"
    (answered,) = of_kind(held[1], "payment.answered")
    assert (answered["terminal"], answered["body"]["received"]) == ("t1", "yes")
    closed = of_kind(held[1], "day.closed")
    where.terminal(KILLED).switch_on()
    wait_until(lambda: evening.agree([1, 2, 3]), "the one that came back holds what all hold")
    after = sums.rows(where.journal(KILLED))
    assert of_kind(after, "day.closed") == closed, "a Z never changes"
    assert sums.unpaid(sums.added_up(after)) == []


def summary(evening: Evening, rows: Sequence[Row]) -> str:
    """Return the evening in a line."""
    books = sums.added_up(rows)
    taps = sum(desk.taps for desk in (*evening.desks.values(), *evening.pages.values()))
    answered = sum(waiter.answered for waiter in evening.waiters)
    sales = sum(books.sale(check) for check in books.lines)
    return (
        f"{len(books.lines)} checks, {len(rows)} events, sales {sales}, {taps} taps, "
        f"{answered} commands by the API, promised {evening.house.promises.acknowledged}, "
        f"safe {evening.house.promises.safe}, lost 0, tables moved {len(evening.moved)}, "
        f"{evening.seconds:.0f} s"
    )


def what_was_tapped_is_there(evening: Evening, rows: Sequence[Row]) -> None:
    """Compare the dishes of every check with those that its waiter tapped."""
    added = Counter(event["body"]["check"] for event in of_kind(rows, "check.line_added"))
    tapped = {
        check: dishes for one in evening.handhelds.values() for check, dishes in one.dishes.items()
    }
    assert len(tapped) == TABLES - len({BANQUET, ELEVEN, *BY_TOUCH.values()})
    assert {check: added[check] for check in tapped} == tapped


@pytest.mark.parametrize(
    ("kills", "short", "by_touch"),
    [
        pytest.param(True, True, False, id="short"),
        pytest.param(False, False, False, id="whole", marks=pytest.mark.long),
        pytest.param(True, False, False, id="one-killed", marks=pytest.mark.long),
        pytest.param(False, False, True, id="by-touch", marks=pytest.mark.long),
        pytest.param(True, False, True, id="by-touch-one-killed", marks=pytest.mark.long),
    ],
)
def test_an_evening_ends_in_zs_that_are_the_sums_of_its_events(
    chromium: Browser, kills: bool, short: bool, by_touch: bool
) -> None:
    with opened(chromium, by_touch=by_touch) as (where, desks, pages):
        evening = Evening(where, desks, kills=kills, short=short, pages=pages)
        with closing(evening):
            evening.play()
            evening.finish()
        living = [1, 3] if kills else [1, 2, 3]
        held = {number: sums.rows(where.journal(number)) for number in living}
        for number, rows in held.items():
            assert sums.faults(sums.added_up(rows)) == [], f"the events on terminal {number}"
            assert rows == held[1], f"terminals 1 and {number} hold the same"
        the_sums_can_fail(held[1])
        the_screens_say_it(evening, held[1])
        if by_touch:
            what_was_tapped_is_there(evening, held[1])
        else:
            everything_promised_is_held(where, living)
        void_and_comp_were_approved(held[1], short=short)
        if not short:
            banquet_and_eleven(evening, held[1])
            assert len({e["body"]["table"] for e in of_kind(held[1], "check.opened")}) == TABLES
        if kills:
            the_dead_one_cost_nothing(evening, held)
        for number in (1, 3):
            refused = [said for said in desks[number].complaints if "403" not in said]
            assert refused == [], "but for wrong PINs and what needs approval"
        sys.stdout.write(f"\n{summary(evening, held[1])}\n")
