"""D5, T2: who looks after the stock has a screen of their own; the kitchen takes dishes off too."""

import pytest

from comptoir.commands import SetStaff
from comptoir.domain.house import STOCK
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS

DISH = "har-gow-steamed"


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
