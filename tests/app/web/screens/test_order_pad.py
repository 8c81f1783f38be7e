import re
import uuid
from dataclasses import replace

import pytest

from comptoir.commands import CountItem, SetItem, StopItem
from comptoir.domain.check import Check
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS


@pytest.fixture
def check(waiter: Screen) -> str:
    return waiter.open_check()


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


def test_one_tap_adds_a_dish(waiter: Screen, check: str) -> None:
    panel = waiter.add(check).text
    assert "Har gow" in panel
    assert "not sent" in panel
    assert "€6.50" in panel


def test_d7_what_is_left_of_a_dish_stands_on_its_key_and_falls_as_it_is_sold(
    waiter: Screen, check: str
) -> None:
    waiter.till.desk.run(CountItem("count", "har-gow-steamed", 3000), BOSS)
    assert "<b>×3</b>" in waiter.get(f"/checks/{check}").text
    waiter.add(check)
    assert "<b>×2</b>" in waiter.get(f"/checks/{check}").text


def test_taps_on_one_key_share_a_row(waiter: Screen, check: str) -> None:
    waiter.add(check)
    panel = waiter.add(check).text
    assert panel.count('class="line ') == 1
    assert len(state(waiter, check).lines) == 2


def test_a_dish_that_needs_a_choice_asks_first(waiter: Screen, check: str) -> None:
    keys = waiter.get(f"/checks/{check}/categories/noodle").text
    asking = re.findall(r'hx-get="(/checks/\w+/items/[\w-]+)" hx-target="#sheet"', keys)
    sheet = waiter.get(asking[0]).text
    groups = re.findall(r'data-min="(\d)"', sheet)
    assert groups == sorted(groups, reverse=True), "required groups come first"
    assert "choose 1" in sheet


def test_choices_and_note_reach_the_line(waiter: Screen, check: str) -> None:
    form = {"modifier-noodle": "noodle-udon", "modifier-protein": "with-tofu", "note": "no onion"}
    panel = waiter.add(check, "stir-fried-noodles", **form).text
    assert "Udon" in panel
    assert "no onion" in panel
    line = state(waiter, check).lines[0]
    assert [modifier.id for modifier in line.modifiers] == ["noodle-udon", "with-tofu"]


def test_a_missing_choice_is_refused_with_what_to_do(waiter: Screen, check: str) -> None:
    response = waiter.post(f"/checks/{check}/items/stir-fried-noodles")
    assert response.status_code == 422
    assert "choose 1 of Noodles" in response.text


def test_changing_a_dish_replaces_it(waiter: Screen, check: str) -> None:
    waiter.add(check)
    old = state(waiter, check).lines[0].id
    sheet = waiter.get(f"/checks/{check}/items/har-gow-steamed?instead={old}").text
    assert f'name="instead" value="{old}"' in sheet
    waiter.add(check, instead=old, modifier="no-msg", qty=2)
    live = state(waiter, check).live_lines
    assert [(line.qty_milli, line.modifiers[0].id) for line in live] == [(2000, "no-msg")]


def test_a_changed_dish_keeps_its_seats_and_its_course(waiter: Screen, check: str) -> None:
    waiter.add(check)
    old = state(waiter, check).lines[0].id
    for brush in ("seat-2", "course-3"):
        waiter.post(f"/checks/{check}/places/lines/{old}", brush=brush)
    waiter.add(check, instead=old, note="no onion")
    (now,) = state(waiter, check).live_lines
    assert (now.seats, now.course, now.note) == ((2,), 3, "no onion")


def test_undo_takes_back_the_newest_dish_and_only_while_unsent(waiter: Screen, check: str) -> None:
    waiter.add(check)
    waiter.add(check, "siu-mai-pork")
    first, second = state(waiter, check).lines
    panel = waiter.post(f"/checks/{check}/undo", line=second.id).text
    assert "Siu mai" not in panel
    waiter.post(f"/checks/{check}/send")
    waiter.post(f"/checks/{check}/undo", line=first.id)
    assert [line.id for line in state(waiter, check).live_lines] == [first.id]


