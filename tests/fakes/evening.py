"""Guests of a test's restaurant: some pay, some sit on."""

from comptoir.commands import (
    Actor,
    AddLine,
    Fire,
    FoundRestaurant,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    TakePayment,
)
from comptoir.domain.house import SYSTEM, WAITER
from comptoir.domain.menu import Category, Item, Menu
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box

ANNA = Actor("anna", WAITER)
DAY = "2026-11-22"  # the business day of a standing clock
PRICE = 1200
DUCK = Item("duck", "mains", {"en": "Duck", "fr": "Canard"}, PRICE, {"eat_in": ("v10",)})
MENU = Menu(
    "",
    (TaxRate("v10", "10 %", 100_000),),
    (Category("mains", {"en": "Mains", "fr": "Plats"}),),
    (),
    (DUCK,),
)


def open_house(box: Box, name: str = "Chez Test", currency: str = "EUR") -> None:
    """Found the restaurant, and give it a menu of one dish."""
    founding = FoundRestaurant("found", name, currency, "Europe/Paris", ("en", "fr"), box.card)
    box.desk.run(founding, Actor(SYSTEM, SYSTEM))
    box.desk.run(PublishMenu("menu", MENU), BOSS)


def dine(box: Box, *, paid: int, unpaid: int) -> None:
    """Serve a duck to so many tables, some of which pay; founds the restaurant if need be."""
    if not box.journal.state("menu:it").items:
        open_house(box)
    begun = box.log.held()[1]
    for number in range(paid + unpaid):
        check = f"{box.name}-{begun}-{number}"
        box.desk.run(OpenCheck(f"o-{check}", check, "eat_in", "7", 2), ANNA)
        box.desk.run(AddLine(f"l-{check}", check, f"{check}-1", "duck"), ANNA)
        box.desk.run(Fire(f"f-{check}", check), ANNA)
        if number < paid:
            box.desk.run(IntendPayment(f"i-{check}", check, f"p-{check}", "cash", PRICE), BOSS)
            box.desk.run(TakePayment(f"t-{check}", check, f"p-{check}", PRICE), BOSS)
