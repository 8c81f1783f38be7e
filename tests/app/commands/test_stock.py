"""D18: a stock that is counted, filled, wasted from and sold from, on two terminals."""

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    BringBackItem,
    CountItem,
    OpenCheck,
    PublishMenu,
    VoidLine,
)
from comptoir.commands.availability import availability
from comptoir.commands.sales import Period
from comptoir.commands.stock import (
    ENTRIES_MAX,
    ReceiveStock,
    RecountStock,
    SetStockLimits,
    UndoStock,
    WasteStock,
    stock_limits,
)
from comptoir.commands.variances import ItemVariance, item_variances, variances
from comptoir.domain.errors import (
    AmountRefused,
    ApprovalNeeded,
    NotAllowed,
    StockNotCounted,
    StockRefused,
)
from comptoir.domain.house import KITCHEN, STOCK, WAITER
from comptoir.domain.menu import Item, Menu, Variant
from tests.app.commands.test_availability import pass_on
from tests.fakes.box import BOSS, Box, BoxMaker

NADIA, ANNA, COOK = Actor("nadia", STOCK), Actor("anna", WAITER), Actor("cook", KITCHEN)
HALF = Variant("half", {"en": "half"}, 1500, portion_milli=500)
LARGE = Variant("l", {"en": "L"}, 900, options={"size": "L"})
MENU = Menu(
    items=(
        Item("duck", "c", {"en": "Duck"}, 2800, variants=(HALF,), cost=1000),
        Item("tea", "c", {"en": "Tea"}, 400),
        Item("shirt", "c", {"en": "Shirt"}, 900, variants=(LARGE,)),
    )
)
TODAY = Period("2026-11-22", "2026-11-22")


@pytest.fixture
def box(make_box: BoxMaker) -> Box:
    made = make_box("t1")
    made.desk.run(PublishMenu("m", MENU), BOSS)
    made.desk.run(OpenCheck("c", "c", "eat_in"), ANNA)
    made.desk.run(CountItem("n1", "duck", 10_000), NADIA)
    return made


@pytest.fixture
def other(box: Box, make_box: BoxMaker) -> Box:
    made = make_box("t2", letter="B")
    pass_on(box, made)
    return made


def left(box: Box) -> int | None:
    return next(
        one.left_milli for one in availability(box.journal) if one.availability.item == "duck"
    )


def sell(box: Box, name: str, item: str = "duck", qty_milli: int = 1000, variant: str = "") -> None:
    box.desk.run(AddLine(f"k-{name}", "c", name, item, qty_milli, variant=variant), ANNA)


def of(box: Box, item: str = "duck") -> ItemVariance:
    return next(one for one in variances(box.journal, TODAY).items if one.item == item)


def test_d18_the_variance_is_what_was_counted_less_what_should_be_there(box: Box) -> None:
    run = box.desk.run
    run(ReceiveStock("r1", "duck", 6000, "Wang & Sons"), NADIA)
    run(WasteStock("w1", "duck", 1500, "spoilt"), COOK)
    sell(box, "l1", qty_milli=2000)
    sell(box, "l2", variant="half")
    sell(box, "l3")
    run(VoidLine("v", "c", "l3"), ANNA)
    assert left(box) == 10_000 + 6000 - 1500 - 2000 - 500, "what is left is what should be there"
    run(CountItem("n2", "duck", 11_250), NADIA)
    last, first = of(box).counts
    assert (last.expected_milli, last.counted_milli, last.variance_milli) == (12_000, 11_250, -750)
    assert (last.amount, last.unit, last.at_cost) == (-750, 1000, True)
    assert (first.before, first.variance_milli) == ("", 0), "nobody counted before"
    assert (last.by, last.business_date, last.wasted_milli) == ("nadia", "2026-11-22", 1500)
    assert left(box) == 11_250


def test_d18_what_has_no_cost_is_worth_its_price_and_a_variant_has_its_own(box: Box) -> None:
    for name, item in (("1", "tea"), ("2", "shirt/l")):
        box.desk.run(CountItem(f"a{name}", item, 5000), NADIA)
        box.desk.run(CountItem(f"b{name}", item, 6500), NADIA)
    assert (of(box, "tea").amount, of(box, "tea").counts[0].at_cost) == (600, False)
    assert (of(box, "shirt/l").amount, of(box, "shirt/l").names) == (1350, {"en": "Shirt, L"})
    found = variances(box.journal, TODAY)
    assert (found.found, found.missing) == (1950, 0)


def test_d18_late_events_of_another_terminal_change_the_variance_on_both(
    box: Box, other: Box
) -> None:
    """The other one sold and threw away while it could not be heard."""
    sell(other, "l1", qty_milli=3000)
    other.desk.run(WasteStock("w1", "duck", 1000, "fell"), COOK)
    box.desk.run(CountItem("n2", "duck", 6000), NADIA)
    assert of(box).variance_milli == -4000
    pass_on(other, box)
    pass_on(box, other)
    assert [of(one).variance_milli for one in (box, other)] == [0, 0]
    assert box.journal.digest() == other.journal.digest()


