"""Splitting at the desk: what is refused, and what is said about it."""

import pytest

from comptoir.commands import (
    AddLine,
    Fire,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    SplitCheck,
    TakePayment,
    UndoSplit,
    queries,
)
from comptoir.domain.check import SETTLED
from comptoir.domain.errors import AmountRefused, DomainError, PartNotFound, SplitRefused
from comptoir.domain.menu import Item, Menu
from comptoir.domain.parts import AMOUNTS, EVEN, ITEMS, SEATS, Plan, Share
from tests.fakes.box import BOSS, Box, BoxMaker

HALVES = (Plan("a"), Plan("b"))
UNKNOWN = (Plan("a", lines=(Share("no"),)), Plan("b"))


@pytest.fixture
def desk(box: Box) -> Box:
    items = (Item("soup", "x", {"en": "Soup"}, 501),)
    box.desk.run(PublishMenu("menu", Menu("", items=items)), BOSS)
    box.desk.run(OpenCheck("open", "c"), BOSS)
    box.desk.run(AddLine("add", "c", "l1", "soup"), BOSS)
    return box


def pay(box: Box, name: str, part: str, amount: int) -> None:
    box.desk.run(IntendPayment(f"i-{name}", "c", name, "cash", amount, part=part), BOSS)
    box.desk.run(TakePayment(f"t-{name}", "c", name, amount), BOSS)


def test_a_bill_is_settled_when_all_its_parts_are(desk: Box) -> None:
    desk.desk.run(SplitCheck("s", "c", "s", EVEN, HALVES), BOSS)
    pay(desk, "p", "a", 251)
    assert [part.due for part in queries.check(desk.journal, "c").parts] == [0, 250]
    with pytest.raises(AmountRefused, match="owes 250"):
        pay(desk, "q", "b", 251)
    pay(desk, "r", "b", 250)
    assert queries.check(desk.journal, "c").state == SETTLED


def test_a_split_is_undone_only_while_no_part_is_paid_or_being_paid(desk: Box) -> None:
    desk.desk.run(SplitCheck("s", "c", "s", EVEN, HALVES), BOSS)
    desk.desk.run(UndoSplit("u", "c", "s"), BOSS)
    assert queries.check(desk.journal, "c").parts == ()
    with pytest.raises(SplitRefused, match="not there"):
        desk.desk.run(UndoSplit("u2", "c", "s"), BOSS)
    desk.desk.run(SplitCheck("s2", "c", "s2", EVEN, (Plan("x"), Plan("y"))), BOSS)
    desk.desk.run(IntendPayment("i", "c", "p", "cash", 251, part="x"), BOSS)
    with pytest.raises(SplitRefused, match="being paid"):
        desk.desk.run(UndoSplit("u3", "c", "s2"), BOSS)


def test_a_paid_part_is_not_split_again(desk: Box) -> None:
    desk.desk.run(SplitCheck("s", "c", "s", EVEN, HALVES), BOSS)
    pay(desk, "p", "a", 251)
    with pytest.raises(SplitRefused, match="paid"):
        desk.desk.run(SplitCheck("t", "c", "t", EVEN, (Plan("x"), Plan("y")), ("a", "b")), BOSS)


def test_two_terminals_split_at_once_and_the_one_with_money_counts(
    desk: Box, make_box: BoxMaker
) -> None:
    """X4: both split; one takes money; afterwards both show the same and say why."""
    other = make_box("t2", letter="B")
    other.journal.admit(desk.sealed(), restaurant="r1", trust={"t1": desk.card})
    desk.desk.run(SplitCheck("s", "c", "s", EVEN, HALVES), BOSS)
    thirds = (Plan("x"), Plan("y"), Plan("z"))
    other.desk.run(SplitCheck("t", "c", "t", EVEN, thirds), BOSS)
    pay(other, "p", "x", 167)
    desk.journal.admit(other.sealed(), restaurant="r1", trust={"t2": other.card})
    other.journal.admit(desk.sealed(), restaurant="r1", trust={"t1": desk.card})
    for box in (desk, other):
        bill = queries.check(box.journal, "c")
        assert {part.id: part.due for part in bill.parts} == {"x": 0, "y": 167, "z": 167}
        assert [(n.code, n.about) for n in bill.notices] == [("split-elsewhere", "s")]
    assert desk.journal.digest() == other.journal.digest()
    desk.desk.run(Fire("f", "c"), BOSS)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (SplitCheck("x", "c", "s", "by_mood", HALVES), SplitRefused),
        (SplitCheck("x", "c", "s", EVEN, (Plan("a"),)), SplitRefused),
        (SplitCheck("x", "c", "s", EVEN, (Plan("a"), Plan("a"))), SplitRefused),
        (SplitCheck("x", "c", "a", EVEN, HALVES), SplitRefused),
        (SplitCheck("x", "c", "s", EVEN, (Plan("a", weight=0), Plan("b"))), SplitRefused),
        (SplitCheck("x", "c", "s", EVEN, (Plan("a", amount=5), Plan("b"))), SplitRefused),
        (SplitCheck("x", "c", "s", AMOUNTS, (Plan("a", amount=-5), Plan("b"))), SplitRefused),
        (SplitCheck("x", "c", "s", SEATS, HALVES), SplitRefused),
        (SplitCheck("x", "c", "s", ITEMS, UNKNOWN), SplitRefused),
        (SplitCheck("x", "c", "s", EVEN, HALVES, ("nope",)), PartNotFound),
        (IntendPayment("x", "c", "p", "cash", 5, part="nope"), PartNotFound),
        (UndoSplit("x", "c", "nope"), SplitRefused),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_changes_nothing(
    desk: Box, command: SplitCheck, refusal: type[DomainError]
) -> None:
    position = desk.journal.position()
    with pytest.raises(refusal) as caught:
        desk.desk.run(command, BOSS)
    assert str(caught.value).endswith(".")
    assert desk.journal.position() == position
