"""A tablet goes on at the next terminal by a pass: believed by any peer, soon, and once (F2)."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from comptoir.bus.wire import Newest, Safety, pack_json
from comptoir.commands import Actor, AdmitTerminal, RetireTerminal, SetStaff
from comptoir.commands.steered_clock import SteeredClock
from comptoir.domain.house import SYSTEM, WAITER
from comptoir.web.screens.next_terminal import LIFE_MS, Pass, issue
from tests.app.web.conftest import Screen
from tests.fakes.box import BoxMaker
from tests.fakes.till import HostTill

PEERS = {"t2": "192.0.2.7:8080", "t3": "[2001:db8::3]:8080", "t4": "127.0.0.1:9"}
TABLET = {"REMOTE_ADDR": "192.0.2.99"}
ROOT = Actor("test", SYSTEM)


def tell_where(till: HostTill) -> None:
    report = Safety({}, {}, {}, [], 1, Newest(0, 0), screens=PEERS)
    till.safety.update(pack_json(report))


def news(screen: Screen, **environ: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(screen.get("/moving", environ_base=environ).data)
    return found


def arrive(till: HostTill, shown: str, **headers: str) -> tuple[Screen, TestResponse]:
    """Show a pass from a browser that has no session and speaks English."""
    screen = Screen(till, till.app().test_client())
    screen.client.set_cookie("comptoir_language", "en")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return screen, screen.client.post("/arrive", data={"pass": shown}, headers=named)


def test_a_tablet_learns_where_the_others_are_and_may_ask_them(waiter: Screen) -> None:
    tell_where(waiter.till)
    everywhere = [f"http://{at}" for at in sorted(PEERS.values())]
    assert news(waiter, **TABLET)["to"] == everywhere
    policy = waiter.get("/floor", environ_base=TABLET).headers["Content-Security-Policy"]
    assert policy.endswith(f"; connect-src 'self' {' '.join(everywhere)}")


def test_the_terminals_own_screen_stays_where_it_is(waiter: Screen) -> None:
    tell_where(waiter.till)
    assert news(waiter)["to"] == ["http://127.0.0.1:9"]  # a restaurant on one computer


def test_nobody_who_is_not_signed_in_gets_a_pass(screen: Screen) -> None:
    assert screen.get("/moving").status_code == 302
    assert screen.get("/moving/alive").status_code == 204


def test_a_pass_signs_in_once(waiter: Screen) -> None:
    shown = news(waiter)["pass"]
    app = waiter.till.app()
    first, second = (Screen(waiter.till, app.test_client()) for _ in range(2))
    answer = first.client.post("/arrive", data={"pass": shown})
    assert answer.status_code == 200
    assert "You go on at Bar" in json.loads(answer.data)["said"]
    assert "Lucas" in first.get("/floor").text
    assert json.loads(answer.data)["csrf"] == first.csrf()
    assert second.client.post("/arrive", data={"pass": shown}).status_code == 403
    assert second.get("/floor").status_code == 302


def test_a_pass_ages(waiter: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, old = news(waiter)["pass"], news(waiter)["pass"]
    now_ms = waiter.till.desk.clock.now_ms()
    monkeypatch.setattr(SteeredClock, "now_ms", lambda _: now_ms + LIFE_MS - 5_000)
    assert arrive(waiter.till, shown)[1].status_code == 200
    monkeypatch.setattr(SteeredClock, "now_ms", lambda _: now_ms + LIFE_MS + 5_000)
    screen, answer = arrive(waiter.till, old)
    assert (answer.status_code, "Sign in here" in answer.text) == (403, True)
    assert screen.get("/floor").status_code == 302


def test_a_session_does_not_live_longer_for_having_moved(
    waiter: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = waiter.till
    screen, _ = arrive(till, news(waiter)["pass"])
    end_ms = till.desk.clock.now_ms() + 16 * 3600 * 1000
    assert screen.get("/floor").status_code == 200
    monkeypatch.setattr(SteeredClock, "now_ms", lambda _: end_ms)
    assert screen.get("/floor").status_code == 302


def test_a_pass_of_who_left_counts_no_more(waiter: Screen) -> None:
    shown = news(waiter)["pass"]
    gone = SetStaff("gone", "lucas", "Lucas Petit", WAITER, active=False)
    waiter.till.desk.run(gone, ROOT)
    assert arrive(waiter.till, shown)[1].status_code == 403


def test_a_pass_of_another_terminal_counts_until_that_is_retired(
    till: HostTill, make_box: BoxMaker
) -> None:
    box, now_ms = make_box("t2", letter="B"), till.desk.clock.now_ms()
    made = [Pass("t2", "lucas", name, now_ms + LIFE_MS, now_ms + LIFE_MS) for name in "abc"]
    stranger, one, late = (issue(each, box.signer) for each in made)
    assert arrive(till, stranger)[1].status_code == 403
    till.desk.run(AdmitTerminal("admit", box.card), ROOT)
    assert arrive(till, one)[1].status_code == 200
    till.desk.run(RetireTerminal("out", "t2", "stolen"), ROOT)
    assert arrive(till, late)[1].status_code == 403


@pytest.mark.parametrize("shown", ["", "cp1", "cp1.e30.e30", "x" * 5000])
def test_what_is_no_pass_signs_nobody_in(till: HostTill, shown: str) -> None:
    assert arrive(till, shown)[1].status_code == 403


def test_a_session_or_an_approval_is_no_pass(waiter: Screen) -> None:
    cookie = waiter.client.get_cookie("comptoir_80")
    assert cookie is not None
    assert arrive(waiter.till, cookie.value.replace("cs1.", "cp1."))[1].status_code == 403


def test_another_site_cannot_sign_anybody_in(waiter: Screen) -> None:
    shown = news(waiter)["pass"]
    assert arrive(waiter.till, shown, Sec_Fetch_Site="cross-site")[1].status_code == 403


def test_in_training_nobody_moves(waiter: Screen) -> None:
    assert "next-terminal.js" in waiter.get("/floor").text
    waiter.post("/training/begin")
    assert "next-terminal.js" not in waiter.get("/floor").text
