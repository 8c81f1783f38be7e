"""K2: what the house is called and speaks can change; its currency and its day cannot."""

from itertools import permutations

from comptoir.domain import events as ev
from comptoir.domain.fold import fold
from comptoir.domain.house import Restaurant, Table
from tests.app.domain.bills import event

FOUNDED = event(ev.RestaurantFounded("Chez", "EUR", "Europe/Paris", ("fr",)), 1)
FIRST = event(ev.RestaurantChanged("Chez Li", ("fr", "zh-Hans")), 2, seq=2)
LAST = event(ev.RestaurantChanged("Chez Lin", ("zh-Hans",)), 3, "t2")


def house(*events: ev.Event) -> Restaurant:
    ordered = sorted(events, key=lambda one: one.envelope.order)
    found: Restaurant = fold("restaurant:it", ordered)
    return found


def test_the_last_word_counts_in_any_order_of_arrival() -> None:
    for arrived in permutations((FOUNDED, FIRST, LAST)):
        found = house(*arrived)
        assert (found.name, found.languages) == ("Chez Lin", ("zh-Hans",))
        assert (found.currency, found.timezone) == ("EUR", "Europe/Paris")


def test_a_table_without_a_place_is_placed_nowhere() -> None:
    assert not Table("t", "1").placed
    assert Table("t", "1", 4, 0, 0).placed
    assert not Table("t", "1", 4, 6, 0).placed
