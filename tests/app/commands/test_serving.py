"""Names of courses, the bill asked for, eaten in or taken away."""

import pytest

from comptoir.commands import (
    AddLine,
    AskBill,
    IntendPayment,
    MergeChecks,
    NameCourses,
    OpenCheck,
    PublishMenu,
    SetOrderType,
    TakePayment,
    queries,
)
from comptoir.domain.errors import AmountRefused
from comptoir.domain.menu import EAT_IN, TAKE_AWAY, Item, Menu
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box

TEN = TaxRate("ten", "TVA", 100_000, inclusive=True)
FIVE = TaxRate("five", "TVA", 55_000, inclusive=True)


@pytest.fixture
def house(box: Box) -> Box:
    soup = Item("soup", "x", {"en": "Soup"}, 1000, {EAT_IN: ("ten",), TAKE_AWAY: ("five",)})
    box.desk.run(PublishMenu("menu", Menu("", (TEN, FIVE), items=(soup,))), BOSS)
    box.desk.run(OpenCheck("o", "c"), BOSS)
    box.desk.run(AddLine("a", "c", "l1", "soup"), BOSS)
    return box


def test_the_house_names_its_courses(box: Box) -> None:
    names = ({"en": "Starters", "fr": "Entrées"}, {"en": " Mains "})
    box.desk.run(NameCourses("n", names), BOSS)
    courses = queries.courses(box.journal)
    assert [courses.of(i) for i in (1, 2, 3, 0)] == [names[0], {"en": "Mains"}, {}, {}]


@pytest.mark.parametrize("names", [({"en": " "},), ({},), ({"en": "x"},) * 21])
def test_a_course_without_a_name_is_refused(box: Box, names: tuple[dict[str, str], ...]) -> None:
    with pytest.raises(AmountRefused):
        box.desk.run(NameCourses("n", names), BOSS)


def test_the_bill_is_asked_for_and_not_after_all(house: Box) -> None:
    house.desk.run(OpenCheck("o2", "d"), BOSS)
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    house.desk.run(AskBill("b", "d"), BOSS)
    assert queries.check(house.journal, "c").asked_ms > 0
    house.desk.run(AskBill("b2", "c", asked=False), BOSS)
    assert queries.check(house.journal, "c").asked_ms == 0


def test_taken_away_after_all_the_taxes_follow_and_the_price_stays(house: Box) -> None:
    house.desk.run(SetOrderType("t", "c", TAKE_AWAY), BOSS)
    check = queries.check(house.journal, "c")
    assert (check.order_type, check.total) == (TAKE_AWAY, 1000)
    assert [tax.rate_ppm for tax in check.taxes] == [55_000]
    house.desk.run(AddLine("a2", "c", "l2", "soup"), BOSS)
    check = queries.check(house.journal, "c")
    assert [tax.rate_ppm for tax in check.taxes] == [55_000]


def test_the_order_type_stays_once_money_was_taken(house: Box) -> None:
    house.desk.run(IntendPayment("i", "c", "p", "cash", 400), BOSS)
    house.desk.run(TakePayment("t", "c", "p", 400), BOSS)
    with pytest.raises(AmountRefused, match="paid in part"):
        house.desk.run(SetOrderType("s", "c", TAKE_AWAY), BOSS)
    with pytest.raises(AmountRefused, match="no order type"):
        house.desk.run(SetOrderType("s", "c", "delivered"), BOSS)
