"""What becomes of ordered dishes on the screen: more, fewer, changed, voided, taken back, sent."""

import pytest

from comptoir.commands import Bump
from comptoir.domain.check import Check
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS


@pytest.fixture
def check(waiter: Screen) -> str:
    return waiter.open_check()


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def test_the_quantity_of_a_row_is_set_in_one_tap(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.add(check)
    line = state(waiter, check).lines[0].id
    waiter.post(f"/checks/{check}/lines/{line}/quantity", qty=5)
    assert sum(one.qty_milli for one in state(waiter, check).live_lines) == 5000
    waiter.post(f"/checks/{check}/lines/{line}/quantity", qty=0)
    assert state(waiter, check).live_lines == ()


def test_more_of_a_sent_dish_is_a_new_line(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.post(f"/checks/{check}/send")
    line = state(waiter, check).lines[0].id
    waiter.post(f"/checks/{check}/lines/{line}/quantity", qty=2)
    statuses = [(one.status, one.qty_milli) for one in state(waiter, check).lines]
    assert statuses == [("fired", 1000), ("unsent", 2000)]


def test_a_sent_dish_is_voided_with_a_reason_and_stays_to_be_seen(
    waiter: Screen, check: str
) -> None:
    waiter.add(check)
    waiter.post(f"/checks/{check}/send")
    line = state(waiter, check).lines[0].id
    sheet = waiter.get(f"/checks/{check}/lines/{line}").text
    assert "Void: why?" in sheet
    alone = waiter.post(f"/checks/{check}/lines/{line}/void", reason="mistake")
    assert alone.status_code == 403, "what the kitchen has needs a manager"
    panel = waiter.approved(f"/checks/{check}/lines/{line}/void", reason="mistake").text
    assert 'class="line voided' in panel
    assert state(waiter, check).lines[0].void_reason == "mistake"


def test_only_as_many_of_a_row_are_voided_as_was_said(waiter: Screen, check: str) -> None:
    for _ in range(3):
        waiter.add(check)
    waiter.post(f"/checks/{check}/send")
    line = state(waiter, check).lines[0].id
    waiter.approved(f"/checks/{check}/lines/{line}/void", reason="mistake", count=2)
    assert len(state(waiter, check).live_lines) == 1


def test_sending_twice_sends_once(waiter: Screen, check: str) -> None:
    waiter.add(check)
    before = waiter.till.journal.position()
    for _ in range(2):
        assert waiter.post(f"/checks/{check}/send", command="ef" * 16).status_code == 200
    assert waiter.till.journal.position() == before + 1


def test_x22_a_fired_dish_is_changed_and_the_kitchen_is_told(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.post(f"/checks/{check}/send")
    line = state(waiter, check).lines[0].id
    assert f"instead={line}" in waiter.get(f"/checks/{check}/lines/{line}").text
    waiter.add(check, instead=line, modifier="no-msg", note="slowly", qty=2)
    (now,) = state(waiter, check).live_lines
    assert (now.qty_milli, now.note, now.status) == (2000, "slowly", "fired")
    assert [change.was.qty_milli for change in now.unseen] == [1000]


def test_what_was_sent_last_is_taken_back_with_one_reason_and_one_approval(
    waiter: Screen, check: str
) -> None:
    waiter.add(check)
    waiter.post(f"/checks/{check}/send")
    waiter.add(check, "siu-mai-pork")
    waiter.add(check, "siu-mai-pork")
    waiter.post(f"/checks/{check}/send")
    lines = state(waiter, check).lines
    sheet = waiter.get(f"/checks/{check}/take-back").text
    assert [line.id in sheet for line in lines] == [False, True, True]
    form = {"line": [line.id for line in lines], "reason": "mistake"}
    assert waiter.post(f"/checks/{check}/take-back", **form).status_code == 403
    waiter.till.desk.run(Bump("b", check, (lines[1].id,), "ready"), BOSS)
    waiter.approved(f"/checks/{check}/take-back", **form)
    voided = [line.voided for line in state(waiter, check).lines]
    assert voided == [False, False, True], "what is cooked is not taken back with the rest"
