"""Guests at a table, so that no page is empty: one dish sent, one not."""

from comptoir.commands import Actor, AddLine, Fire, OpenCheck
from comptoir.domain.house import MANAGER
from tests.fakes.till import HostTill

BOSS = Actor("li-wei", MANAGER)
CHECK = "a" * 32


def guests(till: HostTill) -> None:
    """Seat them."""
    till.desk.run(OpenCheck("open", CHECK, "eat_in", "hall-8", 4), BOSS)
    till.desk.run(AddLine("dish-1", CHECK, "d1", "har-gow-steamed", 2000), BOSS)
    till.desk.run(Fire("fire", CHECK), BOSS)
    till.desk.run(AddLine("dish-2", CHECK, "d2", "siu-mai-pork"), BOSS)
