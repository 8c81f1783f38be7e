"""Splitting on the screen: four ways, a part paid alone, again after a card, undone (E1, X23)."""

import re
import uuid

import pytest

from comptoir.commands import (
    Actor,
    IntendPayment,
    PublishPrinting,
    SetSeats,
    TakePayment,
    papers,
    queries,
)
from comptoir.devices.composing import compose
from comptoir.domain.check import Check
from comptoir.domain.house import MANAGER, WAITER
from comptoir.domain.paper.rows import Text
from comptoir.domain.printing import Printer
from tests.app.web.conftest import Screen

LUCAS = Actor("lucas", WAITER)


@pytest.fixture
def check(waiter: Screen) -> str:
    return waiter.open_check(covers=4)


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def split(screen: Screen, check: str, how: str, **form: object) -> str:
    response = screen.post(f"/checks/{check}/split", split=uuid.uuid4().hex, how=how, **form)
    assert response.status_code == 200, response.text
    return response.text


def pay(screen: Screen, check: str, part: str) -> None:
    due = state(screen, check).part(part).due
    name = uuid.uuid4().hex
    screen.till.desk.run(IntendPayment(f"i{name}", check, name, "cash", due, part=part), LUCAS)
    screen.till.desk.run(TakePayment(f"t{name}", check, name, due), LUCAS)


def test_a_whole_check_offers_to_be_split_evenly_first(waiter: Screen, check: str) -> None:
    waiter.add(check)
    page = waiter.get(f"/checks/{check}/split").text
    assert re.findall(r'name="parts" value="(\d+)"', page)[:3] == ["2", "3", "4"]
    assert f'href="/checks/{check}/split"' in waiter.get(f"/checks/{check}").text


def test_e1_even_parts_sum_to_the_whole(waiter: Screen, check: str) -> None:
    waiter.add(check)
    board = split(waiter, check, "even", parts=4)
    assert [part.total for part in state(waiter, check).parts] == [163, 163, 162, 162]
    parts = re.findall(r'href="/checks/\w+/pay\?part=([\w.-]+)"', board)
    assert parts == [part.id for part in state(waiter, check).parts]
    assert f"/checks/{check}/split" in waiter.get(f"/checks/{check}").text


def test_a_part_is_paid_on_its_own_and_shows_its_change(waiter: Screen, check: str) -> None:
    waiter.add(check)
    split(waiter, check, "even", parts=2)
    part = state(waiter, check).parts[0].id
    page = waiter.get(f"/checks/{check}/pay?part={part}").text
    assert 'data-due="325"' in page
    form = {"payment": uuid.uuid4().hex, "amount": 325, "tendered": 500, "part": part}
    response = waiter.post(f"/checks/{check}/pay", **form)
    assert response.status_code in {200, 204}, response.text
    assert [one.due for one in state(waiter, check).parts] == [0, 325]
    assert "1.75" in waiter.get(f"/checks/{check}/split").text


def test_a_part_paid_by_card_leads_back_to_the_parts(waiter: Screen, check: str) -> None:
    waiter.add(check)
    split(waiter, check, "even", parts=2)
    part, payment = state(waiter, check).parts[0].id, uuid.uuid4().hex
    form = {"payment": payment, "tender": "card", "tendered": 0, "part": part}
    assert waiter.post(f"/checks/{check}/intend", **form).status_code == 204
    page = waiter.get(f"/checks/{check}/payments/{payment}").text
    kept = re.search(r'name="part" value="([\w.-]+)"', page)
    assert kept
    slip = {"tendered": 325, "reference": "0042", "part": kept[1]}
    taken = waiter.post(f"/checks/{check}/payments/{payment}/take", **slip)
    assert taken.headers["HX-Redirect"] == f"/checks/{check}/split"


def test_x23_unpaid_parts_are_split_again_after_the_first_was_paid(
    waiter: Screen, check: str
) -> None:
    waiter.add(check)
    split(waiter, check, "even", parts=3)
    first, second, third = (part.id for part in state(waiter, check).parts)
    pay(waiter, check, first)
    ways = waiter.get(f"/checks/{check}/split?of={second}&of={third}").text
    assert re.findall(r'name="of" value="([\w.-]+)"', ways) == [second, third]
    split(waiter, check, "even", parts=4, of=[second, third])
    found = state(waiter, check)
    assert sorted(part.due for part in found.parts) == [0, 108, 108, 108, 109]
    assert len({part.name for part in found.parts}) == 5
    assert "Undo the split" in waiter.get(f"/checks/{check}/split").text


def test_a_part_split_again_is_named_after_it(waiter: Screen, check: str) -> None:
    waiter.add(check)
    split(waiter, check, "even", parts=2)
    second = state(waiter, check).parts[1].id
    split(waiter, check, "even", parts=2, of=second)
    assert {part.name for part in state(waiter, check).parts} == {"1", "2a", "2b"}


def test_a_split_is_undone_in_one_tap(waiter: Screen, check: str) -> None:
    waiter.add(check)
    board = split(waiter, check, "even", parts=2)
    found = re.search(r'name="split" value="(\w+)"', board)
    assert found is not None
    board = waiter.post(f"/checks/{check}/split/undo", split=found[1]).text
    assert state(waiter, check).parts == ()
    assert 'name="parts"' in board


