"""Money is asked for at one place at a time: intents of others refuse, as long as they stand."""

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    CancelPayment,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    SplitCheck,
    TakePayment,
)
from comptoir.commands.claims import BY_HAND_MS, FRESH_MS
from comptoir.domain.errors import BeingPaid
from comptoir.domain.house import WAITER
from comptoir.domain.menu import Item, Menu
from comptoir.domain.parts import EVEN, Plan
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA, BOB = Actor("anna", WAITER), Actor("bob", WAITER)
DUE = 500


@pytest.fixture
def here(box: Box) -> Box:
    soup = Item("soup", "x", {"en": "Soup"}, DUE)
    box.desk.run(PublishMenu("menu", Menu("", items=(soup,))), BOSS)
    box.desk.run(OpenCheck("open", "c"), BOSS)
    box.desk.run(AddLine("add", "c", "l1", "soup"), BOSS)
    return box


@pytest.fixture
def there(here: Box, make_box: BoxMaker) -> Box:
    """Return another terminal that knows the check; both hear each other."""
    box = make_box("t2", letter="B")
    share(here, box)
    here.desk.alive, box.desk.alive = lambda: ("t2",), lambda: ("t1",)
    return box


def share(giver: Box, taker: Box) -> None:
    taker.journal.admit(giver.sealed(), restaurant="r1", trust={giver.name: giver.card})


def intend(
    box: Box,
    name: str,
    amount: int = DUE,
    part: str = "",
    *,
    by: Actor = ANNA,
    tender: str = "cash",
) -> None:
    command = IntendPayment(f"i-{box.name}-{name}", "c", name, tender, amount, part=part)
    box.desk.run(command, by)


def test_what_is_being_paid_elsewhere_is_not_asked_for(here: Box, there: Box) -> None:
    intend(there, "p")
    share(there, here)
    with pytest.raises(BeingPaid, match="paid on t2"):
        intend(here, "q")


def test_what_was_called_off_elsewhere_is_free(here: Box, there: Box) -> None:
    intend(there, "p")
    there.desk.run(CancelPayment("off", "c", "p", "no card"), ANNA)
    share(there, here)
    intend(here, "q")


def test_a_dead_terminals_intent_keeps_nobody(here: Box, there: Box) -> None:
    intend(there, "p")
    share(there, here)
    here.desk.alive = tuple
    intend(here, "q")


def test_an_intent_does_not_stand_for_ever(here: Box, there: Box) -> None:
    intend(there, "p")
    share(there, here)
    here.clock.ms += FRESH_MS - 1
    with pytest.raises(BeingPaid):
        intend(here, "q")
    here.clock.ms += 1
    intend(here, "q")


def test_a_guest_pays_one_half_here_while_another_pays_the_other_there(
    here: Box, there: Box
) -> None:
    intend(there, "p", 250)
    share(there, here)
    with pytest.raises(BeingPaid):
        intend(here, "q", 251)
    intend(here, "q", 250)


def test_different_parts_are_taken_at_once_and_the_same_one_is_not(here: Box, there: Box) -> None:
    here.desk.run(SplitCheck("s", "c", "s", EVEN, (Plan("a"), Plan("b"))), BOSS)
    share(here, there)
    intend(there, "p", 250, "a")
    share(there, here)
    with pytest.raises(BeingPaid):
        intend(here, "q", 250, "a")
    intend(here, "r", 250, "b")
    for box, name in ((there, "p"), (here, "r")):
        box.desk.run(TakePayment(f"t-{name}", "c", name, 250), ANNA)


def test_here_another_person_waits_and_the_same_one_may_change_the_tender(here: Box) -> None:
    intend(here, "p", tender="card")
    with pytest.raises(BeingPaid, match="paid on anna"):
        intend(here, "q", by=BOB)
    intend(here, "r")


def test_cash_from_the_same_hand_is_not_taken_twice_at_once(here: Box) -> None:
    intend(here, "p")
    with pytest.raises(BeingPaid):
        intend(here, "q")
    here.clock.ms += BY_HAND_MS
    intend(here, "q")


def test_the_same_payment_sent_again_elsewhere_is_not_in_its_own_way(here: Box, there: Box) -> None:
    intend(there, "p")
    share(there, here)
    here.desk.run(IntendPayment("again", "c", "p", "cash", DUE), ANNA)
