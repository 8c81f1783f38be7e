"""D18: what counts found, in pieces and money, beyond the limits marked, down to the events."""

import csv
import io
import re
from dataclasses import replace

import pytest

from comptoir.commands import AddLine, CountItem, SetItem, queries
from comptoir.commands.stock import ReceiveStock, WasteStock
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import BOSS, LUCAS, plain

DISH, PAGE = "siu-mai-pork", "/manager/stock"


@pytest.fixture
def counted(manager: Screen) -> Screen:
    """Return a manager whose dumplings, 2.00 each to the house, came out two short of twelve."""
    run = manager.till.desk.run
    dish = queries.menu(manager.till.journal).item(DISH)
    run(SetItem("cost", replace(dish, cost=200)), BOSS)
    run(CountItem("n1", DISH, 10_000), BOSS)
    run(ReceiveStock("r1", DISH, 6000, "Wang"), BOSS)
    run(WasteStock("w1", DISH, 1000, "spoilt"), BOSS)
    run(AddLine("k", "c1", "l9", DISH, 3000), LUCAS)
    run(CountItem("n2", DISH, 10_000), BOSS)
    return manager


def test_d18_a_variance_stands_there_in_money_and_pieces_and_is_marked(counted: Screen) -> None:
    page = counted.get(PAGE).text
    told = plain(page)
    assert "Missing €4.00" in told
    assert "Thrown away €2.00" in told
    assert "2 counts -4.00 -2" in told
    assert "beyond the limit" in told, "a sixth of what was expected"
    counted.post("/office/house/stock-limits", amount="4.00", share="20")
    assert "beyond the limit" not in plain(counted.get(PAGE).text)
    counted.post("/office/house/stock-limits", amount="3.99", share="20")
    assert "beyond the limit" in plain(counted.get(PAGE).text)


def test_d18_from_the_variance_to_the_events_and_from_those_to_the_check(counted: Screen) -> None:
    assert f'href="{PAGE}/item/{DISH}"' in counted.get(PAGE).text
    item = counted.get(f"{PAGE}/item/{DISH}").text
    assert "10 counted, 12 expected" in plain(item)
    assert "10 counted; not counted before" in plain(item)
    assert f'href="{PAGE}/count/n1"' in item
    told = plain(counted.get(f"{PAGE}/count/n1").text)
    for words in ("Ordered × 3", "Thrown away × 1 Spoilt", "Came in × 6 Wang", "Counted × 10"):
        assert words in told
    assert 'href="/manager/checks/c1"' in counted.get(f"{PAGE}/count/n1").text
    assert re.search(r"t1/1/\d+", told), "which event of which log"
    assert "should be there now: 10" in plain(counted.get(f"{PAGE}/count/n2").text)


def test_d18_the_table_has_a_row_for_each_count(counted: Screen) -> None:
    answer = counted.get(f"{PAGE}.csv?period=today")
    assert answer.mimetype == "text/csv"
    first, second = csv.DictReader(io.StringIO(answer.text))
    assert (first["expected"], first["variance"], first["amount"]) == ("12.000", "-2.000", "-4.00")
    assert (first["item"], first["at"], first["beyond"]) == (DISH, "cost", "yes")
    assert (second["counted"], second["expected"], second["variance"]) == ("10.000", "", "")


def test_d18_nothing_counted_says_so_and_no_other_role_reads_it(counted: Screen) -> None:
    assert "Nothing was counted in these days" in counted.get(f"{PAGE}?period=yesterday").text
    for path in (f"{PAGE}/item/nothing", f"{PAGE}/count/nothing"):
        assert counted.get(path).status_code == 422
    assert counted.post("/office/house/stock-limits", amount="x", share="5").status_code == 422
    counted.sign_in("lucas")
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}/item/{DISH}", f"{PAGE}/count/n1"):
        assert counted.get(path).status_code == 403, path
