"""Barcodes, PINs and forms as nobody would send them: one line for the person, never a fault."""

import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from comptoir.commands import Actor, AddLine, IntendPayment, OpenCheck
from comptoir.domain.house import MANAGER
from tests.app.web.conftest import Screen
from tests.fakes.till import HostTill

EXAMPLES, ROUNDS = 12, 3  # a round asks every screen once
BOSS = Actor("li-wei", MANAGER)
ENDLESS = {"live.live", "display.follow_live", "static"}
OPEN_TO_ALL = {"sign_in.enter", "sign_in.leave", "sign_in.speak"}
KNOWN = ("c1", "l1", "l2", "p1", "hall-3", "har-gow-steamed", "noodle", "lucas", "hot", "t1")
NAMES = (
    "command", "check", "payment", "amount", "tendered", "qty", "typed", "code", "pin", "staff",
    "line", "status", "station", "reason", "modifier", "modifier-spice", "variant", "note",
    "count", "table", "covers", "order_type", "way", "sale", "reference", "to", "text", "language",
    "have", "after", "view", "change", "instead", "tip", "part", "tender", "badge", "seat",
    "course", "name", "price", "date", "drawer", "account", "line-l1", "seats", "parts", "server",
)  # fmt: skip
ODD = (
    "", "0", "-1", "1" * 30, "1e9", "٣", "½", "\x00", "\ud800", "💶" * 20, "../..", "%", "%s%n",
    "' OR 1=1 --", "<b>", "NaN", "null", "9520000079192", "0000000000000", " 1234", "a" * 5000,
)  # fmt: skip
PART = re.compile(r"<(int:)?(\w+)>")
PARTS = (*KNOWN, "x", "💶")
values = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(ODD),
    st.integers(-5, 10**10).map(str),
    st.text(max_size=30),
    st.just("fresh").map(lambda _: uuid.uuid4().hex),
)
forms = st.dictionaries(st.sampled_from(NAMES), values, max_size=12)


@pytest.fixture(scope="module")
def till(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostTill]:
    folder = tmp_path_factory.mktemp("bad-forms")
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    till = HostTill(folder, safe_wait_ms=0)
    for command in (
        OpenCheck("o1", "c1", "eat_in", "hall-3"),
        AddLine("a1", "c1", "l1", "har-gow-steamed"),
        AddLine("a2", "c1", "l2", "har-gow-steamed", 2000),
        IntendPayment("i1", "c1", "p1", "cash", 100),
    ):
        till.desk.run(command, BOSS)
    yield till
    till.stop()


@pytest.fixture(scope="module")
def boss(till: HostTill) -> Screen:
    return Screen(till, till.app().test_client()).sign_in("li-wei")


def screens(screen: Screen, method: str) -> list[Rule]:
    found = screen.client.application.url_map.iter_rules()
    return [
        rule
        for rule in found
        if method in (rule.methods or ())
        and not rule.rule.startswith("/api/")
        and rule.endpoint not in ENDLESS | OPEN_TO_ALL
    ]


def address(rule: Rule, parts: dict[str, str]) -> str:
    def part(found: re.Match[str]) -> str:
        return "1" if found[1] else quote(parts[found[2]], safe="")

    return PART.sub(part, rule.rule)


def ask(screen: Screen, method: str, path: str, form: dict[str, str]) -> TestResponse:
    headers = {"HX-Request": "true"}
    if method == "GET":
        return screen.client.get(path, query_string=form, headers=headers)
    return screen.client.post(path, data=form, headers=headers)


def readable(text: str) -> str:
    """Return what a browser could send: it has no half characters."""
    return text.encode("utf-8", "replace").decode()


bounded = settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_form_of_any_screen_is_answered_by_a_fault(boss: Screen, method: str) -> None:
    csrf, rules = boss.csrf(), screens(boss, method)
    assert len(rules) > 15

    @settings(bounded, max_examples=ROUNDS)
    @given(st.data())
    def sent(data: st.DataObject) -> None:
        for rule in rules:
            form = {name: readable(value) for name, value in data.draw(forms).items()}
            parts = {name: data.draw(st.sampled_from(PARTS)) for name in rule.arguments}
            form |= {"csrf": csrf}
            if data.draw(st.booleans()):
                form["command"] = uuid.uuid4().hex
            path = address(rule, parts)
            answer = ask(boss, method, path, form)
            assert answer.status_code < 500, f"{method} {path} {form}: {answer.text[:300]}"
            assert "Traceback" not in answer.text

    sent()


@given(st.one_of(values, st.text("0123456789", min_size=1, max_size=9)))
@bounded
def test_no_pin_is_answered_by_a_fault(till: HostTill, pin: str) -> None:
    """D6: a wrong one is refused, after a few the door is shut for a while."""
    screen = Screen(till, till.app().test_client())
    answer = screen.post("/sign-in", staff="lucas", pin=readable(pin))
    assert answer.status_code in {302, 400, 403, 429}


@given(st.one_of(values, st.text("0123456789", min_size=6, max_size=14)))
@bounded
def test_no_barcode_is_answered_by_a_fault(boss: Screen, code: str) -> None:
    for path in ("/checks/c1/scan", "/counter/scan"):
        answer = boss.post(path, code=readable(code))
        assert answer.status_code in {200, 404, 409, 422}, answer.text


def test_after_all_that_the_till_still_sells(boss: Screen) -> None:
    assert boss.get("/counter").status_code == 200
    sale = uuid.uuid4().hex
    assert boss.post("/checks", check=sale, order_type="take_away").status_code == 204
    assert boss.post(f"/checks/{sale}/items/har-gow-steamed").status_code == 200
