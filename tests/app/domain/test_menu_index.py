import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands.pinyin import menu_with_pinyin, spellings
from comptoir.domain.menu import Item, Menu

DISHES = (
    Item("rice", "c", {"en": "Yangzhou fried rice", "zh": "扬州炒饭"}, 900, number="81"),
    Item("duck", "c", {"en": "Roast duck", "fr": "Canard laqué", "zh": "烧鸭"}, 900, number="8"),
    Item("eclair", "c", {"fr": "Éclair au café"}, 340, barcode="4006381333931"),
    Item("chicken", "c", {"zh": "重庆辣子鸡"}, 1200, kitchen={"en": "CQ chix"}, sku="CQ-1"),
)
MENU = menu_with_pinyin(Menu(items=DISHES))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("8", ["duck", "rice"]),  # the dish number itself comes before numbers that begin with it
        ("yang", ["rice"]),
        ("FRIED", ["rice"]),
        ("fri ri", ["rice"]),
        ("eclair", ["eclair"]),
        ("ÉCLAIR", ["eclair"]),
        ("caf", ["eclair"]),
        ("canard laq", ["duck"]),
        ("yzcf", ["rice"]),
        ("yangzhouch", ["rice"]),
        ("cqlzj", ["chicken"]),
        ("zqlzj", ["chicken"]),
        ("鸭", ["duck"]),
        ("炒饭", ["rice"]),
        ("4006381333931", ["eclair"]),
        ("cq-1", ["chicken"]),
        ("cq chi", ["chicken"]),
        ("uck", ["duck"]),
        ("", []),
        ("   ", []),
        ("pizza", []),
    ],
)
def test_e2_a_dish_is_found_by_what_is_typed(typed: str, found: list[str]) -> None:
    assert [item.id for item in MENU.search(typed, 50)] == found


def test_x14_a_character_read_in_two_ways_is_found_by_either() -> None:
    assert {"cq", "chongqing", "zq", "zhongqing"} <= set(spellings("重庆"))


def test_names_without_chinese_have_no_pinyin() -> None:
    assert spellings("Soup, large") == []
    assert menu_with_pinyin(Menu(items=(DISHES[2],))).items[0].pinyin == ()


@given(st.text(max_size=12), st.integers(0, 5))
def test_any_text_may_be_typed_and_the_bound_holds(typed: str, limit: int) -> None:
    assert len(MENU.search(typed, limit)) <= limit


@given(st.sampled_from(DISHES), st.data())
def test_every_beginning_of_every_name_finds_its_dish(item: Item, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(item.names.values())))
    typed = name[: data.draw(st.integers(1, len(name)))]
    assert item.id in {found.id for found in MENU.search(typed, 50)}
