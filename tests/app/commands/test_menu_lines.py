"""What an order becomes: forms, set meals, happy hour, weight and open price (X2, X3, K1)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands import (
    Actor,
    AddLine,
    ChangeLine,
    CountItem,
    OpenCheck,
    PublishMenu,
    SetQuantity,
    VoidLine,
    queries,
)
from comptoir.commands.menu_lines import lines_of
from comptoir.domain.errors import AmountRefused, ItemSoldOut, ModifierRefused, VariantRefused
from comptoir.domain.house import WAITER
from comptoir.domain.line import Line
from comptoir.domain.menu import EAT_IN, Item, Menu, Modifier, ModifierGroup, Variant
from comptoir.domain.price_lists import Moment, PriceList
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box

ANNA = Actor("anna", WAITER)
FOOD, DRINK = TaxRate("food", "Food", 100_000), TaxRate("drink", "Drink", 200_000)
HEAT = ModifierGroup(
    "heat", {"en": "Heat"},
    (Modifier("mild", {"en": "Mild"}), Modifier("hot", {"en": "Hot"}, 50, allergens=("celery",))),
    1,
)  # fmt: skip
MAIN = ModifierGroup(
    "main", {"en": "Main"},
    (
        Modifier("m-duck", {"en": "Duck"}, 400, item="duck"),
        Modifier("m-tofu", {"en": "Tofu"}, item="tofu"),
    ), 1,
)  # fmt: skip
GLASS = ModifierGroup(
    "glass", {"en": "Glass"}, (Modifier("m-beer", {"en": "Beer"}, item="beer"),), 1
)
BAG = ModifierGroup("bag", {"en": "Bag"}, (Modifier("gift", {"en": "Gift bag"}, 100),))
HALF = Variant("half", {"en": "half", "zh": "半只"}, 1500)
MENU = Menu(
    "",
    (FOOD, DRINK),
    (),
    (HEAT, MAIN, GLASS, BAG),
    (
        Item("duck", "c", {"en": "Duck", "zh": "烧鸭"}, 2800, {EAT_IN: ("food",)}, station="roast",
             variants=(HALF,), allergens=("gluten",), kitchen={"zh": "鸭"}, course=2),
        Item("tofu", "c", {"en": "Tofu"}, 1201, {EAT_IN: ("food",)}, groups=("heat",),
             station="wok", allergens=("soy",)),
        Item("beer", "d", {"en": "Beer"}, 500, {EAT_IN: ("drink",)}, station="bar"),
        Item("lunch", "c", {"en": "Lunch"}, 1500, {EAT_IN: ("food",)},
             groups=("main", "glass", "bag")),
        Item("shirt", "s", {"en": "Shirt"}, 2000,
             variants=(Variant("red-l", {"en": "Red L"}, 2100, options={"size": "L"}),)),
        Item("olives", "c", {"en": "Olives"}, 2390, sold_by="weight"),
        Item("misc", "c", {"en": "Misc"}, 0, sold_by="open"),
    ),
    (PriceList("happy", {"en": "Happy"}, {"beer": 300, "duck/half": 990},
               start_minute=17 * 60, end_minute=19 * 60),),
)  # fmt: skip


@pytest.fixture
def box(box: Box) -> Box:
    box.desk.run(PublishMenu("m", MENU), BOSS)
    box.desk.run(OpenCheck("c", "c", "eat_in"), ANNA)
    return box


def order(box: Box, item: str, qty_milli: int = 1000, *chosen: str, **more: object) -> list[Line]:
    before = len(queries.check(box.journal, "c").lines)
    name = f"l{before}"
    command = AddLine(f"k{name}", "c", name, item, qty_milli, chosen, **more)  # type: ignore[arg-type]
    box.desk.run(command, ANNA)
    return list(queries.check(box.journal, "c").lines[before:])


def test_x2_a_half_portion_has_its_own_price_and_says_so_in_every_language(box: Box) -> None:
    (line,) = order(box, "duck", variant="half")
    assert (line.amount, line.variant) == (1500, "half")
    assert line.names == {"en": "Duck · half", "zh": "烧鸭 · 半只"}
    assert line.kitchen == {"zh": "鸭 · 半只"}


def test_t9_an_item_of_sizes_is_sold_in_one_of_them(box: Box) -> None:
    with pytest.raises(VariantRefused, match="its forms are red-l"):
        order(box, "shirt")
    assert order(box, "shirt", variant="red-l")[0].amount == 2100


def test_k1_a_set_meal_becomes_its_dishes_at_their_stations_with_their_taxes(box: Box) -> None:
    lines = order(box, "lunch", 1000, "m-tofu", "m-tofu/hot", "m-beer")
    assert [(one.item, one.station, one.taxes) for one in lines] == [
        ("tofu", "wok", (FOOD,)),
        ("beer", "bar", (DRINK,)),
    ]
    assert [one.amount for one in lines] == [1059 + 50, 441]  # 1500 by 1201 : 500, and the heat
    assert {one.part_of for one in lines} == {lines[0].id}
    assert lines[0].meal == {"en": "Lunch"}
    assert [m.choice for m in lines[0].modifiers] == ["hot"]


def test_k1_a_dearer_dish_adds_its_supplement_and_the_meals_own_extras_count(box: Box) -> None:
    lines = order(box, "lunch", 2000, "m-duck", "m-beer", "gift")
    assert sum(one.amount for one in lines) == 2 * (1500 + 400 + 100)


def test_k1_a_required_choice_of_a_meals_dish_is_asked_for(box: Box) -> None:
    with pytest.raises(ModifierRefused, match="Heat, not 0"):
        order(box, "lunch", 1000, "m-tofu", "m-beer")


def test_a_set_meal_changes_and_goes_as_a_whole(box: Box) -> None:
    lines = order(box, "lunch", 1000, "m-duck", "m-beer")
    box.desk.run(SetQuantity("q", "c", lines[1].id, 3000), ANNA)
    assert queries.check(box.journal, "c").subtotal == 3 * 1900
    box.desk.run(VoidLine("v", "c", lines[0].id), ANNA)
    assert queries.check(box.journal, "c").live_lines == ()


def test_a_meal_whose_dish_is_sold_out_is_refused_whole(box: Box) -> None:
    box.desk.run(CountItem("n", "beer", 0), BOSS)
    with pytest.raises(ItemSoldOut, match="Beer"):
        order(box, "lunch", 1000, "m-duck", "m-beer")
    assert queries.check(box.journal, "c").lines == ()


def test_x3_a_line_has_the_price_of_its_minute_and_keeps_it(box: Box) -> None:
    box.clock.ms += (5 * 60 - 1) * 60_000  # 2026-11-22 17:59 in Paris
    assert order(box, "beer")[0].unit_price == 300
    assert order(box, "duck", variant="half")[0].price_list == "happy"
    box.clock.ms += 61 * 60_000  # 19:00
    assert order(box, "beer")[0].unit_price == 500
    assert [one.unit_price for one in queries.check(box.journal, "c").lines] == [300, 990, 500]


def test_what_is_sold_by_weight_costs_by_the_gram(box: Box) -> None:
    (line,) = order(box, "olives", 135)
    assert (line.amount, line.sold_by) == (323, "weight")  # 2390 x 0.135 = 322.65


def test_an_open_price_is_said_and_no_other_is(box: Box) -> None:
    assert order(box, "misc", price=1234)[0].amount == 1234
    for item, price in (("misc", None), ("misc", -1), ("beer", 100)):
        with pytest.raises(AmountRefused):
            order(box, item, price=price)


def test_x22_a_changed_dish_has_nothing_of_the_old_one(box: Box) -> None:
    (duck,) = order(box, "duck", variant="half")
    box.desk.run(ChangeLine("k-change", "c", duck.id, "tofu", 2000, ("hot",)), ANNA)
    (line,) = queries.check(box.journal, "c").lines
    (ordered,) = order(box, "tofu", 2000, "hot")
    assert replace(line, id=ordered.id) == replace(ordered, course=duck.course)


def test_allergens_are_those_of_the_dish_and_of_what_was_chosen(box: Box) -> None:
    assert order(box, "tofu", 1000, "hot")[0].allergens == ("soy", "celery")
    assert order(box, "tofu", 1000, "mild")[0].allergens == ("soy",)


@given(st.integers(0, 100_000), st.lists(st.integers(0, 9999), min_size=1, max_size=5))
def test_x2_shares_of_a_meal_sum_to_its_price_to_the_cent(price: int, dishes: list[int]) -> None:
    names = [f"d{n}" for n in range(len(dishes))]
    group = ModifierGroup(
        "g", {"en": "G"}, tuple(Modifier(f"m{n}", {"en": n}, item=n) for n in names), 0, 9
    )
    items = [Item(n, "c", {"en": n}, cost) for n, cost in zip(names, dishes, strict=True)]
    menu = Menu(
        groups=(group,), items=(*items, Item("meal", "c", {"en": "M"}, price, groups=("g",)))
    )
    command = AddLine("k", "c", "l", "meal", 1000, tuple(f"m{n}" for n in names))
    lines = list(lines_of(command, EAT_IN, menu, Moment("2026-11-23", 720)))
    assert sum(line.unit_price for line in lines) == price
    assert len({line.line for line in lines}) == len(dishes)
