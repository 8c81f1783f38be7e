"""D5, T2: who looks after the stock has a screen of their own; the kitchen takes dishes off too."""

import html
import re

import pytest

from comptoir.commands import CountItem, PublishMenu, SetItem, SetStaff
from comptoir.domain.house import STOCK
from comptoir.domain.menu import WEIGHT, Item, Variant
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS
from tests.fakes.large_menu import large_menu

DISH = "har-gow-steamed"
NODES_AIM = 1500


@pytest.fixture
def keeper(screen: Screen) -> Screen:
    """Return somebody of the stock who has signed in, and came home."""
    screen.till.desk.run(SetStaff("s", "nadia", "Nadia", STOCK, "7788", "en"), BOSS)
    response = screen.post("/sign-in", staff="nadia", pin="7788")
    assert response.location == "/stock"
    return screen


def test_d5_the_home_of_the_stock_says_what_is_off_or_counted(keeper: Screen) -> None:
    assert "Everything is to be had" in keeper.get("/stock").text
    assert keeper.post(f"/stock/{DISH}", what="count", pieces="4").status_code == 204
    page = keeper.get("/stock").text
    assert "4 left" in page
    assert "siu-mai" not in page, "only what is off or counted"
    keeper.post("/stock/siu-mai-pork", what="off")
    page = keeper.get("/stock").text
    assert "/stock/siu-mai-pork" in page
    assert "Off</button>" in page
    keeper.post("/stock/siu-mai-pork", what="back")
    assert "/stock/siu-mai-pork" not in keeper.get("/stock").text


def test_d5_dishes_are_found_by_category_and_by_search(keeper: Screen) -> None:
    assert f"/stock/{DISH}" in keeper.get("/stock?category=dimsum").text
    assert f"/stock/{DISH}" in keeper.get("/stock?text=xj").text
    sheet = keeper.get(f"/stock/{DISH}").text
    assert f'hx-post="/stock/{DISH}"' in sheet
    assert keeper.get("/stock/nothing").status_code == 404
    assert keeper.post(f"/stock/{DISH}", what="count", pieces="many").status_code == 422


def test_d5_the_stock_stamps_the_clock_and_sells_nothing(keeper: Screen) -> None:
    assert keeper.get("/clock").status_code == 200
    assert keeper.post("/checks", check="c", table="hall-3", covers=2).status_code == 403
    assert keeper.get("/manager").status_code == 403


def test_t2_a_cook_takes_a_dish_off_from_the_kitchen(screen: Screen) -> None:
    screen.sign_in("chen-qiang")
    assert 'href="/stock"' in screen.get("/kitchen").text
    screen.post(f"/stock/{DISH}", what="off")
    (state,) = [one for one in screen.till.journal.states("item") if one.stopped]
    assert state.item == DISH


def left_of(keeper: Screen, item: str = DISH) -> int:
    count = keeper.till.journal.state(f"item:{item}").count
    return int(keeper.till.journal.state(f"count:{count}").left_milli)


def test_d18_the_keeper_counts_receives_and_throws_away_on_one_sheet(keeper: Screen) -> None:
    sheet = keeper.get(f"/stock/{DISH}").text
    assert "count it, then deliveries" in sheet, "nothing to add to yet"
    assert 'value="received"' not in sheet
    keeper.post(f"/stock/{DISH}", what="count", pieces="40")
    keeper.post(f"/stock/{DISH}", what="received", pieces="24")
    keeper.post(f"/stock/{DISH}", what="spoilt", pieces="3")
    assert left_of(keeper) == 61_000
    assert "61 left" in keeper.get("/stock").text
    sheet = keeper.get(f"/stock/{DISH}").text
    assert sheet.index("Thrown away <b>3</b>") < sheet.index("Came in <b>24</b>")
    assert "Spoilt" in sheet


