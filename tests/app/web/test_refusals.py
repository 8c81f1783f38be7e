"""T7: who is refused for want of permission leaves a fact, which the manager's screen shows."""

import pytest

from comptoir.commands.denials import denials
from comptoir.domain.house import MANAGER
from comptoir.web.refusals import AGAIN_MS, KEYS_MAX, Noted
from tests.app.web.api.conftest import Caller
from tests.app.web.conftest import Screen
from tests.fakes.box import StandingClock
from tests.fakes.till import HostTill


@pytest.fixture
def clock(till: HostTill) -> StandingClock:
    return till.use_clock(StandingClock())


def kept(screen: Screen) -> list[tuple[str, str, str]]:
    return [(one.what, one.staff, one.reason) for one in denials(screen.till.journal)][::-1]


def test_a_screen_a_command_and_a_report_that_a_role_may_not_leave_their_facts(
    clock: StandingClock, waiter: Screen
) -> None:
    assert clock.now_ms()
    assert waiter.get("/day").status_code == 403
    assert waiter.get("/manager/money").status_code == 403
    assert waiter.post("/office/house", name="Mine").status_code == 403
    assert kept(waiter) == [
        ("act", "lucas", "GET /day"),
        ("act", "lucas", "GET /manager/money"),
        ("act", "lucas", "POST /office/house"),
    ]
    waiter.sign_in("chen-qiang")
    assert waiter.post("/checks", check="c1", table="hall-3", covers=2).status_code == 403
    assert kept(waiter)[-1] == ("act", "chen-qiang", "POST /checks")
    page = waiter.sign_in("li-wei").get("/clock").text
    assert "POST /office/house" in page


def test_d17_a_program_that_asks_for_what_its_role_may_not_leaves_its_fact_too(
    till: HostTill,
) -> None:
    caller = Caller(till, "lucas")
    body = {"name": "Lucas", "role": MANAGER, "pin": "4567"}
    assert caller.put("/staff/lucas", body).status_code == 403
    (found,) = denials(till.journal)
    assert (found.what, found.staff, found.reason) == (
        "act",
        "lucas",
        "PUT /api/v1/staff/<staff>",
    )


def test_the_same_refusal_is_kept_once_a_minute(clock: StandingClock, waiter: Screen) -> None:
    for _ in range(3):
        waiter.get("/day")
    assert len(kept(waiter)) == 1
    clock.ms += AGAIN_MS
    waiter.get("/day")
    assert len(kept(waiter)) == 2


def test_what_needs_an_approval_is_a_question_and_no_refusal(waiter: Screen) -> None:
    check = waiter.open_check()
    waiter.add(check)
    response = waiter.post(f"/checks/{check}/discount", ppm=100_000, reason="x")
    assert response.status_code == 403
    assert kept(waiter) == []


def test_it_forgets_the_oldest_ones() -> None:
    noted = Noted()
    assert all(noted.fresh(("anna", str(i)), 0) for i in range(KEYS_MAX + 1))
    assert noted.fresh(("anna", "0"), 1)
    assert not noted.fresh(("anna", str(KEYS_MAX)), 1)
