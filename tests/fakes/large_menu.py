"""A large menu for the evening's tests (600 dishes) and the bench (2,000)."""

from comptoir.domain.menu import (
    ALLERGENS,
    ORDER_TYPES,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    Variant,
)
from comptoir.domain.menu_rules import check_digit
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import TaxRate

DISHES = (
    ("Fried rice", "炒饭"), ("Roast duck", "烧鸭"), ("Beef noodles", "牛肉面"),
    ("Dumplings", "饺子"),
    ("Hot and sour soup", "酸辣汤"), ("Steamed fish", "蒸鱼"), ("Braised pork", "红烧肉"),
    ("Spicy chicken", "辣子鸡"), ("Greens", "青菜"), ("Tofu", "豆腐"),
)  # fmt: skip
STYLES = (
    ("Yangzhou", "扬州"), ("Sichuan", "四川"), ("Cantonese", "广东"), ("House", "本店"),
    ("Double-cooked", "回锅"), ("Salt and pepper", "椒盐"), ("Ginger", "姜葱"), ("Garlic", "蒜蓉"),
)  # fmt: skip


def barcode(number: int) -> str:
    """Return the EAN-13 of a number."""
    digits = f"2{number:011}"
    return f"{digits}{check_digit(digits)}"


def large_menu(count: int) -> Menu:
    """Return a Chinese restaurant's menu of so many dishes, with nested choices and half portions.

    The same for the same count; dish numbers run from 1, every tenth dish has a barcode.
    """
    categories = tuple(
        Category(f"c{n}", {"en": f"Page {n + 1}", "zh": f"第{n + 1}页"}) for n in range(16)
    )
    heat = ModifierGroup(
        "heat", {"en": "Heat", "zh": "辣度"},
        tuple(Modifier(f"heat-{n}", {"en": f"Heat {n}"}) for n in range(4)), 0, 1,
    )  # fmt: skip
    sauce = ModifierGroup(
        "sauce", {"en": "Sauce", "zh": "酱"},
        tuple(Modifier(f"sauce-{n}", {"en": f"Sauce {n}"}, n * 50, ("heat",)) for n in range(4)),
        0, 2, 1, {"no": 0, "extra": 1_500_000, "side": 1_000_000, "half": 500_000},
    )  # fmt: skip
    side = ModifierGroup(
        "side", {"en": "Side", "zh": "配菜"},
        tuple(Modifier(f"side-{n}", {"en": f"Side {n}"}, n * 100, ("sauce",)) for n in range(4)),
    )  # fmt: skip
    food = TaxRate("food", "TVA 10 %", 100_000)
    items = tuple(_dish(n, categories[n * len(categories) // count].id) for n in range(count))
    happy = PriceList(
        "happy", {"en": "Happy hour"}, {}, 200_000, categories=("c15",),
        start_minute=17 * 60, end_minute=19 * 60,
    )  # fmt: skip
    return Menu("", (food,), categories, (heat, sauce, side), items, (happy,))


def _dish(n: int, category: str) -> Item:
    dish, han_dish = DISHES[n % len(DISHES)]
    style, han_style = STYLES[n // len(DISHES) % len(STYLES)]
    series = n // (len(DISHES) * len(STYLES))
    number = f" {series + 1}" if series else ""
    half = Variant("half", {"en": "half", "zh": "半份"}, 500 + n % 900, portion_milli=500)
    return Item(
        f"d{n}",
        category,
        {"en": f"{style} {dish.lower()}{number}", "zh": f"{han_style}{han_dish}{number}"},
        800 + n % 1500,
        dict.fromkeys(ORDER_TYPES, ("food",)),
        str(n + 1),
        ("side", "sauce", "heat")[: n % 4],
        ("wok", "dimsum", "cold", "bar")[n % 4],
        n % 4,
        barcode(n) if n % 10 == 0 else "",
        (half,) if n % 5 == 0 else (),
        (ALLERGENS[n % len(ALLERGENS)],),
        screen={"en": f"{style[:6].strip()} {dish[:8].strip()}{number}"},
    )
