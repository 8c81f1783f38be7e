"""E3, E5, E6, S2, D18, X5: reports over any days; each bar leads to the checks behind it."""

import re
from dataclasses import replace

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    TakePayment,
)
from comptoir.commands.menu_edit import SetItem
from comptoir.commands.sales import Period, Sales, Slice
from comptoir.commands.shifts import IN, StampClock
from comptoir.domain import events as ev
from comptoir.domain import sales
from comptoir.domain.check import Check
from comptoir.domain.house import WAITER
from comptoir.domain.line import Line
from comptoir.journal import Stamp
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import BOSS, LUCAS, plain
from tests.fakes.box import StandingClock
from tests.fakes.large_menu import large_menu
from tests.fakes.till import HostTill

DISHES, DISHES_A_CHECK, NODES_MAX = 300, 30, 1500
PAGES = ("mix", "people", "hours", "losses", "money")


@pytest.mark.parametrize("page", PAGES)
def test_every_report_is_there_for_all_days(manager: Screen, page: str) -> None:
    for period in ("today", "yesterday", "week", "month", "year", "2026-11-22"):
        answer = manager.get(f"/manager/{page}?period={period}")
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        assert "style=" not in answer.text


def test_other_days_are_refused(manager: Screen) -> None:
    for query in ("period=always", "period=2026-13-01"):
        assert manager.get(f"/manager/mix?{query}").status_code == 400
    assert manager.get("/manager/losses?kind=theft").status_code == 400
    assert manager.get("/manager/checks?cut=theft").status_code == 400


def test_e6_dishes_in_two_languages_with_quantity_and_money(manager: Screen) -> None:
    text = plain(manager.get("/manager/mix").text)
    assert "Har gow, steamed prawn dumplings 虾饺 2 6.50" in text, "two made, one of them given"


def test_e6_the_margin_stands_beside_what_sold(manager: Screen) -> None:
    till = manager.till
    nothing = plain(manager.get("/manager/mix?period=yesterday").text)
    assert "No dish was sold of which that is known" in nothing
    dish = till.journal.state("menu:it").item("har-gow-steamed")
    till.desk.run(SetItem("cost", replace(dish, cost=395)), BOSS)
    till.desk.run(OpenCheck("o9", "c9", "eat_in", "hall-4", 1), LUCAS)
    till.desk.run(AddLine("a9", "c9", "l9", dish.id), LUCAS)
    untaxed = sum(one.priced.line(line.id).untaxed for one, line in _sold(till))
    cost = sum(line.house_cost for _check, line in _sold(till))
    assert cost == 395 + 2 * dish.cost, "what was sold before costs what it did then"
    margin, share = untaxed - cost, f"{(untaxed - cost) * 100 / untaxed:.0f} %"
    text = plain(manager.get("/manager/mix").text)
    assert f"Margin €{margin / 100:.2f} · {share}" in text, text
    checks = manager.get(f"/manager/checks?cut=margin&key={dish.id}").text
    assert "/manager/checks/c9" in checks


def test_the_page_of_dishes_asks_for_each_figure_once(
    manager: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a year of a million lines each of them is what the page costs."""
    asked: list[str] = []
    whole = Sales.slices

    def slices(found: Sales, cut: str, period: Period) -> list[Slice]:
        asked.append(cut)
        return whole(found, cut, period)

    monkeypatch.setattr(Sales, "slices", slices)
    assert manager.get("/manager/mix?period=year").status_code == 200
    assert sorted(asked) == [sales.COST, sales.ITEM, sales.MARGIN]


def test_dishes_by_the_hundred_are_turned_page_by_page_and_none_is_heavy(manager: Screen) -> None:
    till, menu = manager.till, large_menu(DISHES)
    till.desk.run(PublishMenu("menu", menu), BOSS)
    for first in range(0, DISHES, DISHES_A_CHECK):
        with till.desk.log.writing(Stamp("lucas", till.desk.business_date())) as writing:
            name = f"many-{first}"
            writing.append(ev.CheckOpened(name, f"A1-{first}", "eat_in", "hall-1", 3))
            for one in menu.items[first : first + DISHES_A_CHECK]:
                line = ev.LineAdded(name, one.id, one.id, one.names, 1000, 900, cost=300)
                writing.append(line)
    seen: list[str] = []
    link = ["/manager/mix?period=today"]
    while link:
        page = manager.get(link[0].replace("&amp;", "&")).text
        assert len(re.findall("<[a-z]", page)) <= NODES_MAX
        seen += re.findall(r"cut=item&amp;key=(d\d+)&", page)
        link = re.findall(r'href="([^"]*)">and \d+ more that sold less', page)
    assert sorted(seen) == sorted(item.id for item in menu.items)
    assert manager.get("/manager/mix?begin=-1").status_code == 400


def _sold(till: HostTill) -> list[tuple[Check, Line]]:
    return [(one, line) for one in till.journal.states("check") for line in one.live_lines]


def test_e3_a_server_is_shown_with_guests_and_average(manager: Screen) -> None:
    text = plain(manager.get("/manager/people").text)
    assert "Lucas Petit Sold" in text
    assert "Guests 2" in text


def test_x5_tips_are_shared_among_the_crew_by_the_time_they_worked(manager: Screen) -> None:
    till = manager.till
    clock = till.use_clock(StandingClock(till.desk.clock.now_ms()))
    for who in ("lucas", "wang-fang"):
        till.desk.run(StampClock(f"in-{who}", IN), Actor(who, WAITER))
    due = till.journal.state("check:c1").due
    till.desk.run(IntendPayment("i", "c1", "p", "card", due, tip=300), LUCAS)
    till.desk.run(TakePayment("t", "c1", "p", due + 300, reference="4711"), LUCAS)
    clock.ms += 2 * 3_600_000 + 30_000
    later = Screen(till, till.app().test_client()).sign_in("li-wei")
    page = later.get("/manager/people?period=week").text  # the business day may end meanwhile
    told = plain(page).partition("Tips shared by the time worked")[2]
    assert "Lucas Petit · 2:00 €1.50" in told, told
    assert "Wang Fang · 2:00 €1.50" in told
    assert "Tips €3.00" in told


def test_e5_a_void_is_drilled_down_to_its_event(manager: Screen) -> None:
    page = manager.get("/manager/losses?kind=void").text
    assert "Not good" in plain(page)
    links = re.findall(r'href="(/manager/checks\?cut=void&amp;key=quality[^"]*)"', page)
    checks = manager.get(links[0].replace("&amp;", "&")).text
    (check,) = re.findall(r'href="(/manager/checks/\w+)"', checks)
    history = plain(manager.get(check).text)
    assert "Voided" in history
    assert "approved by Li Wei" in history
    assert "Not good" in history


def test_s2_nobody_on_account_is_said(manager: Screen) -> None:
    assert "Nobody paid on a house account" in plain(manager.get("/manager/accounts").text)


def test_an_unknown_check_is_said_to_be_unknown(manager: Screen) -> None:
    assert manager.get("/manager/checks/nothing").status_code == 404
