"""K2, T3, T7: tables, people, taxes, printers and the house are set in the browser."""

import json

import pytest

from comptoir.domain.house import NOWHERE, Floor, Staff
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain

PLAN = [
    {"id": "hall", "name": "Hall", "tables": [
        {"id": "hall-1", "label": "1", "seats": 4, "x": 2, "y": 1},
        {"id": "hall-福", "label": "9", "seats": 8, "x": 0, "y": 0},
    ]},
]  # fmt: skip
PAGES = (
    "/office/floor", "/office/staff", "/office/staff/new", "/office/staff/lucas",
    "/office/staff/roles", "/office/taxes", "/office/taxes/packs/fr", "/office/printers",
    "/office/printers/new", "/office/house",
)  # fmt: skip


def floor(screen: Screen) -> Floor:
    found: Floor = screen.till.journal.state("floor:it")
    return found


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_for_managers_only(office: Screen, path: str) -> None:
    page = office.get(path)
    assert page.status_code == 200, page.text
    assert "style=" not in page.text
    office.post("/sign-out")
    assert office.sign_in("lucas").get(path).status_code == 403


def test_a_floor_is_published_used_and_undone(office: Screen) -> None:
    before = floor(office)
    assert all(table.x == NOWHERE for area in before.areas for table in area.tables)
    assert office.post("/office/floor", plan=json.dumps(PLAN)).status_code == 204
    tables = {table.id: table for area in floor(office).areas for table in area.tables}
    assert (tables["hall-1"].x, tables["hall-1"].y, tables["hall-福"].seats) == (2, 1, 8)
    look = office.get("/look.css").text
    assert '.tile[data-table="hall-1"]{grid-column:3;grid-row:2}' in look
    assert 'data-table="hall-福"' in office.get("/floor").text
    office.post("/office/floor/undo")
    assert floor(office) == before


@pytest.mark.parametrize(
    "plan",
    ["", "[", "{}", "[1]", '[{"id": "a"}]', '[{"id": "a b", "name": "A", "tables": []}]',
     json.dumps([PLAN[0], PLAN[0]]),
     json.dumps(PLAN).replace('"x": 2', '"x": 60'), json.dumps(PLAN).replace('"9"', '"1"')],
)  # fmt: skip
def test_a_plan_that_is_none_is_refused(office: Screen, plan: str) -> None:
    before = floor(office)
    answer = office.post("/office/floor", plan=plan)
    assert answer.status_code == 422
    assert floor(office) == before


def test_a_person_is_added_and_signs_in_with_their_pin(office: Screen) -> None:
    form = {"name": "Zoé Noël", "role": "cashier", "pin": "8642", "language": "fr"}
    assert office.post("/office/staff/new", **form).status_code == 204
    zoe: Staff = office.till.journal.state("staff:zoe-noel")
    assert (zoe.name, zoe.role, zoe.language, zoe.active) == ("Zoé Noël", "cashier", "fr", True)
    office.post("/office/staff/zoe-noel", **form | {"pin": "", "active": "no", "hand": "left"})
    left: Staff = office.till.journal.state("staff:zoe-noel")
    assert (left.active, left.pin_hash, left.left_handed) == (False, zoe.pin_hash, True)


@pytest.mark.parametrize(
    ("name", "form"),
    [("new", {"name": "", "role": "waiter", "pin": "8642"}),
     ("new", {"name": "Bo", "role": "waiter", "pin": ""}),
     ("new", {"name": "Bo", "role": "waiter", "pin": "12"}),
     ("new", {"name": "Bo", "role": "king", "pin": "8642"}),
     ("li-wei", {"name": "Li Wei", "role": "waiter"})],
)  # fmt: skip
def test_what_makes_no_person_is_refused(office: Screen, name: str, form: dict[str, str]) -> None:
    assert office.post(f"/office/staff/{name}", **form).status_code == 422


def test_t7_the_matrix_says_what_is_enforced(office: Screen) -> None:
    page = plain(office.get("/office/staff/roles").text)
    told = "Give away, discount with approval ✓* with approval ✓* No # No # Yes ✓"
    assert told.replace("#", "\N{EN DASH}") in page


def test_a_pack_and_the_rounding_are_chosen(office: Screen) -> None:
    assert office.post("/office/taxes/packs/fr").status_code == 204
    assert office.till.journal.state("terms:it").pack == "fr"
    form = {"mode": "half_even", "scope": "line", "cash_rounding": "5"}
    assert office.post("/office/taxes/terms", **form).status_code == 204
    terms = office.till.journal.state("terms:it").terms
    rounding = terms.rounding
    assert (rounding.mode, rounding.scope, terms.cash_rounding) == ("half_even", "line", 5)
    assert office.post("/office/taxes/packs/uk").status_code == 422


def test_t3_a_printer_is_added_routed_redirected_tested_removed(office: Screen) -> None:
    form = {"name": "Wok", "host": "192.0.2.7", "port": "9100", "receipts": "t1"}
    assert office.post("/office/printers/new", **form).status_code == 204
    office.post("/office/printers/new", **form | {"name": "Bar", "receipts": ""})
    office.post("/office/stations/wok", printer="wok")
    plan = office.till.journal.state("printing:it")
    station = plan.station("wok")
    assert (plan.printer("wok").host, station.printer) == ("192.0.2.7", "wok")
    assert office.post("/office/printers/wok/test").status_code == 422, "nothing to print yet"
    check = office.open_check()
    office.add(check)
    assert office.post("/office/printers/wok/test").status_code == 204
    assert office.post("/office/printers/wok/redirect", to="bar").status_code == 204
    assert "prints on Bar" in plain(office.get("/office/printers").text)
    assert office.post("/office/printers/wok/remove").status_code == 204
    assert office.till.journal.state("printing:it").printer("wok") is None
    bad = office.post("/office/printers/new", **form | {"host": "no host at all"})
    assert bad.status_code == 422


def test_the_house_has_a_name_languages_tips_and_courses(office: Screen) -> None:
    form = {"name": "Chez Li", "first": "fr", "languages": "zh-Hans"}
    assert office.post("/office/house", **form).status_code == 204
    house = office.till.journal.state("restaurant:it")
    assert (house.name, house.languages, house.currency) == ("Chez Li", ("fr", "zh-Hans"), "EUR")
    assert office.post("/office/house", **form | {"name": " "}).status_code == 422
    assert office.post("/office/house/tips", **{"tip-0": "8", "tip-1": "12.5"}).status_code == 204
    assert office.till.journal.state("tips:it").presets_ppm == (80_000, 125_000)
    assert office.post("/office/house/tips", **{"tip-0": "much"}).status_code == 422
    assert office.post("/office/house/courses", **{"course-1:fr": "Entrées"}).status_code == 204
    assert office.till.journal.state("courses:it").of(1) == {"fr": "Entrées"}
