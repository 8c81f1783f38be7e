"""Who takes part."""

from comptoir.domain.house import Card, Terminal
from comptoir.replica.roster import Roster


def card(name: str, key: str = "k") -> Card:
    return Card(name, "A", name, key, "pem")


def test_trusted_and_admitted_take_part() -> None:
    roster = Roster.of({"t1": card("t1")}, [Terminal("t2", card("t2"))])
    assert set(roster.admitted) == {"t1", "t2"}


def test_a_retired_terminal_takes_no_part_even_if_trusted_from_the_start() -> None:
    roster = Roster.of({"t1": card("t1"), "t2": card("t2")}, [Terminal("t2", retired=True)])
    assert set(roster.admitted) == {"t1"}
    assert roster.retired == {"t2"}


def test_a_card_trusted_from_the_start_is_not_replaced() -> None:
    roster = Roster.of({"t2": card("t2", "true")}, [Terminal("t2", card("t2", "other"))])
    assert roster.admitted["t2"].signing_key == "true"


def test_a_terminal_without_a_card_takes_no_part() -> None:
    assert Roster.of({}, [Terminal("t2")]).admitted == {}
