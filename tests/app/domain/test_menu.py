import pytest

from comptoir.domain.errors import ItemNotFound, ModifierRefused
from comptoir.domain.menu import Item, Menu, Modifier, ModifierGroup, named
from comptoir.domain.menu_choices import choose
from comptoir.domain.tax import TaxRate

SPICE = ModifierGroup(
    "spice", {"en": "Spice"}, (Modifier("mild", {"en": "Mild"}), Modifier("hot", {"en": "Hot"})), 1
)
EXTRAS = ModifierGroup("extra", {"en": "Extra"}, (Modifier("egg", {"en": "Egg"}, 150),), 0, 1)
NOODLES = Item(
    "noodles",
    "mains",
    {"en": "Noodles", "zh": "面"},
    900,
    {"eat_in": ("v10",), "take_away": ("v5",)},
    groups=("spice", "extra"),
    barcode="4006381333931",
)
MENU = Menu(
    "v1",
    (TaxRate("v10", "10 %", 100_000), TaxRate("v5", "5.5 %", 55_000)),
    (),
    (SPICE, EXTRAS),
    (NOODLES,),
)


def test_chosen_modifiers_come_back_with_their_prices() -> None:
    assert [m.price for m in choose(MENU, NOODLES, ("hot", "egg"))] == [0, 150]


@pytest.mark.parametrize(
    "chosen", [(), ("mild", "hot"), ("hot", "gold"), ("hot", "egg", "egg"), ("hot", "hot")]
)
def test_a_broken_rule_of_a_group_is_refused(chosen: tuple[str, ...]) -> None:
    with pytest.raises(ModifierRefused, match="Noodles"):
        choose(MENU, NOODLES, chosen)


def test_taxes_follow_the_order_type() -> None:
    assert [rate.id for rate in MENU.rates(NOODLES, "eat_in")] == ["v10"]
    assert [rate.id for rate in MENU.rates(NOODLES, "take_away")] == ["v5"]


def test_an_item_is_found_by_its_barcode_and_only_by_a_real_one() -> None:
    assert MENU.by_barcode("4006381333931") == NOODLES
    with pytest.raises(ItemNotFound):
        MENU.by_barcode("")


def test_a_name_falls_back_to_english_then_to_any() -> None:
    assert named({"en": "Soup", "zh": "汤"}, "zh") == "汤"
    assert named({"en": "Soup"}, "fr") == "Soup"
    assert named({"fr": "Soupe"}, "zh") == "Soupe"