def test_d18_what_was_written_wrongly_is_undone_and_a_count_corrected(keeper: Screen) -> None:
    keeper.post(f"/stock/{DISH}", what="count", pieces="400")
    keeper.post(f"/stock/{DISH}", what="received", pieces="24", command="ab" * 16)
    assert keeper.post(f"/stock/{DISH}", what="undo", entry="ab" * 16).status_code == 204
    sheet = keeper.get(f"/stock/{DISH}").text
    assert "undone" in sheet
    assert 'value="undo"' not in sheet
    assert keeper.post(f"/stock/{DISH}", what="undo", entry="ab" * 16).status_code == 422
    keeper.post(f"/stock/{DISH}", what="recount", pieces="40")
    assert left_of(keeper) == 40_000
    keeper.post(f"/stock/{DISH}", what="none")
    assert left_of(keeper) == 0


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"what": "received", "pieces": "4"}, 422),  # nobody counted it
        ({"what": "count", "pieces": "-4"}, 422),
        ({"what": "count", "pieces": "9999999999"}, 422),
        ({"what": "stolen", "pieces": "4"}, 400),
        ({"what": "undo"}, 400),
        ({}, 400),
    ],
)
def test_d18_what_no_stock_is_gets_a_line_that_says_what_to_do(
    keeper: Screen, form: dict[str, str], status: int
) -> None:
    position = keeper.till.journal.position()
    response = keeper.post(f"/stock/{DISH}", **form)
    assert response.status_code == status
    assert "Traceback" not in response.text
    assert keeper.till.journal.position() == position, "nothing was written"
    assert keeper.post(f"/stock/{DISH}?form=none", what="count", pieces="4").status_code == 400


def test_d18_sizes_are_counted_each_by_itself_and_weights_in_grams(keeper: Screen) -> None:
    sizes = tuple(Variant(one, {"en": one.upper()}, 900, options={"size": one}) for one in "sl")
    shirt = Item("shirt", "dimsum", {"en": "Shirt"}, 900, variants=sizes)
    rice = Item("rice", "dimsum", {"en": "Rice"}, 300, sold_by=WEIGHT)
    for item in (shirt, rice):
        keeper.till.desk.run(SetItem(item.id, item), BOSS)
    assert "Shirt" in keeper.get("/stock?category=dimsum").text
    sheet = keeper.get("/stock/shirt").text
    assert 'hx-post="/stock/shirt?form=s"' in sheet, "the first size: the shirt itself has none"
    keeper.post("/stock/shirt?form=l", what="count", pieces="12")
    keeper.post("/stock/rice", what="count", pieces="12500")
    assert left_of(keeper, "shirt/l") == 12_000
    page = keeper.get("/stock").text
    assert "Shirt, L" in page
    assert "12.5 left" in page
    assert 'data-digits="3"' in keeper.get("/stock/rice").text


def test_d18_a_cook_throws_away_and_needs_a_manager_to_undo(screen: Screen) -> None:
    screen.sign_in("chen-qiang")
    screen.post(f"/stock/{DISH}", what="count", pieces="9")
    sheet = screen.get(f"/stock/{DISH}").text
    assert 'value="spoilt"' in sheet
    assert 'value="received"' not in sheet
    assert screen.post(f"/stock/{DISH}", what="received", pieces="4").status_code == 403
    screen.post(f"/stock/{DISH}", what="broken", pieces="2", command="cd" * 16)
    assert left_of(screen) == 7000
    assert screen.approved(f"/stock/{DISH}", what="undo", entry="cd" * 16).status_code == 204
    assert left_of(screen) == 9000


def test_d18_a_waiter_counts_and_no_more(waiter: Screen) -> None:
    waiter.post(f"/stock/{DISH}", what="count", pieces="9")
    sheet = waiter.get(f"/stock/{DISH}").text
    assert 'value="spoilt"' not in sheet
    assert waiter.post(f"/stock/{DISH}", what="spoilt", pieces="1").status_code == 403


def test_d18_six_hundred_counted_dishes_are_turned_page_by_page(keeper: Screen) -> None:
    run = keeper.till.desk.run
    run(PublishMenu("large", large_menu(600)), BOSS)
    for number in range(600):
        run(CountItem(f"n{number}", f"d{number}", 1000), BOSS)
    seen: set[str] = set()
    path: str | None = "/stock"
    while path:
        page = keeper.get(path).text
        assert len(re.findall("<[a-z]", page)) <= NODES_AIM
        seen |= set(re.findall(r'hx-get="/stock/(d[0-9]+)"', page))
        more = re.search(r'href="([^"]+)">and [0-9]+ more', page)
        path = html.unescape(more[1]) if more else None
    assert len(seen) == 600
    assert keeper.get("/stock?begin=many").status_code == 400
