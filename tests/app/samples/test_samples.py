from importlib.resources import files

import pytest

from comptoir import samples
from comptoir.commands import AddLine
from comptoir.commands.menu_lines import lines_of
from comptoir.domain.house import MANAGER, ROLES
from comptoir.domain.menu import EAT_IN, ORDER_TYPES, TAKE_AWAY, Category, Item, ModifierGroup
from comptoir.domain.menu_choices import choose
from comptoir.domain.menu_rules import flaws, twins
from comptoir.domain.price_lists import Moment

NOON = Moment("2026-11-23", 12 * 60)
NAMES = pytest.mark.parametrize("name", samples.NAMES)


def test_every_folder_of_samples_has_a_name() -> None:
    folders = {f.name for f in files(samples).iterdir() if (f / "menu.csv").is_file()}
    assert folders == set(samples.NAMES)


def test_an_unknown_sample_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(samples.SampleNotFound, match="chinese, bakery, shop"):
        samples.load("pizzeria")


@NAMES
def test_every_item_is_named_in_each_language_of_the_house(name: str) -> None:
    sample = samples.load(name)
    menu = sample.menu
    every: list[Category | ModifierGroup | Item] = [*menu.categories, *menu.groups, *menu.items]
    for named in every:
        assert set(sample.restaurant.languages) <= set(named.names), named.id


@NAMES
def test_every_item_is_taxed_whether_eaten_in_or_taken_away(name: str) -> None:
    menu = samples.load(name).menu
    assert all(len(menu.rates(item, kind)) == 1 for item in menu.items for kind in ORDER_TYPES)
    assert all(rate.inclusive for rate in menu.taxes)


@NAMES
def test_every_category_has_items_and_every_item_a_price(name: str) -> None:
    menu = samples.load(name).menu
    assert {category.id for category in menu.categories} == {item.category for item in menu.items}
    assert all(item.price > 0 for item in menu.items)


@NAMES
def test_a_manager_can_sign_in_and_no_two_people_share_a_pin(name: str) -> None:
    staff = samples.load(name).staff
    assert MANAGER in {person.role for person in staff} <= set(ROLES)
    assert len({person.pin for person in staff}) == len(staff)
    assert all(person.pin.isdigit() and len(person.pin) == 4 for person in staff)


@NAMES
def test_no_two_tables_share_a_label(name: str) -> None:
    labels = [table.label for area in samples.load(name).areas for table in area.tables]
    assert len(set(labels)) == len(labels)


def test_the_chinese_restaurant_has_numbered_dishes_in_chinese_and_english() -> None:
    menu = samples.load("chinese").menu
    assert len(menu.items) >= 150
    assert [int(item.number) for item in menu.items] == list(range(1, len(menu.items) + 1))
    assert {item.station for item in menu.items} == {"wok", "dimsum", "bar", "cold"}
    assert {"spice", "noodle", "protein"} <= {group.id for group in menu.groups}
    han = [i for i in menu.items if any("\u4e00" <= c <= "\u9fff" for c in i.names["zh"])]
    assert len(han) == len(menu.items)
    assert len({item.names["zh"] for item in menu.items}) == len(menu.items)


def test_the_bakery_taxes_by_product_and_by_where_it_is_eaten() -> None:
    menu = samples.load("bakery").menu
    rates = {
        (menu.rates(item, EAT_IN)[0].rate_ppm, menu.rates(item, TAKE_AWAY)[0].rate_ppm)
        for item in menu.items
    }
    assert rates == {(55_000, 55_000), (100_000, 55_000), (100_000, 100_000), (200_000, 200_000)}


def test_the_shop_sells_everything_by_barcode_at_several_rates() -> None:
    menu = samples.load("shop").menu
    assert all(menu.by_barcode(item.barcode) is item for item in menu.items)
    assert {len(item.barcode) for item in menu.items} == {13}
    assert {menu.rates(item, EAT_IN)[0].rate_ppm for item in menu.items} == {
        21_000, 55_000, 200_000,
    }  # fmt: skip


@NAMES
def test_a_sample_breaks_no_rule_of_a_menu(name: str) -> None:
    menu = samples.load(name).menu
    assert [*flaws(menu), *twins(menu)] == []


def test_k1_the_chinese_menu_nests_three_deep_and_has_a_set_meal_and_a_happy_hour() -> None:
    menu = samples.load("chinese").menu
    duck = menu.item("cantonese-roast-duck")
    chosen = ("extra-sauce", "extra-sauce/sauce-hoisin", "extra-sauce/sauce-hoisin/amount-jar")
    assert [one.price for one in choose(menu, duck, chosen)] == [100, 0, 300]
    assert [form.id for form in duck.variants] == ["half", "whole"]
    meal = menu.item("lunch-set")
    order = ("set-siu-mai-pork", "set-roast-duck-on", "set-tsingtao-beer-33")
    lines = list(lines_of(AddLine("k", "c", "l", meal.id, 1000, order), EAT_IN, menu, NOON))
    assert [(line.station, line.taxes[0].rate_ppm) for line in lines] == [
        ("dimsum", 100_000), ("wok", 100_000), ("bar", 200_000),
    ]  # fmt: skip
    assert sum(line.unit_price for line in lines) == meal.price + 150
    beer = menu.item("tsingtao-beer-33")
    happy = Moment("2026-11-23", 17 * 60)
    assert [menu.price_of(beer, None, EAT_IN, at).price for at in (NOON, happy)] == [480, 350]
    assert "crustaceans" in menu.item("har-gow-steamed").allergens
    assert duck.for_kitchen()["zh"] == "烧鸭"


def test_x2_the_bakery_has_half_loaves_deals_and_a_price_for_the_evening() -> None:
    menu = samples.load("bakery").menu
    loaf = menu.item("sourdough-loaf")
    evening = Moment("2026-11-23", 19 * 60)
    half = loaf.variant("half")
    assert menu.price_of(loaf, half, TAKE_AWAY, NOON).price == 240
    assert menu.price_of(loaf, half, TAKE_AWAY, evening).price == 168
    order = ("morning-drink-espresso", "morning-pastry-croissant")
    lines = list(lines_of(AddLine("k", "c", "l", "breakfast", 1000, order), TAKE_AWAY, menu, NOON))
    assert sum(line.unit_price for line in lines) == menu.item("breakfast").price
    assert [line.taxes[0].rate_ppm for line in lines] == [100_000, 55_000]
    assert menu.item("croissant").allergens == ("gluten", "eggs", "milk")
