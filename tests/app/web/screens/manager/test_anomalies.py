"""D18: cash over or short, drawers opened for nothing, voids after the bill: marked, drilled."""

import re

import pytest

from comptoir.commands import Actor, PrintReceipt, PublishPrinting, VoidLine
from comptoir.commands.anomalies import SetCashLimits, cash_limits
from comptoir.commands.cash import CloseDrawer, CountDrawer, KickDrawer, OpenDrawer
from comptoir.domain.anomalies import CashLimits
from comptoir.domain.cash import Denomination
from comptoir.domain.errors import AmountRefused, NotAllowed
from comptoir.domain.house import CASHIER
from comptoir.domain.printing import Printer
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import BOSS, LUCAS, plain

SOPHIE = Actor("sophie", CASHIER)
PAGE = "/manager/anomalies"
BEYOND = re.compile(r'class="beyond">beyond ([^<]+)<')


def drawer(screen: Screen, name: str, counted: int) -> None:
    """Open a drawer with 50.00, open it twice for nothing, count and close it."""
    run = screen.till.desk.run
    run(OpenDrawer(f"o-{name}", name, f"Drawer {name}", (Denomination(1000, 5),)), SOPHIE)
    for n in range(2):
        run(KickDrawer(f"k-{name}-{n}", name, "change"), SOPHIE)
    run(CountDrawer(f"n-{name}", name, (Denomination(1, counted),)), SOPHIE)
    run(CloseDrawer(f"c-{name}", name), SOPHIE)


def test_d18_what_is_within_the_limits_is_listed_and_what_is_beyond_is_marked(
    manager: Screen,
) -> None:
    for name, counted in (("a", 4500), ("b", 5501), ("c", 5000)):
        drawer(manager, name, counted)
    page = manager.get(PAGE).text
    told = plain(page)
    assert "Drawer a Sophie Martin" in told
    assert "-5.00 short" in told
    assert "5.01 over" in told
    assert "Drawer c Sophie Martin" not in told, "right to the cent is no anomaly"
    assert BEYOND.findall(page) == ["€5.00", "3"], "the second drawer, and six openings that day"
    assert page.count('href="/drawers/b"') == 3, "each leads to what it is of"
    assert manager.get("/drawers/b").status_code == 200
    manager.post("/office/house/limits", over_short="5.01", no_sales="6", voids="1")
    assert BEYOND.findall(manager.get(PAGE).text) == []
    assert "Nothing in these days" in manager.get(f"{PAGE}?period=yesterday").text


def test_d18_a_void_after_the_bill_was_printed_leads_to_its_check(manager: Screen) -> None:
    run = manager.till.desk.run
    assert "/manager/checks/c1" not in manager.get(PAGE).text, "voided before it was printed"
    run(PublishPrinting("p", (Printer("bar", "Bar", "192.0.2.1", receipts=("t1",)),), ()), BOSS)
    run(PrintReceipt("r", "c1"), LUCAS)
    run(VoidLine("v2", "c1", "l3", "quality"), LUCAS, BOSS)
    page = manager.get(PAGE).text
    assert page.count('href="/manager/checks/c1"') == 1
    assert "Not good" in plain(page)
    assert BEYOND.findall(page) == []
    run(SetCashLimits("l", 500, 3, 0), BOSS)
    assert BEYOND.findall(manager.get(PAGE).text) == ["0"]


def test_d18_only_a_manager_sets_limits_and_only_those_that_are_some(manager: Screen) -> None:
    run = manager.till.desk.run
    with pytest.raises(NotAllowed):
        run(SetCashLimits("x", 1, 1, 1), LUCAS)
    for limits in ((-1, 1, 1), (1, -1, 1), (1, 1, 1001)):
        with pytest.raises(AmountRefused):
            run(SetCashLimits("y", *limits), BOSS)
    assert manager.post("/office/house/limits", over_short="much").status_code == 422
    assert cash_limits(manager.till.journal) == CashLimits()
    manager.sign_in("lucas")
    assert manager.get(PAGE).status_code == 403
