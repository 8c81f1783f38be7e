"""Seats, courses and allergies on the screen (X1, X22, X23)."""

import re

import pytest

from comptoir.commands import Actor, NameCourses
from comptoir.domain.check import Check
from comptoir.domain.house import MANAGER
from tests.app.web.conftest import Screen

BOSS = Actor("li-wei", MANAGER)


@pytest.fixture
def check(waiter: Screen) -> str:
    check = waiter.open_check(covers=3)
    waiter.add(check)
    waiter.add(check, "cantonese-roast-duck")
    return check


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def put(screen: Screen, check: str, place: int, brush: str) -> str:
    line = state(screen, check).lines[place].id
    response = screen.post(f"/checks/{check}/places/lines/{line}", brush=brush)
    assert response.status_code == 200, response.text
    return response.text


def test_a_tap_gives_a_dish_to_the_chosen_seat_and_another_takes_it_back(
    waiter: Screen, check: str
) -> None:
    board = put(waiter, check, 1, "seat-1")
    assert 'value="seat-1" checked' in board
    put(waiter, check, 1, "seat-2")
    assert state(waiter, check).lines[1].seats == (1, 2)
    put(waiter, check, 1, "seat-1")
    assert state(waiter, check).lines[1].seats == (2,)
    put(waiter, check, 1, "seat-0")
    assert state(waiter, check).lines[1].seats == ()


def test_seats_stand_on_the_pad(waiter: Screen, check: str) -> None:
    put(waiter, check, 0, "seat-3")
    assert "<i>3</i>" in waiter.get(f"/checks/{check}").text


def test_x1_what_comes_at_once_is_a_course_that_can_be_fired(waiter: Screen) -> None:
    check = waiter.open_check(covers=2)
    waiter.add(check, "lemon-tea")
    (line,) = state(waiter, check).lines
    board = waiter.get(f"/checks/{check}/places").text
    assert line.course == 0
    assert '<section class="course next">' in board
    assert 'fire-next" disabled' not in board
    assert 'fire-next" disabled' in waiter.post(f"/checks/{check}/places/fire").text


def test_x1_courses_are_fired_one_after_the_other(waiter: Screen, check: str) -> None:
    put(waiter, check, 0, "course-1")
    put(waiter, check, 1, "course-2")
    assert [line.course for line in state(waiter, check).lines] == [1, 2]
    waiter.post(f"/checks/{check}/places/fire")
    assert [line.status for line in state(waiter, check).lines] == ["fired", "unsent"]
    waiter.post(f"/checks/{check}/places/fire", course=2)
    assert [line.status for line in state(waiter, check).lines] == ["fired", "fired"]
    assert waiter.post(f"/checks/{check}/places/fire").status_code == 409


def test_x1_what_is_held_is_not_sent(waiter: Screen, check: str) -> None:
    put(waiter, check, 0, "course-1")
    put(waiter, check, 1, "course-2")
    waiter.post(f"/checks/{check}/places/hold", course=2, held="yes")
    panel = waiter.get(f"/checks/{check}").text
    assert "held" in panel
    assert "<em>1</em>" in panel, "Send says how many it sends"
    waiter.post(f"/checks/{check}/send")
    assert [line.status for line in state(waiter, check).lines] == ["fired", "unsent"]
    put(waiter, check, 1, "hold-0")
    assert not state(waiter, check).lines[1].held


def test_courses_have_the_names_of_the_house(waiter: Screen, check: str) -> None:
    put(waiter, check, 0, "course-2")
    assert "Course 2" in waiter.get(f"/checks/{check}/places").text
    names = ({"en": "Starters"}, {"en": "Big dishes", "fr": "Plats"})
    waiter.till.desk.run(NameCourses("n", names), BOSS)
    page = waiter.get(f"/checks/{check}/places").text
    assert "Big dishes" in page
    assert "Course 2" not in page


def test_x22_an_allergy_belongs_to_a_seat_and_warns_on_its_dishes(
    waiter: Screen, check: str
) -> None:
    put(waiter, check, 0, "seat-2")
    sheet = waiter.get(f"/checks/{check}/places/guests?seat=2").text
    assert "Peanuts" in sheet
    sheet = waiter.post(f"/checks/{check}/places/allergy", seat=2, what="peanuts").text
    assert re.search(r'value="peanuts" aria-pressed="true"', sheet)
    assert "⚠ Peanuts" in waiter.get(f"/checks/{check}/places").text
    waiter.post(f"/checks/{check}/places/allergy", seat=2, what="kiwi")
    assert [one.what for one in state(waiter, check).allergies] == ["kiwi", "peanuts"]
    waiter.post(f"/checks/{check}/places/allergy", seat=2, what="peanuts")
    assert [one.what for one in state(waiter, check).allergies] == ["kiwi"]


def test_one_guest_more_is_one_tap(waiter: Screen, check: str) -> None:
    sheet = waiter.post(f"/checks/{check}/places/covers", covers=4).text
    assert "seat=4" in sheet
    assert state(waiter, check).covers == 4


@pytest.mark.parametrize("brush", ["seat", "table-1", "seat-x"])
def test_a_key_that_no_page_has_is_refused(waiter: Screen, check: str, brush: str) -> None:
    line = state(waiter, check).lines[0].id
    assert waiter.post(f"/checks/{check}/places/lines/{line}", brush=brush).status_code == 400
