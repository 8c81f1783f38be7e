"""So that no page is empty: a table, one dish sent, one not; a regular; a price kept for later."""

from dataclasses import replace

from comptoir.commands import (
    Actor,
    AddLine,
    CountItem,
    Fire,
    IntendPayment,
    OpenCheck,
    SetItem,
    StopItem,
    TakePayment,
    queries,
)
from comptoir.commands.stock import ReceiveStock, WasteStock
from comptoir.domain.house import MANAGER
from tests.fakes.till import HostTill

BOSS = Actor("li-wei", MANAGER)
CHECK, REGULAR = "a" * 32, "b" * 32


def guests(till: HostTill) -> None:
    """Seat them."""
    till.desk.run(OpenCheck("open", CHECK, "eat_in", "hall-8", 4), BOSS)
    till.desk.run(AddLine("dish-1", CHECK, "d1", "har-gow-steamed", 2000), BOSS)
    till.desk.run(Fire("fire", CHECK), BOSS)
    till.desk.run(AddLine("dish-2", CHECK, "d2", "siu-mai-pork"), BOSS)
    regular(till, "har-gow-steamed")
    dish = queries.menu(till.journal).item("har-gow-steamed")
    till.desk.run(StopItem("off", "slow-cooked-soup", "sold out"), BOSS)
    till.desk.run(CountItem("left", "cantonese-roast-duck", 6000), BOSS)
    till.desk.run(ReceiveStock("came", "cantonese-roast-duck", 4000), BOSS)
    till.desk.run(WasteStock("fell", "cantonese-roast-duck", 1000, "spoilt"), BOSS)
    till.desk.run(CountItem("again", "cantonese-roast-duck", 8000), BOSS)
    till.desk.run(ReceiveStock("more", "cantonese-roast-duck", 2000), BOSS)
    till.desk.run(SetItem("later", replace(dish, price=dish.price + 50), draft=True), BOSS)


def regular(till: HostTill, dish: str) -> None:
    """Let somebody take a dish away on their account."""
    till.desk.run(OpenCheck("regular", REGULAR, "take_away", "", 1), BOSS)
    till.desk.run(AddLine("dish-3", REGULAR, "d3", dish), BOSS)
    due = till.journal.state(f"check:{REGULAR}").due
    till.desk.run(
        IntendPayment("owes", REGULAR, "p1", "house_account", due, account="Dupont"), BOSS
    )
    till.desk.run(TakePayment("owed", REGULAR, "p1", due), BOSS)
