"""Clock in, breaks, badges, the wait after wrong PINs, and attempts that were denied (T7)."""

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.commands.denials import denials
from comptoir.domain.house import MANAGER, SYSTEM, WAITER, Staff
from comptoir.domain.shift import Break, Shift, Timesheet
from comptoir.web.screens.clock import Presence
from tests.app.web.conftest import PINS, Screen
from tests.fakes.box import NOON_MS, StandingClock
from tests.fakes.till import HostTill

HOUR_MS = 3_600_000


@pytest.fixture
def clock(till: HostTill) -> StandingClock:
    return till.use_clock(StandingClock(NOON_MS))


def sheet(screen: Screen, staff: str = "lucas") -> Timesheet:
    found: Timesheet = screen.till.journal.state(f"shift:{staff}")
    return found


def test_a_shift_with_a_break_is_stamped(waiter: Screen) -> None:
    for what in ("in", "break", "back", "out"):
        assert f'value="{what}"' in waiter.get("/clock").text
        assert waiter.post("/clock", what=what).status_code == 204
    assert "Not at work" in waiter.get("/clock").text
    (shift,) = sheet(waiter).shifts
    assert len(shift.breaks) == 1


def test_the_hours_are_those_at_work() -> None:
    shift = Shift("s", NOON_MS, "2026-11-22", "t1", breaks=(Break(NOON_MS, NOON_MS + HOUR_MS),))
    now = Presence(Staff("lucas"), Timesheet("lucas", (shift,)), NOON_MS + 3 * HOUR_MS)
    assert (now.now, now.worked(shift)) == ("in", "2:00")


def test_a_stamp_that_does_not_follow_is_refused(waiter: Screen) -> None:
    assert waiter.post("/clock", what="out").status_code == 409
    assert waiter.post("/clock", what="nonsense").status_code == 409


def boss(screen: Screen) -> Screen:
    person = SetStaff("english", "li-wei", "Li Wei", MANAGER, language="en")
    screen.till.desk.run(person, Actor("test", SYSTEM))
    return screen.sign_in("li-wei")


def test_a_manager_sees_and_stamps_everybody_and_a_waiter_nobody_else(screen: Screen) -> None:
    screen.sign_in("lucas")
    assert "Everybody" not in screen.get("/clock").text
    refused = screen.post("/clock", what="in", staff="wang-fang")
    assert refused.status_code == 403
    boss(screen).post("/clock", what="in", staff="lucas")
    assert sheet(screen).open_shift is not None
    assert "Everybody" in screen.get("/clock").text


def test_a_badge_signs_in_without_a_tap(screen: Screen) -> None:
    badge = SetStaff("badge", "lucas", "Lucas Petit", WAITER, badge="00004711")
    screen.till.desk.run(badge, Actor("test", SYSTEM))
    assert screen.post("/sign-in", badge="00004711").location == "/floor"
    assert screen.post("/sign-in", badge="00004712").status_code == 403


def test_a_wrong_pin_is_told_on_the_pad_which_keeps_the_name(screen: Screen) -> None:
    screen.post("/language", language="en")
    page = screen.post("/sign-in", staff="lucas", pin="0000").text
    assert "This PIN is not right" in page
    assert 'value="lucas" form="pin-form" checked' in page


def test_the_lock_out_says_how_long_to_wait(clock: StandingClock, screen: Screen) -> None:
    clock.ms += 1
    for _ in range(5):
        screen.post("/sign-in", staff="lucas", pin="0000")
    answer = screen.post("/sign-in", staff="lucas", pin=PINS["lucas"])
    assert answer.status_code == 429
    assert 'data-wait="5"' in answer.text


def test_denied_attempts_are_facts_that_a_manager_reads(screen: Screen) -> None:
    screen.post("/sign-in", staff="lucas", pin="0000")
    screen.sign_in("lucas").post("/approval", command="ab" * 16, pin=PINS["sophie"])
    found = denials(screen.till.journal)
    assert [(one.what, one.staff, one.reason) for one in found] == [
        ("approve", "sophie", "not-allowed"),
        ("sign_in", "lucas", "pin-wrong"),
    ]
    assert "Refused lately" not in screen.get("/clock").text
    page = boss(screen).get("/clock").text
    assert "Wrong PIN at the sign-in · Lucas Petit" in page


def test_x5_whoever_clocks_out_is_asked_for_their_cash_tips_until_they_said(
    waiter: Screen,
) -> None:
    waiter.post("/clock", what="in")
    assert waiter.get("/clock/tips").status_code == 200
    out = waiter.post("/clock", what="out").headers["HX-Redirect"]
    assert 'hx-trigger="load"' in waiter.get(out).text
    said = waiter.post("/clock/tips", amount="1250")
    assert (said.status_code, said.headers["HX-Refresh"]) == (204, "true")
    page = waiter.get(out).text
    assert 'hx-trigger="load"' not in page
    assert "cash tips 12.50" in page
    assert waiter.post("/clock/tips", amount="-1").status_code == 400


def test_x5_a_manager_corrects_cash_tips_on_the_report_and_nobody_else_does(
    screen: Screen,
) -> None:
    screen.sign_in("lucas")
    screen.post("/clock", what="in")
    screen.post("/clock/tips", amount="1250")
    shift = sheet(screen).shifts[0].id
    asked = f"/clock/tips?staff=lucas&shift={shift}"
    manager = boss(screen)
    assert "€12.50" in manager.get("/manager/people").text
    assert "€12.50" in manager.get(asked).text
    manager.post("/clock/tips", staff="lucas", shift=shift, amount="1300")
    assert "€13.00" in manager.get("/manager/people").text
    assert manager.get("/clock/tips?staff=nobody").status_code == 409
    screen.sign_in("wang-fang")
    assert screen.get(asked).status_code == 403
    assert screen.post("/clock/tips", staff="lucas", amount="1").status_code == 403
    assert sheet(screen).shifts[0].tips == 1300