def test_undo_names_the_newest_line(waiter: Screen, check: str) -> None:
    waiter.add(check)
    panel = waiter.add(check, "siu-mai-pork").text
    newest = state(waiter, check).lines[-1].id
    assert f'name="line" value="{newest}"' in panel


def test_a_page_that_has_the_panel_is_not_sent_it_again(waiter: Screen, check: str) -> None:
    panel = waiter.add(check).text
    version = re.search(r'data-version="(\w+)"', panel)
    assert version is not None
    fresh = waiter.get(f"/checks/{check}/panel?have={version[1]}")
    assert fresh.status_code == 204
    waiter.add(check)
    assert waiter.get(f"/checks/{check}/panel?have={version[1]}").status_code == 200


def test_dishes_are_found_by_number_and_by_name_in_any_language(waiter: Screen, check: str) -> None:
    for text in ("151", "stir-fried nood", "炒面"):
        assert "Stir-fried noodles" in waiter.get(f"/checks/{check}/search?text={text}").text
    assert "Nothing is called" in waiter.get(f"/checks/{check}/search?text=zzz").text


def test_what_a_guest_typed_is_shown_as_text_never_as_markup(waiter: Screen, check: str) -> None:
    panel = waiter.add(check, note="<script>alert(1)</script>").text
    assert "<script>" not in panel
    assert "<script>" not in waiter.get(f"/checks/{check}/search?text=<script>").text


def test_a_paid_check_shows_its_receipt(waiter: Screen, check: str) -> None:
    waiter.add(check)
    form = {"payment": uuid.uuid4().hex, "amount": 650, "tendered": 1000}
    waiter.post(f"/checks/{check}/pay", **form)
    assert waiter.get(f"/checks/{check}").location == f"/checks/{check}/paid"


def test_an_unknown_check_says_what_to_do(waiter: Screen) -> None:
    response = waiter.get("/checks/nope")
    assert response.status_code == 404
    assert "Go back to the floor" in response.text


def test_kitchen_staff_take_no_orders(screen: Screen) -> None:
    screen.sign_in("chen-qiang")
    response = screen.post("/checks", check="ab" * 16, table="hall-1")
    assert response.status_code == 403


def test_x2_a_half_portion_is_a_choice_on_the_sheet(waiter: Screen, check: str) -> None:
    sheet = waiter.get(f"/checks/{check}/items/cantonese-roast-duck").text
    assert re.findall(r'name="variant" value="([\w-]*)"', sheet) == ["", "half", "whole"]
    panel = waiter.add(check, "cantonese-roast-duck", variant="half").text
    assert "€26.00" in panel
    assert state(waiter, check).lines[0].variant == "half"


def test_x2_a_nested_choice_is_on_the_sheet_below_the_one_it_belongs_to(
    waiter: Screen, check: str
) -> None:
    sheet = waiter.get(f"/checks/{check}/items/cantonese-roast-duck").text
    assert re.findall(r'data-within="([\w/-]+)" hidden disabled', sheet) == [
        "extra-sauce",
        "extra-sauce/sauce-hoisin",
        "extra-sauce/sauce-plum",
        "extra-sauce/sauce-chili-oil",
    ]
    chosen = ["extra-sauce", "extra-sauce/sauce-hoisin", "extra-sauce/sauce-hoisin/amount-jar"]
    waiter.add(check, "cantonese-roast-duck", modifier=chosen)
    assert [one.choice for one in state(waiter, check).lines[0].modifiers] == chosen


def test_k1_a_set_meal_is_added_as_its_dishes(waiter: Screen, check: str) -> None:
    form = {
        "modifier--set-starter": "set-siu-mai-pork",
        "modifier--set-main": "set-roast-duck-on",
        "modifier--set-drink": "set-tsingtao-beer-33",
    }
    waiter.add(check, "lunch-set", **form)
    lines = state(waiter, check).lines
    assert [line.station for line in lines] == ["dimsum", "wok", "bar"]
    assert sum(line.amount for line in lines) == 1690 + 150


