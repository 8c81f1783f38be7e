"""E3, E5, E6, B10, D4, S2: figures follow every sale, and open down to the checks behind them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    CompLine,
    Fire,
    FoundRestaurant,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    SetDiscount,
    TakePayment,
    VoidLine,
)
from comptoir.commands.menu_edit import SetItem
from comptoir.commands.sales import Period, Sales, last_days
from comptoir.domain import sales
from comptoir.domain.house import WAITER
from comptoir.domain.menu import Category, Item, Menu
from comptoir.domain.sales import Sum
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA, BEN = Actor("anna", WAITER), Actor("ben", WAITER)
VAT = TaxRate("v10", "10 %", 100_000)
SALES_TAX = TaxRate("s", "8.875 %", 88_750, inclusive=False)
SOUP = Item("soup", "starters", {"en": "Hot soup"}, 500, {"eat_in": ("v10",)})
DUCK = Item("duck", "mains", {"en": "Duck"}, 2000, {"eat_in": ("s",)})
CATEGORIES = (Category("starters", {"en": "Starters"}), Category("mains", {"en": "Mains"}))
HOUR_MS = 3_600_000
TODAY = Period("2026-11-22", "2026-11-22")


@pytest.fixture
def here(box: Box) -> Box:
    found = FoundRestaurant("f", "Chez", "EUR", "Europe/Paris", ("en",), box.card)
    box.desk.run(found, Actor("system", "system"))
    menu = Menu("", (VAT, SALES_TAX), CATEGORIES, (), (SOUP, DUCK))
    box.desk.run(PublishMenu("menu-1", menu), BOSS)
    return box


@pytest.fixture
def figures(here: Box) -> Sales:
    return Sales(here.journal)


def order(box: Box, check: str, *items: str, by: Actor = ANNA, covers: int = 2) -> None:
    box.desk.run(OpenCheck(f"o-{check}", check, "eat_in", "7", covers), by)
    for number, item in enumerate(items, 1):
        box.desk.run(AddLine(f"l-{check}{number}", check, f"{check}-{number}", item), by)
    box.desk.run(Fire(f"f-{check}", check), by)


def pay(box: Box, check: str, amount: int, tip: int = 0, account: str = "") -> None:
    tender = "house_account" if account else "cash"
    intend = IntendPayment(f"i-{check}", check, f"p-{check}", tender, amount, tip, account=account)
    box.desk.run(intend, BOSS)
    box.desk.run(TakePayment(f"t-{check}", check, f"p-{check}", amount + tip), BOSS)


def up_to_date(figures: Sales) -> Sales:
    while figures.refresh():
        pass
    return figures


def keys(figures: Sales, cut: str, period: Period = TODAY) -> dict[str, Sum]:
    return {one.key: one.sum for one in figures.slices(cut, period)}


def test_d4_each_sale_moves_the_figures(here: Box, figures: Sales) -> None:
    assert up_to_date(figures).total(sales.SALES, TODAY) == Sum()
    order(here, "a", "soup", "duck")
    up_to_date(figures)
    assert figures.total(sales.SALES, TODAY) == Sum(1, 2000, 500 + 2178)
    order(here, "b", "soup", by=BEN, covers=1)
    up_to_date(figures)
    assert figures.total(sales.SALES, TODAY) == Sum(2, 3000, 1000 + 2178)
    assert keys(figures, sales.TAX)["s"].amount == 178


def test_e6_dishes_and_categories_sum_to_the_sales(here: Box, figures: Sales) -> None:
    order(here, "a", "soup", "duck", "soup")
    up_to_date(figures)
    mix = figures.slices(sales.ITEM, TODAY)
    assert [(one.key, one.sum) for one in mix] == [
        ("duck", Sum(1, 1000, 2178)),
        ("soup", Sum(2, 2000, 1000)),
    ]
    pages = figures.categories(mix)
    assert [(one.names["en"], one.sum.amount) for one in pages] == [
        ("Mains", 2178),
        ("Starters", 1000),
    ]
    assert sum(one.sum.amount for one in mix) == figures.total(sales.SALES, TODAY).amount


def test_e6_a_dish_leaves_its_price_without_taxes_less_what_it_costs(
    here: Box, figures: Sales
) -> None:
    dear = replace(SOUP, cost=120)
    here.desk.run(SetItem("cost", dear), BOSS)
    order(here, "a", "soup", "duck", "soup")
    here.desk.run(SetItem("cost-2", replace(SOUP, cost=200)), BOSS)
    order(here, "b", "soup")
    here.desk.run(CompLine("comp", "b", "b-1", "birthday"), BOSS)
    up_to_date(figures)
    assert keys(figures, sales.COST) == {"soup": Sum(3, 3000, 120 + 120 + 200)}
    assert keys(figures, sales.MARGIN) == {"soup": Sum(3, 3000, 909 - 2 * 120 - 200)}
    assert figures.slices(sales.MARGIN, TODAY)[0].names == SOUP.names


def test_hours_are_those_of_the_houses_watch(here: Box, figures: Sales) -> None:
    order(here, "a", "soup")
    here.clock.ms += 3 * HOUR_MS
    order(here, "b", "soup", "soup")
    hours = keys(up_to_date(figures), sales.HOUR)
    assert {hour: one.count for hour, one in hours.items()} == {"13": 1, "16": 2}


def test_e3_each_server_has_sales_guests_average_tips_voids(here: Box, figures: Sales) -> None:
    order(here, "a", "duck", covers=4)
    order(here, "b", "soup", "soup", by=BEN)
    order(here, "c", "soup", by=BEN)
    pay(here, "b", 1000, tip=150)
    here.desk.run(VoidLine("v", "c", "c-1", "quality"), BEN, BOSS)
    anna, ben = up_to_date(figures).servers(TODAY)
    assert (anna.id, anna.sold, anna.average) == ("anna", Sum(1, 4000, 2178), 2178)
    assert (ben.sold.amount, ben.tips, ben.voids) == (1000, 150, Sum(1, 1000, 500))


def test_e5_a_void_is_found_by_reason_person_approver_and_hour(here: Box, figures: Sales) -> None:
    order(here, "a", "duck", "soup", "soup")
    here.desk.run(VoidLine("v", "a", "a-1", "quality"), ANNA, BOSS)
    here.desk.run(CompLine("c", "a", "a-2", "birthday"), BOSS)
    here.desk.run(SetDiscount("d", "a", ppm=100_000, reason="friend"), BOSS)
    up_to_date(figures)
    assert keys(figures, sales.VOID) == {"quality": Sum(1, 1000, 2000)}
    assert keys(figures, "void-by") == {"anna": Sum(1, 1000, 2000)}
    assert keys(figures, "void-approved") == {"boss": Sum(1, 1000, 2000)}
    assert keys(figures, "void-at") == {"13": Sum(1, 1000, 2000)}
    assert keys(figures, sales.COMP) == {"birthday": Sum(1, 1000, 500)}
    assert keys(figures, sales.DISCOUNT) == {"friend": Sum(1, 0, 50)}
    assert figures.total(sales.SALES, TODAY).amount == 450
    ((check, part),) = figures.checks(sales.VOID, "quality", TODAY)
    assert (check.id, part.amount) == ("a", 2000)


def test_a_dish_taken_off_before_it_was_sent_is_no_void(here: Box, figures: Sales) -> None:
    here.desk.run(OpenCheck("o", "a", "eat_in"), ANNA)
    here.desk.run(AddLine("l", "a", "a-1", "soup"), ANNA)
    here.desk.run(VoidLine("v", "a", "a-1", "undone"), ANNA)
    up_to_date(figures)
    assert keys(figures, sales.VOID) == {}
    assert keys(figures, sales.CORRECTION) == {"undone": Sum(1, 1000, 500)}


def test_what_was_taken_back_is_taken_out_of_every_figure(here: Box, figures: Sales) -> None:
    order(here, "a", "soup", "duck")
    here.desk.run(CompLine("c", "a", "a-2", "birthday"), BOSS)
    assert keys(up_to_date(figures), sales.COMP)
    here.desk.run(CompLine("c2", "a", "a-2", comped=False), BOSS)
    up_to_date(figures)
    assert keys(figures, sales.COMP) == {}
    assert figures.checks(sales.COMP, "birthday", TODAY) == []
    assert figures.total(sales.SALES, TODAY).amount == 2678


def test_b10_days_stand_beside_each_other(here: Box, figures: Sales) -> None:
    order(here, "a", "soup")
    here.clock.ms += 24 * HOUR_MS
    order(here, "b", "duck")
    week = last_days("2026-11-23", 7)
    found = up_to_date(figures).days(sales.SALES, week)
    assert len(found) == 7
    assert [found[day].amount for day in ("2026-11-21", "2026-11-22", "2026-11-23")] == [
        0,
        500,
        2178,
    ]
    assert week.before(7).last == "2026-11-16"


def test_s2_accounts_that_drive_the_sales_come_first(here: Box, figures: Sales) -> None:
    for number, account in enumerate(("acme", "acme", "bank", "acme")):
        here.clock.ms += 24 * HOUR_MS
        order(here, f"c{number}", "soup")
        pay(here, f"c{number}", 500, account=account)
    regulars = up_to_date(figures).regulars("2026-11-26")
    assert [(one.account, one.count, one.amount) for one in regulars] == [
        ("acme", 3, 1500),
        ("bank", 1, 500),
    ]
    assert regulars[0].last == "2026-11-26"
    assert regulars[0].score > regulars[1].score


def test_sums_kept_step_by_step_are_those_made_anew(
    here: Box, figures: Sales, make_box: BoxMaker, tmp_path: Path
) -> None:
    for number in range(60):
        order(here, f"c{number}", "soup", "duck", by=(ANNA, BEN)[number % 2])
        if number % 3 == 0:
            here.desk.run(VoidLine(f"v{number}", f"c{number}", f"c{number}-1", "spilt"), BOSS)
        figures.refresh(1)
    up_to_date(figures)
    cuts = (sales.SALES, sales.ITEM, sales.HOUR, sales.SERVER, sales.VOID, "void-by", sales.TAX)
    kept = {cut: keys(figures, cut) for cut in cuts}
    figures.close()
    for file in tmp_path.glob("*-sums.db*"):
        file.unlink()
    anew = up_to_date(Sales(here.journal))
    assert {cut: keys(anew, cut) for cut in cuts} == kept
    anew.close()
    other = make_box("t2", letter="B")
    other.journal.admit(here.sealed(), restaurant="r1", trust={"t1": here.card})
    elsewhere = up_to_date(Sales(other.journal))
    assert {cut: keys(elsewhere, cut) for cut in cuts} == kept


def test_a_damaged_or_older_file_of_sums_is_made_anew(
    here: Box, figures: Sales, tmp_path: Path
) -> None:
    order(here, "a", "soup")
    up_to_date(figures)
    figures.close()
    (file,) = tmp_path.glob("*-sums.db")
    file.write_bytes(b"no database at all, for longer than a header is" * 40)
    anew = up_to_date(Sales(here.journal))
    assert anew.total(sales.SALES, TODAY).amount == 500
    anew.close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 99")
        db.execute("DROP TABLE total")
    assert up_to_date(Sales(here.journal)).total(sales.SALES, TODAY).amount == 500
