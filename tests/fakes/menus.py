"""Menus for tests: any that the rules allow, by Hypothesis."""

from dataclasses import replace

from hypothesis import strategies as st

from comptoir.domain.menu import (
    ALLERGENS,
    ORDER_TYPES,
    PREFIXES,
    SOLD_BY,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    Variant,
)
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import MEASURES, TaxRate, Threshold
from tests.fakes.large_menu import barcode

PRICES = st.integers(0, 10_000_000)
SHARES = st.integers(0, 1_000_000)
IDS = st.integers(0, 999).map("id-{}".format)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=9)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
LANGUAGES = st.sampled_from(["en", "fr", "zh", "zh-Hant"])
NAMES = st.dictionaries(LANGUAGES, TEXTS, min_size=1, max_size=2)
NO_NAMES = st.dictionaries(LANGUAGES, TEXTS, max_size=1)
DATES = st.just("") | st.dates().map(lambda day: day.isoformat())
MINUTES = st.integers(0, 1439)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return any of some values, each at most once."""
    if not values:
        return st.just(())
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


def _tax(draw: st.DrawFn, name: str) -> TaxRate:
    when = st.none() | st.builds(
        lambda measure, least, more: Threshold(measure, least, more and least + more),
        st.sampled_from(MEASURES), PRICES, st.none() | st.integers(1, 9999),
    )  # fmt: skip
    compound = draw(st.booleans())
    return TaxRate(name, draw(TEXTS), draw(SHARES), draw(st.booleans()), compound, draw(when))


def _group(draw: st.DrawFn, name: str, groups: list[str]) -> ModifierGroup:
    modifiers = tuple(
        Modifier(
            f"{name}.{n}", draw(NAMES), draw(st.integers(-1000, 1000)), draw(some(groups)), "",
            draw(some(list(ALLERGENS))), draw(NO_NAMES),
        )
        for n in range(draw(st.integers(1, 4)))
    )  # fmt: skip
    most = draw(st.integers(1, len(modifiers)))
    prefixes = draw(st.dictionaries(st.sampled_from(PREFIXES), SHARES, max_size=2))
    least, free = draw(st.integers(0, most)), draw(st.integers(0, 3))
    return ModifierGroup(name, draw(NAMES), modifiers, least, most, free, prefixes)


def _item(draw: st.DrawFn, name: str, n: int, base: Menu) -> Item:
    variants = tuple(
        Variant(
            f"v{v}", draw(NAMES), draw(PRICES), barcode(n * 10 + v + 1), draw(st.just("") | IDS),
            draw(st.dictionaries(st.sampled_from(["size", "colour"]), IDS, max_size=2)),
            draw(st.integers(1, 5000)),
            draw(st.just(0) | PRICES),
        )
        for v in range(draw(st.integers(0, 2)))
    )  # fmt: skip
    taxes = [tax.id for tax in base.taxes]
    return Item(
        id=name,
        category=draw(st.sampled_from([category.id for category in base.categories])),
        names=draw(NAMES),
        price=draw(PRICES),
        taxes={kind: (draw(st.sampled_from(taxes)),) for kind in ORDER_TYPES if taxes},
        number=str(n) if draw(st.booleans()) else "",
        groups=draw(some([group.id for group in base.groups])),
        station=draw(st.sampled_from(["kitchen", "wok"])),
        course=draw(st.integers(0, 9)),
        barcode=barcode(n * 10) if draw(st.booleans()) else "",
        variants=variants,
        allergens=draw(some(list(ALLERGENS))),
        screen=draw(NO_NAMES),
        kitchen=draw(NO_NAMES),
        receipt=draw(NO_NAMES),
        sold_by=draw(st.sampled_from(SOLD_BY)),
        sku=draw(st.just("") | IDS),
        cost=draw(st.just(0) | PRICES),
    )


def _price_list(draw: st.DrawFn, name: str, base: Menu) -> PriceList:
    forms = [form for item in base.items for form in (item.id, *_forms(item))]
    return PriceList(
        name,
        draw(NAMES),
        draw(st.dictionaries(st.sampled_from(forms), PRICES, max_size=3)),
        draw(SHARES),
        draw(some([item.id for item in base.items])),
        draw(some([category.id for category in base.categories])),
        draw(some(list(ORDER_TYPES))),
        draw(st.lists(st.integers(1, 7), unique=True, max_size=3).map(tuple)),
        draw(MINUTES),
        draw(MINUTES),
        draw(DATES),
        draw(DATES),
        draw(st.integers(-9, 9)),
    )


def _forms(item: Item) -> list[str]:
    return [f"{item.id}/{variant.id}" for variant in item.variants]


@st.composite
def menus(draw: st.DrawFn) -> Menu:
    """Return any menu that the rules allow."""
    categories = draw(st.lists(IDS, unique=True, min_size=1, max_size=3))
    colours = st.sampled_from(["", "#00ff7f"])
    inner = [_group(draw, name, []) for name in ("in-a", "in-b")[: draw(st.integers(0, 2))]]
    named = [group.id for group in inner]
    outer = [_group(draw, name, named) for name in draw(st.lists(IDS, unique=True, max_size=2))]
    base = Menu(
        taxes=tuple(_tax(draw, name) for name in draw(st.lists(IDS, unique=True, max_size=3))),
        categories=tuple(Category(name, draw(NAMES), draw(colours)) for name in categories),
        groups=(*inner, *outer),
    )
    ids = draw(st.lists(IDS, unique=True, min_size=1, max_size=4))
    base = replace(base, items=tuple(_item(draw, name, n, base) for n, name in enumerate(ids)))
    lists = draw(st.lists(IDS, unique=True, max_size=2))
    return replace(base, price_lists=tuple(_price_list(draw, name, base) for name in lists))
