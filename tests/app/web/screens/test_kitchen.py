import re

import pytest

from comptoir.commands import Actor, ChangeLine, SetAllergy, SetSeats
from comptoir.domain.check import FIRED, READY
from tests.app.web.conftest import Screen

NODES_MAX = 20  # a ticket's own, and one dish


@pytest.fixture
def check(waiter: Screen) -> str:
    name = waiter.open_check("hall-3")
    waiter.add(name)
    waiter.add(name)
    waiter.add(name, "xinjiang-big-plate", **{"modifier-spice": "spice-hot"})
    waiter.post(f"/checks/{name}/send")
    return name


def lines(screen: Screen, check: str) -> list[str]:
    return [line.id for line in screen.till.journal.state(f"check:{check}").live_lines]


@pytest.mark.usefixtures("check")
def test_dishes_are_named_in_two_languages(waiter: Screen) -> None:
    board = waiter.get("/kitchen").text
    assert "Har gow" in board
    assert "虾饺" in board
    assert "Very hot · 特辣" in board


@pytest.mark.usefixtures("check")
def test_a_chinese_cook_reads_chinese_first(waiter: Screen) -> None:
    waiter.sign_in("chen-qiang")
    board = waiter.get("/kitchen").text
    assert board.index("<b>虾饺</b>") < board.index("Har gow")


@pytest.mark.usefixtures("check")
def test_a_station_sees_its_own_dishes(waiter: Screen) -> None:
    board = waiter.get("/kitchen?station=wok").text
    assert "大盘鸡" in board
    assert "虾饺" not in board


def test_a_dish_is_bumped_alone_and_then_the_rest(waiter: Screen, check: str) -> None:
    first, second, third = lines(waiter, check)
    form = {"check": check, "status": "ready"}
    board = waiter.post("/kitchen/bump", line=[first, second], **form).text
    assert "dish done" in board
    board = waiter.post("/kitchen/bump", line=[third], **form).text
    assert "Nothing to cook" in board
    assert "Served" in board
    statuses = {line.status for line in waiter.till.journal.state(f"check:{check}").lines}
    assert statuses == {READY}


def test_served_leaves_the_screen(waiter: Screen, check: str) -> None:
    form = {"check": check, "line": lines(waiter, check)}
    waiter.post("/kitchen/bump", status="ready", **form)
    board = waiter.post("/kitchen/bump", status="served", **form).text
    assert "Nothing waits" in board


