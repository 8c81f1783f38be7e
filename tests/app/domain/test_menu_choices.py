import pytest

from comptoir.domain.errors import ModifierRefused
from comptoir.domain.menu import Item, Menu, Modifier, ModifierGroup
from comptoir.domain.menu_choices import choose


def mod(name: str, price: int = 0, **more: object) -> Modifier:
    return Modifier(name, {"en": name}, price, **more)  # type: ignore[arg-type]


SIZE = ModifierGroup("size", {"en": "Size"}, (mod("small"), mod("big", 200)), 1, 1)
BROTH = ModifierGroup("broth", {"en": "Broth"}, (mod("clear"), mod("spicy", groups=("heat",))), 1)
HEAT = ModifierGroup("heat", {"en": "Heat"}, (mod("mild"), mod("fierce", 50)), 1)
NOODLE = ModifierGroup("noodle", {"en": "Noodle"}, (mod("thin", groups=("broth",)), mod("thick")))
TOPPINGS = ModifierGroup(
    "toppings",
    {"en": "Toppings"},
    (mod("egg", 150), mod("onion", 50), mod("duck", 400), mod("leek", 51)),
    0,
    4,
    free=2,
    prefixes={"no": 0, "extra": 1_500_000, "side": 1_000_000, "half": 500_000},
)
BOWL = Item("bowl", "mains", {"en": "Bowl"}, 900, groups=("noodle", "toppings"))
MENU = Menu(groups=(SIZE, BROTH, HEAT, NOODLE, TOPPINGS), items=(BOWL,))


def prices(*chosen: str) -> dict[str, int]:
    return {one.choice: one.price for one in choose(MENU, BOWL, chosen)}


def test_x2_groups_nest_three_deep_and_each_level_is_priced() -> None:
    assert prices("thin", "thin/spicy", "thin/spicy/fierce") == {
        "thin": 0,
        "thin/spicy": 0,
        "thin/spicy/fierce": 50,
    }


def test_x2_a_required_group_inside_a_choice_is_asked_for() -> None:
    with pytest.raises(ModifierRefused, match="Broth, not 0"):
        prices("thin")
    with pytest.raises(ModifierRefused, match="Heat, not 0"):
        prices("thin", "thin/spicy")
    assert prices("thick") == {"thick": 0}


def test_x2_the_cheapest_choices_are_free_in_any_order() -> None:
    assert prices("egg", "onion", "duck") == {"egg": 0, "onion": 0, "duck": 400}
    assert prices("duck", "onion", "egg") == prices("egg", "duck", "onion")


def test_x2_no_extra_side_and_half_have_their_share_of_the_price() -> None:
    assert prices("no:egg", "extra:duck", "half:leek", "onion") == {
        "no:egg": 0,
        "onion": 0,
        "half:leek": 0,
        "extra:duck": 600,
    }
    one = ModifierGroup("one", {"en": "One"}, (mod("leek", 51),), prefixes={"half": 500_000})
    item = Item("i", "c", {"en": "I"}, 1, groups=("one",))
    assert choose(Menu(groups=(one,), items=(item,)), item, ("half:leek",))[0].price == 26


def test_x2_no_is_no_choice_and_does_not_fill_a_group() -> None:
    assert len(prices("no:egg", "no:onion", "no:duck", "no:leek")) == 4
    strict = ModifierGroup("s", {"en": "S"}, (mod("a"),), 1, 1, prefixes={"no": 0})
    item = Item("i", "c", {"en": "I"}, 1, groups=("s",))
    with pytest.raises(ModifierRefused):
        choose(Menu(groups=(strict,), items=(item,)), item, ("no:a",))


@pytest.mark.parametrize(
    "chosen",
    [
        ("gold",),
        ("egg/egg",),
        ("double:egg",),
        ("egg", "extra:egg"),
        ("no:thin",),
        ("thick/clear",),
        ("",),
        ("/",),
        (":",),
        ("no:",),
    ],
)
def test_what_is_not_on_offer_is_refused_by_name(chosen: tuple[str, ...]) -> None:
    with pytest.raises(ModifierRefused, match=r"Bowl|egg|thin"):
        prices(*chosen)


def test_groups_that_name_each_other_end_at_the_third_level() -> None:
    a = ModifierGroup("a", {"en": "A"}, (mod("x", groups=("a",)),))
    item = Item("i", "c", {"en": "I"}, 1, groups=("a",))
    menu = Menu(groups=(a,), items=(item,))
    assert len(choose(menu, item, ("x", "x/x", "x/x/x"))) == 3
    with pytest.raises(ModifierRefused):
        choose(menu, item, ("x", "x/x", "x/x/x", "x/x/x/x"))
