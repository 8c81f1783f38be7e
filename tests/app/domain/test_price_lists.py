import pytest

from comptoir.domain.menu import EAT_IN, TAKE_AWAY, Item, Menu, Variant
from comptoir.domain.price_lists import Moment, Priced, PriceList, instant, moment

HOUR_MS = 3_600_000
PARIS = "Europe/Paris"
SPRING_MS = 1_774_742_400_000  # 2026-03-29T00:00:00Z: at 01:00Z Paris goes from 02:00 to 03:00
AUTUMN_MS = 1_792_886_400_000  # 2026-10-25T00:00:00Z: at 01:00Z Paris goes from 03:00 to 02:00
HAPPY = PriceList("happy", {"en": "Happy hour"}, {"beer": 400}, start_minute=1020, end_minute=1140)
BEER = Item("beer", "drinks", {"en": "Beer"}, 600, variants=(Variant("half", {"en": "Half"}, 350),))
TEA = Item("tea", "drinks", {"en": "Tea"}, 301)


def at(text: str) -> Moment:
    day, _, clock = text.partition(" ")
    return Moment(day, int(clock[:2]) * 60 + int(clock[3:]))


def price(lists: tuple[PriceList, ...], when: str, item: Item = BEER, kind: str = EAT_IN) -> Priced:
    return Menu(items=(BEER, TEA), price_lists=lists).price_of(item, None, kind, at(when))


@pytest.mark.parametrize(
    ("when", "cents"),
    [
        ("2026-11-23 16:59", 600),
        ("2026-11-23 17:00", 400),
        ("2026-11-23 18:59", 400),
        ("2026-11-23 19:00", 600),
    ],
)
def test_x3_happy_hour_begins_and_ends_at_its_minute(when: str, cents: int) -> None:
    assert price((HAPPY,), when).price == cents


def test_x3_a_window_over_midnight_belongs_to_the_day_it_began_on() -> None:
    friday = PriceList("late", {}, {"beer": 500}, days=(5,), start_minute=1320, end_minute=120)
    late = [f"2026-11-{day} {clock}" for day, clock in ((27, "22:00"), (28, "01:59"))]
    other = [
        f"2026-11-{day} {clock}" for day, clock in ((27, "01:00"), (28, "02:00"), (28, "23:00"))
    ]
    assert [price((friday,), when).price for when in late] == [500, 500]
    assert [price((friday,), when).price for when in other] == [600, 600, 600]


def test_x3_when_clocks_spring_forward_the_window_keeps_its_wall_clock_end() -> None:
    night = PriceList("night", {}, {"beer": 1}, start_minute=90, end_minute=210)  # 01:30 to 03:30
    seen = [
        price((night,), f"{m.date} {m.minute // 60:02}:{m.minute % 60:02}").price
        for m in (moment(SPRING_MS + half * HOUR_MS // 2, PARIS) for half in range(5))
    ]  # 01:00, 01:30, then 03:00, 03:30, 04:00 on the wall
    assert seen == [600, 1, 1, 600, 600]


def test_x3_when_clocks_fall_back_the_repeated_hour_counts_twice() -> None:
    night = PriceList("night", {}, {"beer": 1}, start_minute=120, end_minute=180)  # 02:00 to 03:00
    walls = [moment(AUTUMN_MS + half * HOUR_MS // 2, PARIS) for half in range(5)]
    assert [wall.minute for wall in walls] == [120, 150, 120, 150, 180]
    assert [night.in_force(wall, EAT_IN) for wall in walls] == [True, True, True, True, False]


def test_x3_a_list_counts_for_its_order_types_days_and_dates_only() -> None:
    only = PriceList(
        "only", {}, {"beer": 1}, order_types=(TAKE_AWAY,), days=(1,),
        first_date="2026-11-23", last_date="2026-11-30",
    )  # fmt: skip
    assert price((only,), "2026-11-23 00:00", kind=TAKE_AWAY).price == 1
    assert price((only,), "2026-11-30 23:59", kind=TAKE_AWAY).price == 1
    assert price((only,), "2026-11-23 12:00", kind=EAT_IN).price == 600
    assert price((only,), "2026-11-24 12:00", kind=TAKE_AWAY).price == 600
    assert price((only,), "2026-12-07 12:00", kind=TAKE_AWAY).price == 600


def test_t17_a_promotion_takes_its_share_off_what_it_names() -> None:
    tenth = PriceList("tenth", {}, off_ppm=100_000, items=("tea",))
    assert price((tenth,), "2026-11-23 12:00", TEA) == Priced(271, "tenth")  # 301 - 30.1
    assert price((tenth,), "2026-11-23 12:00", BEER) == Priced(600)
    drinks = PriceList("drinks", {}, off_ppm=500_000, categories=("drinks",))
    assert price((drinks,), "2026-11-23 12:00", BEER).price == 300
    assert price((PriceList("all", {}, off_ppm=500_000),), "2026-11-23 12:00").price == 300


def test_of_two_lists_in_force_the_higher_priority_wins_then_the_first() -> None:
    low, high = PriceList("low", {}, {"beer": 1}), PriceList("high", {}, {"beer": 2}, priority=5)
    assert price((low, high), "2026-11-23 12:00") == Priced(2, "high")
    again = PriceList("again", {}, {"beer": 3}, priority=5)
    assert price((low, high, again), "2026-11-23 12:00").price_list == "high"


def test_a_list_prices_a_variant_by_its_own_name() -> None:
    list_ = PriceList("l", {}, {"beer/half": 200})
    menu = Menu(items=(BEER,), price_lists=(list_,))
    moment_ = at("2026-11-23 12:00")
    assert menu.price_of(BEER, BEER.variant("half"), EAT_IN, moment_).price == 200
    assert menu.price_of(BEER, None, EAT_IN, moment_).price == 600


def test_an_unknown_time_zone_is_utc() -> None:
    assert moment(SPRING_MS, "Middle/Earth") == Moment("2026-03-29", 0)


@pytest.mark.parametrize("zone", [PARIS, "America/New_York", "Asia/Shanghai", "nowhere"])
@pytest.mark.parametrize("when", ["2026-11-23 05:00", "2026-03-29 04:00", "2026-10-25 00:30"])
def test_an_instant_is_when_the_watches_show_it(when: str, zone: str) -> None:
    assert moment(instant(at(when), zone), zone) == at(when)


def test_an_hour_that_comes_twice_is_the_earlier_one() -> None:
    assert instant(at("2026-10-25 02:30"), PARIS) == AUTUMN_MS + HOUR_MS // 2
