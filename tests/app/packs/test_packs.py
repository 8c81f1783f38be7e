from datetime import date

import pytest

from comptoir import packs
from comptoir.domain.menu import ORDER_TYPES
from comptoir.domain.pricing import Entry, Priced, Sheet, price
from comptoir.packs import PackNotFound, TaxPack

EAT_IN, TAKE_AWAY = ORDER_TYPES


def sold(region: str, order_type: str, *lines: tuple[str, int, int]) -> Priced:
    """Price (class, unit price, pieces) as the pack says."""
    pack = packs.load(region)
    rates = {rate.id: rate for rate in pack.rates}
    entries = tuple(
        Entry(
            str(i), unit, pieces * 1000, taxes=tuple(rates[x] for x in pack.classes[of][order_type])
        )
        for i, (of, unit, pieces) in enumerate(lines)
    )
    return price(Sheet(entries, pack.rates, pack.terms))


@pytest.fixture(params=packs.regions())
def pack(request: pytest.FixtureRequest) -> TaxPack:
    return packs.load(request.param)


def test_the_packs_cover_the_countries_that_are_promised() -> None:
    countries = [packs.load(region).country for region in packs.regions()]
    assert {c: countries.count(c) for c in countries} == {
        "US": 3, "CA": 6, "MX": 1, "GB": 1, "FR": 1, "CH": 1,
    }  # fmt: skip


def test_every_rate_has_its_day_and_its_page(pack: TaxPack) -> None:
    assert pack.source.url.startswith("http")
    for tax in pack.taxes:
        assert isinstance(tax.since, date)
        assert tax.source.url.startswith("http")
        assert tax.source.title


def test_every_class_names_taxes_of_the_pack_for_every_order_type(pack: TaxPack) -> None:
    ids = {rate.id for rate in pack.rates}
    assert {"meal", "alcohol"} <= set(pack.classes)
    for by_type in pack.classes.values():
        assert set(by_type) == set(ORDER_TYPES)
        assert {tax for taxes in by_type.values() for tax in taxes} <= ids


def test_an_unknown_region_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(PackNotFound, match=r"'de'.*us-ny-nyc.*ch\."):
        packs.load("de")


def test_ontario_taxes_small_ready_made_food_with_five_percent_of_all_of_it() -> None:
    small = sold("ca-on", TAKE_AWAY, ("meal", 200, 2))
    assert (small.tax, [t.name for t in small.taxes]) == (20, ["HST 5 %"])
    assert sold("ca-on", TAKE_AWAY, ("meal", 200, 1), ("meal", 201, 1)).tax == 52
    assert sold("ca-on", TAKE_AWAY, ("meal", 200, 2), ("alcohol", 1000, 1)).tax == 20 + 130


def test_quebec_taxes_up_to_five_sweet_pieces_to_take_away() -> None:
    assert sold("ca-qc", TAKE_AWAY, ("pastry", 200, 5)).tax == 50 + 100
    assert sold("ca-qc", TAKE_AWAY, ("pastry", 200, 3), ("pastry", 150, 3)).tax == 0
    assert sold("ca-qc", EAT_IN, ("pastry", 200, 6)).tax == 60 + 120


def test_british_columbia_adds_its_tax_to_liquor_only() -> None:
    found = sold("ca-bc", EAT_IN, ("meal", 2000, 1), ("alcohol", 1000, 1))
    assert [(t.name, t.amount) for t in found.taxes] == [("GST 5 %", 150), ("PST 10 %", 100)]


def test_boston_adds_a_local_tax_and_sells_six_buns_without() -> None:
    found = sold("us-ma-boston", EAT_IN, ("meal", 2000, 1))
    assert [t.amount for t in found.taxes] == [125, 15]
    assert sold("us-ma-boston", TAKE_AWAY, ("pastry", 150, 6)).tax == 0


@pytest.mark.parametrize(
    ("region", "of", "eat_in", "take_away"),
    [
        ("us-ca-la", "cold", 98, 0),
        ("us-ny-nyc", "grocery", 89, 0),
        ("us-ny-nyc", "meal", 89, 89),
        ("uk", "cold", 167, 0),
        ("uk", "meal", 167, 167),
        ("fr", "meal", 91, 91),
        ("fr", "grocery", 91, 52),
        ("fr", "alcohol", 167, 167),
        ("ch", "meal", 75, 25),
        ("mx", "meal", 138, 138),
        ("ca-ns", "meal", 140, 140),
        ("ca-ab", "meal", 50, 50),
        ("ca-mb", "meal", 120, 120),
    ],
)
def test_eating_in_and_taking_away_ten_is_taxed_as_the_place_says(
    region: str, of: str, eat_in: int, take_away: int
) -> None:
    assert sold(region, EAT_IN, (of, 1000, 1)).tax == eat_in
    assert sold(region, TAKE_AWAY, (of, 1000, 1)).tax == take_away


def test_cash_is_rounded_where_the_small_coins_are_gone() -> None:
    coins = {region: packs.load(region).terms.cash_rounding for region in packs.regions()}
    assert {region for region, coin in coins.items() if coin == 5} == {
        region for region in coins if region.startswith(("ca-", "ch"))
    }