def test_a_second_send_is_a_second_ticket(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.post(f"/checks/{check}/send")
    assert waiter.get("/kitchen").text.count('<article class="ticket"') == 2


def test_a_voided_dish_stays_struck_through_until_the_ticket_is_done(
    waiter: Screen, check: str
) -> None:
    first = lines(waiter, check)[0]
    waiter.approved(f"/checks/{check}/lines/{first}/void", reason="mistake")
    board = waiter.get("/kitchen").text
    assert "dish voided" in board
    assert first not in board.partition("dish voided")[2].partition("</li>")[0]


def test_an_allergy_is_on_the_dishes_of_its_seat_and_a_change_says_old_and_new(
    waiter: Screen, check: str
) -> None:
    """X22: in red, and never hidden among equal dishes of other seats."""
    first, second, _ = lines(waiter, check)
    for command in (
        SetSeats("seat-1", check, first, (1,)),
        SetSeats("seat-2", check, second, (2,)),
        SetAllergy("allergy", check, 1, "peanuts"),
        ChangeLine("change", check, second, "har-gow-steamed", 3000),
    ):
        waiter.till.desk.run(command, Actor("lucas", "waiter"))
    board = waiter.get("/kitchen").text
    assert board.count("⚠ peanuts") == 2, "on the dish of seat 1, and on the one for everybody"
    assert re.search(r"<s>1 .*</s> → 3 ", board)


def test_bumping_twice_bumps_once(waiter: Screen, check: str) -> None:
    form = {"check": check, "line": lines(waiter, check), "status": "ready", "command": "ab" * 16}
    waiter.post("/kitchen/bump", **form)
    position = waiter.till.journal.position()
    waiter.post("/kitchen/bump", **form)
    assert waiter.till.journal.position() == position


def test_the_oldest_ticket_comes_first(waiter: Screen) -> None:
    names = [waiter.open_check(f"hall-{i}") for i in (1, 2)]
    for name in reversed(names):
        waiter.add(name)
        waiter.post(f"/checks/{name}/send")
    board = waiter.get("/kitchen").text
    assert board.index(names[1]) < board.index(names[0])


def test_paid_and_uncooked_food_stays_on_the_screen(waiter: Screen, check: str) -> None:
    due = waiter.till.journal.state(f"check:{check}").due
    waiter.post(f"/checks/{check}/pay", payment="cd" * 16, amount=due, tendered=due)
    assert waiter.till.journal.state(f"check:{check}").lines[0].status == FIRED
    assert "虾饺" in waiter.get("/kitchen").text


def test_what_was_bumped_by_mistake_is_called_back(waiter: Screen, check: str) -> None:
    """X7: also after it was served and paid."""
    form = {"check": check, "line": lines(waiter, check)}
    waiter.post("/kitchen/bump", status="ready", **form)
    waiter.post("/kitchen/bump", status="served", **form)
    due = waiter.till.journal.state(f"check:{check}").due
    waiter.post(f"/checks/{check}/pay", payment="cd" * 16, amount=due, tendered=due)
    assert "Nothing to cook" in waiter.get("/kitchen").text
    sheet = waiter.get("/kitchen/bumped").text
    assert all(line in sheet for line in lines(waiter, check))
    board = waiter.post("/kitchen/recall", **form).text
    assert "虾饺" in board
    assert {line.status for line in waiter.till.journal.state(f"check:{check}").lines} == {FIRED}
    assert "Nothing was bumped lately" in waiter.get("/kitchen/bumped").text


def test_what_is_still_cooked_cannot_be_called_back(waiter: Screen, check: str) -> None:
    response = waiter.post("/kitchen/recall", check=check, line=lines(waiter, check))
    assert response.status_code == 422


def test_the_counts_of_all_day_are_over_every_ticket(waiter: Screen, check: str) -> None:
    """X7: what was bumped counts no more."""
    other = waiter.open_check("hall-5")
    waiter.add(other, qty=3)
    waiter.post(f"/checks/{other}/send")
    counted = r"all-day.*?<b>5</b><span>Har gow"
    assert re.search(counted, waiter.get("/kitchen").text, re.DOTALL)
    waiter.post("/kitchen/bump", check=check, line=lines(waiter, check)[:2], status="ready")
    assert not re.search(counted, waiter.get("/kitchen").text, re.DOTALL)


def test_the_pass_sees_every_station_and_serves_what_is_ready(waiter: Screen, check: str) -> None:
    """X7: expo."""
    steamed = lines(waiter, check)[:2]
    page = waiter.get("/kitchen?view=expo").text
    assert "Wok" in page
    assert re.search(r"data-bump disabled", page), "nothing is ready yet"
    waiter.post("/kitchen/bump", check=check, line=steamed, status="ready")
    page = waiter.get("/kitchen?view=expo").text
    assert "2/3" in page
    form = {"check": check, "line": steamed, "status": "served", "view": "expo"}
    assert "data-bump disabled" in waiter.post("/kitchen/bump", **form).text


def test_the_cook_says_that_a_change_was_seen(waiter: Screen, check: str) -> None:
    """X22."""
    line = lines(waiter, check)[0]
    change = ChangeLine("change", check, line, "har-gow-steamed", 3000)
    waiter.till.desk.run(change, Actor("lucas", "waiter"))
    assert "Change seen" in waiter.get("/kitchen").text
    board = waiter.post("/kitchen/seen", check=check, change="change").text
    assert "Change seen" not in board
    assert "<s>" not in board


@pytest.mark.usefixtures("check")
def test_the_board_is_light_and_carries_no_hidden_fields(waiter: Screen) -> None:
    """It is redrawn at each change, and 160 dishes stay under 1,500 nodes of the page."""
    before = waiter.get("/kitchen/tickets").text
    other = waiter.open_check("hall-5")
    waiter.add(other)
    waiter.post(f"/checks/{other}/send")
    board = waiter.get("/kitchen/tickets").text
    assert "<input" not in board
    assert len(re.findall("<[a-z]", board)) - len(re.findall("<[a-z]", before)) <= NODES_MAX