def test_a_dish_taken_off_has_a_dead_key(waiter: Screen, check: str) -> None:
    path = f"/checks/{check}/categories/dimsum"

    def dead() -> list[str]:
        keys = waiter.get(path).text.split("<button")
        return [key for key in keys if "har-gow" in key and " disabled" in key.split("hx-")[0]]

    assert not dead()
    waiter.till.desk.run(StopItem("s1", "har-gow-steamed"), BOSS)
    assert len(dead()) == 1


def test_k1_a_set_meal_stands_on_the_pad_as_one_row_with_its_dishes_under_it(
    waiter: Screen, check: str
) -> None:
    form = {
        "modifier--set-starter": "set-siu-mai-pork",
        "modifier--set-main": "set-roast-duck-on",
        "modifier--set-drink": "set-tsingtao-beer-33",
    }
    panel = waiter.add(check, "lunch-set", **form).text
    assert panel.count('class="meal"') == 1
    assert panel.count("of-meal") == 3
    assert "18.40" in panel
    assert (
        "Change it"
        not in waiter.get(f"/checks/{check}/lines/{state(waiter, check).lines[1].id}").text
    )


def test_e2_one_field_finds_by_prefix_number_pinyin_initials_and_barcode(
    waiter: Screen, check: str
) -> None:
    menu = waiter.till.journal.state("menu:it")
    item = replace(menu.item("har-gow-steamed"), barcode="3760001234565")
    waiter.till.desk.run(SetItem("si", item), BOSS)
    for text in ("har g", "1", "xj", "3760001234565"):
        found = waiter.get(f"/checks/{check}/search?code={text}").text
        assert "Har gow" in found, text


def test_enter_in_the_search_adds_what_was_scanned_or_asks_for_its_choices(
    waiter: Screen, check: str
) -> None:
    added = waiter.post(f"/checks/{check}/scan", code="1")
    assert added.headers["HX-Trigger"] == "sheet-close"
    assert [line.item for line in state(waiter, check).lines] == ["har-gow-steamed"]
    asked = waiter.post(f"/checks/{check}/scan", code="151")
    assert asked.headers["HX-Retarget"] == "#sheet"
    assert waiter.post(f"/checks/{check}/scan", code="0000").status_code == 404


def test_a_seat_is_chosen_once_and_the_next_dishes_go_there(waiter: Screen, check: str) -> None:
    """X23: without opening the line's sheet; a check without seats has no such keys."""
    assert 'name="seat"' not in waiter.get(f"/checks/{check}").text
    assert f"/checks/{check}?seats=1" in waiter.get(f"/checks/{check}/more").text
    keys = re.findall(r'name="seat" value="(\d+)"', waiter.get(f"/checks/{check}?seats=1").text)
    assert keys == ["0", "1", "2"]
    waiter.add(check, seat=2)
    waiter.add(check, seat=0)
    assert [line.seats for line in state(waiter, check).lines] == [(2,), ()]
    assert 'name="seat"' in waiter.get(f"/checks/{check}").text
    assert waiter.post(f"/checks/{check}/items/har-gow-steamed", seat="x").status_code == 400


def test_what_is_scanned_or_typed_goes_to_the_chosen_seat(waiter: Screen, check: str) -> None:
    """X23."""
    number = waiter.till.journal.state("menu:it").item("har-gow-steamed").number
    assert waiter.post(f"/checks/{check}/scan", code=number, seat=2).status_code == 200
    assert waiter.post(f"/checks/{check}/scan", code=number, seat=0).status_code == 200
    assert [line.seats for line in state(waiter, check).lines] == [(2,), ()]
    sheet = waiter.get(f"/checks/{check}/search-sheet").text
    assert sheet.count('hx-include="#seat-keys"') == 2, "the field, and the keys that it finds"
