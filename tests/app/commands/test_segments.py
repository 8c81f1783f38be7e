"""D17: sales, guests, average check and margin by segment; each way adds up to all sales."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands import IntendPayment, OpenCheck, TakePayment
from comptoir.commands.menu_edit import SetItem
from comptoir.commands.sales import Period, Sales
from comptoir.commands.segments import (
    CUSTOMER,
    DAYPART,
    ORDER_TYPE,
    WAYS,
    Segment,
    SetDayparts,
    checks_of,
    dayparts,
    segments,
)
from comptoir.domain import sales
from comptoir.domain.dayparts import Daypart
from comptoir.domain.errors import AmountRefused, NotAllowed
from comptoir.domain.segments import ASLEEP, BEST, NEW, SLIPPING, STEADY, Dayparts, customer
from tests.app.commands.test_availability import pass_on
from tests.app.commands.test_sales import (
    ANNA,
    HOUR_MS,
    SOUP,
    TODAY,
    figures,
    here,
    order,
    pay,
    up_to_date,
)
from tests.fakes.box import BOSS, Box, BoxMaker

__all__ = ["figures", "here"]
Asked = Callable[..., list[Segment]]


@pytest.fixture
def asked(here: Box, figures: Sales) -> Asked:
    def ask(way: str, period: Period = TODAY) -> list[Segment]:
        return segments(here.journal, up_to_date(figures), way, period, "2026-11-22")

    return ask


def test_d17_the_parts_of_the_day_are_told_by_when_the_check_was_opened(
    here: Box, asked: Asked
) -> None:
    """The clock stands at noon UTC: 13:00 in Paris."""
    order(here, "a", "soup", covers=3)
    here.clock.ms += 6 * HOUR_MS
    order(here, "b", "soup", "soup", covers=1)
    lunch, dinner = asked(DAYPART)
    assert (lunch.key, lunch.sold.amount, lunch.guests, lunch.average) == ("lunch", 500, 3, 500)
    assert (dinner.key, dinner.sold.count, dinner.average) == ("dinner", 1, 1000)
    parts = (Daypart("night", 0), Daypart("dinner", 12 * 60))
    here.desk.run(SetDayparts("d", parts), BOSS)
    (whole,) = asked(DAYPART)
    assert (whole.key, whole.sold.count, whole.average) == ("dinner", 2, 750)


def test_d17_order_types_have_their_margin_where_the_cost_is_known(here: Box, asked: Asked) -> None:
    here.desk.run(SetItem("cost", replace(SOUP, cost=150)), BOSS)
    order(here, "a", "soup", "duck")
    here.desk.run(OpenCheck("o", "b", "take_away", "", 1), ANNA)
    eat_in = asked(ORDER_TYPE)[0]
    untaxed = 455  # of 5.00 with 10 % in it
    assert (eat_in.margin.amount, eat_in.margin.count) == (untaxed - 150, 1)
    assert [one.key for one in asked(ORDER_TYPE)] == ["eat_in"], "an empty check sold nothing"


def test_d17_customers_are_put_in_segments_by_lately_often_and_much(
    here: Box, asked: Asked
) -> None:
    for number in range(3):
        order(here, f"a{number}", "soup")
        pay(here, f"a{number}", 500, account="Dupont")
    order(here, "b", "soup")
    pay(here, "b", 500, account="Martin")
    order(here, "c", "soup")
    pay(here, "c", 500)
    found = {one.key: (one.sold.count, one.keys) for one in asked(CUSTOMER)}
    assert found == {BEST: (3, ("Dupont",)), NEW: (1, ("Martin",)), "no-account": (1, ("",))}


def test_d17_a_check_that_two_accounts_paid_is_in_one_segment(here: Box, asked: Asked) -> None:
    order(here, "a", "soup")
    pay(here, "a", 300, account="Dupont")
    here.desk.run(IntendPayment("i2", "a", "p2", "house_account", 200, account="Abel"), BOSS)
    here.desk.run(TakePayment("t2", "a", "p2", 200), BOSS)
    (one,) = asked(CUSTOMER)
    assert (one.keys, one.sold.amount) == (("Dupont",), 500), "who paid most of it"


def test_d17_every_way_adds_up_to_all_sales_also_of_late_events(
    here: Box, figures: Sales, asked: Asked, make_box: BoxMaker
) -> None:
    other = make_box("t2", letter="B")
    pass_on(here, other)
    order(here, "a", "soup", "duck", covers=4)
    pay(here, "a", 2678, account="Dupont")
    order(other, "b", "soup", covers=2)
    for _ in range(2):
        whole = up_to_date(figures).total(sales.SALES, TODAY)
        for way in WAYS:
            rows = asked(way)
            assert sum(one.sold.amount for one in rows) == whole.amount, way
            assert sum(one.sold.count for one in rows) == whole.count, way
            assert sum(one.sold.qty_milli for one in rows) == whole.qty_milli, way
        pass_on(other, here)
    assert whole.count == 2, "the late one too"


def test_d17_a_segment_opens_into_its_checks(here: Box, figures: Sales, asked: Asked) -> None:
    order(here, "a", "soup")
    here.clock.ms += HOUR_MS
    order(here, "b", "soup")
    (lunch,) = asked(DAYPART)
    assert len(lunch.keys) == 2, "of two half hours"
    found = checks_of(figures, DAYPART, lunch, TODAY)
    assert [check.id for check, _part in found] == ["b", "a"]


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (Daypart("elevenses", 600),),
        (Daypart("lunch", 600), Daypart("lunch", 660)),
        (Daypart("lunch", 600), Daypart("dinner", 600)),
        (Daypart("lunch", 615),),
        (Daypart("lunch", 1440),),
        (Daypart("lunch", -30),),
    ],
)
def test_d17_what_is_no_day_is_refused(here: Box, parts: tuple[Daypart, ...]) -> None:
    with pytest.raises(AmountRefused):
        here.desk.run(SetDayparts("d", parts), BOSS)
    with pytest.raises(NotAllowed):
        here.desk.run(SetDayparts("e", (Daypart("lunch", 600),)), ANNA)
    assert dayparts(here.journal) == Dayparts()


def test_d17_the_last_part_goes_on_past_midnight() -> None:
    day = Dayparts()
    assert [day.of(minute) for minute in (0, 359, 360, 659, 660, 1439)] == [
        "night", "night", "breakfast", "breakfast", "lunch", "night",
    ]  # fmt: skip


marks = st.integers(1, 5)


@given(marks, marks, marks)
def test_d17_every_customer_is_in_one_segment(recency: int, frequency: int, money: int) -> None:
    found = customer(recency, frequency, money)
    assert found in {BEST, STEADY, NEW, SLIPPING, ASLEEP}
    assert (found in {SLIPPING, ASLEEP}) == (recency <= 2)
    assert (found == BEST) == (min(recency, frequency, money) >= 4)