def test_d18_an_entry_is_undone_once_and_a_count_corrected(box: Box) -> None:
    run = box.desk.run
    run(ReceiveStock("r1", "duck", 6000), NADIA)
    run(UndoStock("u1", "duck", "r1"), NADIA)
    assert left(box) == 10_000
    for entry in ("r1", "nothing"):
        with pytest.raises(StockRefused):
            run(UndoStock(f"u-{entry}", "duck", entry), NADIA)
    run(CountItem("n2", "duck", 100_000), NADIA)
    assert of(box).variance_milli == 90_000
    run(RecountStock("fix", "duck", 10_000), NADIA)
    assert of(box).variance_milli == 0
    assert left(box) == 10_000


def test_d18_what_was_never_counted_or_brought_back_uncounted_has_nothing_to_vary_from(
    box: Box,
) -> None:
    with pytest.raises(StockNotCounted):
        box.desk.run(ReceiveStock("r", "tea", 1000), NADIA)
    box.desk.run(BringBackItem("b", "duck"), NADIA)
    with pytest.raises(StockNotCounted):
        box.desk.run(RecountStock("x", "duck", 1000), NADIA)
    sell(box, "l1", qty_milli=4000)
    box.desk.run(CountItem("n2", "duck", 6000), NADIA)
    assert [one.before for one in of(box).counts] == ["", ""]


def test_d18_quantities_and_reasons_have_their_bounds(box: Box) -> None:
    run = box.desk.run
    for qty in (0, -1, 1_000_000_001):
        with pytest.raises(AmountRefused):
            run(ReceiveStock("r", "duck", qty), NADIA)
    with pytest.raises(AmountRefused):
        run(RecountStock("low", "duck", -1), NADIA)
    with pytest.raises(StockRefused):
        run(WasteStock("w", "duck", 1000, "  "), COOK)
    for n in range(ENTRIES_MAX):
        run(ReceiveStock(f"r{n}", "duck", 1), NADIA)
    with pytest.raises(StockRefused, match="Count it again"):
        run(ReceiveStock("more", "duck", 1), NADIA)


def test_d18_a_cook_wastes_but_neither_receives_nor_undoes_alone(box: Box) -> None:
    box.desk.run(WasteStock("w1", "duck", 1000, "fell"), COOK)
    with pytest.raises(NotAllowed):
        box.desk.run(ReceiveStock("r1", "duck", 1000), COOK)
    with pytest.raises(ApprovalNeeded):
        box.desk.run(UndoStock("u1", "duck", "w1"), COOK)
    box.desk.run(UndoStock("u2", "duck", "w1"), COOK, BOSS)
    with pytest.raises(NotAllowed):
        box.desk.run(WasteStock("w2", "duck", 1000, "fell"), ANNA)


def test_d18_the_house_says_what_is_marked(box: Box) -> None:
    box.desk.run(CountItem("n2", "duck", 9100), NADIA)
    assert not of(box).beyond, "9 % and 9.00 are within"
    box.desk.run(SetStockLimits("s", 899, 100_000), BOSS)
    assert of(box).beyond
    box.desk.run(SetStockLimits("s2", 1000, 89_999), BOSS)
    assert of(box).beyond
    for limits in ((-1, 0), (0, 1_000_001)):
        with pytest.raises(AmountRefused):
            box.desk.run(SetStockLimits("s3", *limits), BOSS)
    with pytest.raises(NotAllowed):
        box.desk.run(SetStockLimits("s4", 1, 1), NADIA)
    assert stock_limits(box.journal).amount == 1000


def test_d18_other_days_are_other_reports_and_an_item_shows_all_of_its_own(box: Box) -> None:
    assert variances(box.journal, Period("2026-11-20", "2026-11-21")).items == ()
    for n in range(2, 6):
        box.desk.run(CountItem(f"n{n}", "duck", n * 1000), NADIA)
    shown = item_variances(box.journal, "duck", 3)
    assert [one.count for one in shown] == ["n5", "n4", "n3"]


def test_d18_what_was_thrown_away_counts_on_its_day_and_not_once_it_is_undone(box: Box) -> None:
    for name in ("w1", "w2"):
        box.desk.run(WasteStock(name, "duck", 1500, "spoilt"), COOK)
    assert variances(box.journal, TODAY).wasted == 3000, "before anybody counts again"
    box.desk.run(UndoStock("u1", "duck", "w2"), NADIA)
    assert variances(box.journal, TODAY).wasted == 1500
    assert variances(box.journal, Period("2026-11-20", "2026-11-21")).wasted == 0
