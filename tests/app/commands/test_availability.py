"""86 and what is left, on two terminals (T2, X2)."""

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    BringBackItem,
    CountItem,
    Fire,
    OpenCheck,
    PublishMenu,
    SetQuantity,
    StopItem,
    VoidLine,
)
from comptoir.commands.availability import availability
from comptoir.domain.errors import AmountRefused, ItemNotFound, ItemSoldOut
from comptoir.domain.house import KITCHEN, WAITER
from comptoir.domain.menu import Item, Menu, Variant
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA, COOK = Actor("anna", WAITER), Actor("cook", KITCHEN)
HALF = Variant("half", {"en": "half"}, 1500, portion_milli=500)
MENU = Menu(items=(Item("duck", "c", {"en": "Duck"}, 2800, variants=(HALF,)),))


def pass_on(source: Box, to: Box) -> None:
    to.journal.admit(source.sealed(), restaurant="r1", trust={source.name: source.card})


@pytest.fixture
def box(make_box: BoxMaker) -> Box:
    made = make_box("t1")
    made.desk.run(PublishMenu("m", MENU), BOSS)
    made.desk.run(OpenCheck("c", "c", "eat_in"), ANNA)
    made.desk.run(CountItem("n1", "duck", 3000), COOK)
    return made


@pytest.fixture
def other(box: Box, make_box: BoxMaker) -> Box:
    made = make_box("t2", letter="B")
    pass_on(box, made)
    return made


def left(box: Box) -> int | None:
    (one,) = availability(box.journal)
    return one.left_milli


def sell(box: Box, name: str, qty_milli: int = 1000, variant: str = "") -> None:
    box.desk.run(AddLine(f"k-{name}", "c", name, "duck", qty_milli, variant=variant), ANNA)


def test_t2_every_terminal_takes_from_one_count(box: Box, other: Box) -> None:
    sell(box, "l1")
    pass_on(box, other)
    sell(other, "l2")
    pass_on(other, box)
    assert [left(one) for one in (box, other)] == [1000, 1000]
    assert box.journal.digest() == other.journal.digest()


def test_t2_the_last_one_is_sold_once_among_terminals_that_hear_each_other(
    box: Box, other: Box
) -> None:
    sell(box, "l1", 3000)
    pass_on(box, other)
    with pytest.raises(ItemSoldOut, match=r"Duck: 0\.000 left"):
        sell(other, "l2")
    assert not availability(other.journal)[0].to_be_had


def test_t2_sold_on_both_sides_of_a_cut_goes_below_zero_and_says_so(box: Box, other: Box) -> None:
    sell(box, "l1", 2000)
    sell(other, "l2", 3000)
    pass_on(box, other)
    pass_on(other, box)
    for one in (box, other):
        (state,) = availability(one.journal)
        assert (state.left_milli, state.oversold_milli, state.to_be_had) == (-2000, 2000, False)


def test_a_half_portion_takes_half(box: Box) -> None:
    sell(box, "l1", variant="half")
    assert left(box) == 2500
    sell(box, "l2", 5000, variant="half")
    assert left(box) == 0


def test_a_quantity_changes_the_count_and_a_void_before_the_kitchen_gives_back(box: Box) -> None:
    sell(box, "l1")
    box.desk.run(SetQuantity("q1", "c", "l1", 3000), ANNA)
    assert left(box) == 0
    with pytest.raises(ItemSoldOut):
        box.desk.run(SetQuantity("q2", "c", "l1", 4000), ANNA)
    box.desk.run(SetQuantity("q3", "c", "l1", 2000), ANNA)
    assert left(box) == 1000
    box.desk.run(VoidLine("v1", "c", "l1"), ANNA)
    assert left(box) == 3000


def test_what_the_kitchen_has_cooked_is_gone(box: Box) -> None:
    sell(box, "l1")
    box.desk.run(Fire("f", "c"), ANNA)
    box.desk.run(VoidLine("v1", "c", "l1", "dropped"), BOSS)
    assert left(box) == 2000


def test_an_item_taken_off_is_refused_everywhere_until_it_is_back(box: Box, other: Box) -> None:
    box.desk.run(StopItem("s1", "duck", "oven broken"), COOK)
    pass_on(box, other)
    with pytest.raises(ItemSoldOut, match="oven broken"):
        sell(other, "l1")
    other.desk.run(BringBackItem("b1", "duck"), COOK)
    sell(other, "l2", 9000)
    assert availability(other.journal) == []


def test_counting_again_is_the_last_word(box: Box) -> None:
    sell(box, "l1")
    box.desk.run(CountItem("n2", "duck", 7000), COOK)
    assert left(box) == 7000
    sell(box, "l2")
    assert left(box) == 6000


def test_a_variant_may_be_counted_by_itself(box: Box) -> None:
    box.desk.run(BringBackItem("b1", "duck"), COOK)
    box.desk.run(CountItem("n2", "duck/half", 1000), COOK)
    sell(box, "l1", variant="half")
    sell(box, "l2")
    with pytest.raises(ItemSoldOut):
        sell(box, "l3", variant="half")


def test_only_what_is_on_the_menu_is_counted_and_never_below_nothing(box: Box) -> None:
    for name in ("goose", "duck/third"):
        with pytest.raises(ItemNotFound):
            box.desk.run(CountItem("x", name, 1), COOK)
    with pytest.raises(AmountRefused):
        box.desk.run(CountItem("x", "duck", -1), COOK)
