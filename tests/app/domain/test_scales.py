"""Labels of scales: which item, how much, and never a misread one (X13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.fold import fold
from comptoir.domain.menu import EACH, OPEN_PRICE, WEIGHT, Item, Menu
from comptoir.domain.menu_rules import check_digit
from comptoir.domain.scales import Label, LabelRefused, ScaleCodes, faults, item_of, read, verifier
from tests.app.domain.bills import event

CODES = ScaleCodes(("21IIIIIWWWWWK", "02IIIICPPPPPK", "22IIIIICPPPPK"))
HAM = Item("ham", "x", {"en": "Ham"}, 2490, number="7", sold_by=WEIGHT)
CAKE = Item("cake", "x", {"en": "Cake"}, 0, number="1234", sold_by=OPEN_PRICE)
ROLL = Item("roll", "x", {"en": "Roll"}, 120, number="9", sold_by=EACH)
MENU = Menu("m", items=(HAM, CAKE, ROLL))


def ean(digits: str) -> str:
    return digits + str(check_digit(digits))


def test_the_inner_check_digit_is_that_of_the_worked_examples() -> None:
    """GS1 General Specifications 7.9: 2875 has 9, 14685 has 6."""
    assert (verifier("2875"), verifier("14685")) == (9, 6)


def test_a_weight_and_a_price_are_read() -> None:
    assert read(ean("210000700345"), CODES) == Label("00007", grams=345)
    assert read(ean("021234614685"), CODES) == Label("1234", price=14685)
    assert read(ean("220123492875"), CODES) == Label("01234", price=2875)
    assert Label("7", grams=345).qty_milli == 345


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("2100777003453", "misread"),
        (ean("021234514685"), "inner check digit"),
        (ean("210000700000"), "nothing was weighed"),
    ],
)
def test_a_label_that_was_misread_is_refused_with_the_reason(code: str, why: str) -> None:
    with pytest.raises(LabelRefused, match=why):
        read(code, CODES)


@given(st.text("0123456789x ", max_size=14))
def test_any_other_code_is_no_label(code: str) -> None:
    assert read(code, ScaleCodes()) is None
    if len(code) != 13 or not code.startswith(("21", "02", "22")):
        assert read(code, CODES) is None


@given(st.integers(0, 99999), st.integers(1, 99999), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_never_sells_anything(item: int, grams: int, at: int, by: int) -> None:
    code = ean(f"21{item:05}{grams:05}")
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    if wrong.startswith("21"):
        with pytest.raises(LabelRefused):
            read(wrong, CODES)


def test_the_item_is_the_dish_with_that_number_sold_that_way() -> None:
    assert item_of(MENU, Label("00007", grams=345)) is HAM
    assert item_of(MENU, Label("1234", price=990)) is CAKE
    for label in (Label("00009", grams=5), Label("0007", price=5), Label("0001", grams=5)):
        with pytest.raises(LabelRefused):
            item_of(MENU, label)


def test_patterns_that_no_scale_writes_are_named() -> None:
    wrong = ["21IIIIIWWWWK", "30IIIIIWWWWWK", "21IIIIIPPWWWK", "21IIIWWWWWWWK", "x"]
    assert faults(wrong) == wrong
    assert faults(["21IIIIIWWWWWK", "21IIIIIPPPPPK"]) == ["21IIIIIWWWWWK", "21IIIIIPPPPPK"]
    assert faults(CODES.patterns) == []


def test_the_last_writer_says_how_scales_write() -> None:
    bodies = [ev.ScaleCodesSet(("21IIIIIWWWWWK",)), ev.ScaleCodesSet(CODES.patterns)]
    events = [event(body, hlc) for hlc, body in enumerate(bodies)]
    assert fold("scales:it", events) == CODES