def test_dishes_go_to_who_taps_them_and_one_tapped_twice_is_shared(
    waiter: Screen, check: str
) -> None:
    """X23: the shared duck."""
    waiter.add(check)
    waiter.add(check, "cantonese-roast-duck")
    waiter.add(check, "siu-mai-pork")
    dumplings, duck, _ = (line.id for line in state(waiter, check).lines)
    page = waiter.get(f"/checks/{check}/split?how=items&guests=2").text
    assert f'value="{duck}/0/1"' in page
    taps = [f"{dumplings}/0/0", f"{duck}/0/0", f"{duck}/0/1"]
    board = split(waiter, check, "items", guests=2, share=taps)
    found = state(waiter, check)
    duck_price = found.lines[1].amount
    first, second, rest = found.parts
    assert (first.total, second.total) == (650 + duck_price // 2, duck_price - duck_price // 2)
    assert rest.total == found.lines[2].amount
    assert "½" in board


def test_pieces_of_one_line_go_to_different_guests_and_the_rest_stays(
    waiter: Screen, check: str
) -> None:
    waiter.add(check, qty=4)
    line = state(waiter, check).lines[0].id
    split(waiter, check, "items", guests=2, share=[f"{line}/0/0", f"{line}/1/1"])
    assert [part.total for part in state(waiter, check).parts] == [650, 650, 1300]


def test_one_guest_pays_and_leaves_the_rest(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.add(check, "siu-mai-pork")
    line = state(waiter, check).lines[0].id
    split(waiter, check, "items", guests=4, share=f"{line}/0/2")
    found = state(waiter, check)
    assert [(part.name, part.total) for part in found.parts] == [
        ("3", 650),
        ("", found.lines[1].amount),
    ]


def test_seats_pay_alone_or_together(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.add(check, "siu-mai-pork")
    first, second = state(waiter, check).lines
    for line, seats in ((first, (1, 2)), (second, (3,))):
        waiter.till.desk.run(SetSeats(f"s{line.id}", check, line.id, seats), LUCAS)
    split(waiter, check, "seats", **{"seat-1": 0, "seat-2": 0, "seat-3": 1, "seat-4": 1})
    parts = state(waiter, check).parts
    assert [part.name for part in parts] == ["1+2", "3+4"]
    assert [part.total for part in parts] == [first.amount, second.amount]


def test_without_seats_the_page_says_where_to_give_them(waiter: Screen, check: str) -> None:
    waiter.add(check)
    assert "No dish has a seat yet" in waiter.get(f"/checks/{check}/split?how=seats").text


def test_an_amount_is_split_off(waiter: Screen, check: str) -> None:
    waiter.add(check)
    split(waiter, check, "amounts", amount=200)
    assert [part.total for part in state(waiter, check).parts] == [200, 450]


@pytest.mark.parametrize(
    "form",
    [
        {"how": "thirds"},
        {"how": "even", "parts": "x"},
        {"how": "items", "guests": 2, "share": "l/0/9"},
        {"how": "items", "guests": 2, "share": "l"},
        {"how": "even", "parts": 1},
    ],
)
def test_what_no_page_would_send_is_refused(
    waiter: Screen, check: str, form: dict[str, object]
) -> None:
    waiter.add(check)
    response = waiter.post(f"/checks/{check}/split", split=uuid.uuid4().hex, **form)
    assert 400 <= response.status_code < 500


def test_a_paid_check_goes_to_its_receipt(waiter: Screen, check: str) -> None:
    waiter.add(check)
    split(waiter, check, "even", parts=2)
    for part in state(waiter, check).parts:
        pay(waiter, check, part.id)
    assert waiter.get(f"/checks/{check}/split").location == f"/checks/{check}/paid"


def test_e1_each_part_has_its_receipt_while_the_others_still_eat(
    waiter: Screen, check: str
) -> None:
    waiter.add(check)
    split(waiter, check, "even", parts=2)
    first, second = (part.id for part in state(waiter, check).parts)
    assert f"/checks/{check}/paid?part=" not in waiter.get(f"/checks/{check}/split").text
    pay(waiter, check, first)
    assert f"/checks/{check}/paid?part={first}" in waiter.get(f"/checks/{check}/split").text
    page = waiter.get(f"/checks/{check}/paid?part={first}").text
    assert "½" in page
    assert "€3.25" in page
    assert "<svg" in page
    assert waiter.get(f"/checks/{check}/paid?part={second}").status_code == 302
    pay(waiter, check, second)
    assert f"/checks/{check}/receipts" in waiter.get(f"/checks/{check}/paid").text
    sheet = waiter.get(f"/checks/{check}/receipts").text
    assert all(f"paid?part={part}" in sheet for part in (first, second))


def test_a_parts_receipt_is_printed_and_a_second_one_is_a_copy(waiter: Screen, check: str) -> None:
    till = waiter.till
    printer = Printer("bar", "Bar", "192.0.2.7", receipts=(till.identity.terminal,))
    till.desk.run(PublishPrinting("plan", (printer,), ()), Actor("li-wei", MANAGER))
    waiter.add(check)
    split(waiter, check, "even", parts=2)
    part = state(waiter, check).parts[0].id
    pay(waiter, check, part)
    assert f"/checks/{check}/receipt" in waiter.get(f"/checks/{check}/paid?part={part}").text
    for _ in range(2):
        assert "Print again" in waiter.post(f"/checks/{check}/receipt", part=part).text
    copies = []
    for one in papers.of_check(till.journal, check):
        paper = compose(till.journal, queries.printing(till.journal), one.ticket, duplicate=False)
        texts = [row.text for row in paper.rows if isinstance(row, Text)]
        copies.append("副本" in texts)
        assert "分单 1" in texts
    assert copies == [False, True]


def test_a_receipt_of_no_part_is_refused(waiter: Screen, check: str) -> None:
    waiter.add(check)
    assert waiter.post(f"/checks/{check}/receipt", part="nothing").status_code == 404
