"""Moving checks and putting them together, on one terminal and on two at once."""

import pytest

from comptoir.commands import (
    AddLine,
    Bump,
    Fire,
    HandCheck,
    IntendPayment,
    MergeChecks,
    MoveCheck,
    OpenCheck,
    PublishMenu,
    SplitCheck,
    TakePayment,
    UnmergeCheck,
    queries,
)
from comptoir.commands.discounts import SetDiscount
from comptoir.commands.refunds import RefundPayment
from comptoir.domain.check import OPEN, SETTLED
from comptoir.domain.errors import AmountRefused, MergeRefused
from comptoir.domain.events import CheckMoved, DiscountSet
from comptoir.domain.menu import Item, Menu
from comptoir.domain.parts import EVEN, Plan
from tests.fakes.box import BOSS, Box, BoxMaker


@pytest.fixture
def house(box: Box) -> Box:
    items = (Item("soup", "x", {"en": "Soup"}, 500),)
    box.desk.run(PublishMenu("menu", Menu("", items=items)), BOSS)
    for check in ("c", "d", "e"):
        box.desk.run(OpenCheck(f"open-{check}", check, table=check), BOSS)
        box.desk.run(AddLine(f"add-{check}", check, f"{check}1", "soup"), BOSS)
    return box


@pytest.fixture
def other(house: Box, make_box: BoxMaker) -> Box:
    made = make_box("t2", letter="B")
    made.journal.admit(house.sealed(), restaurant="r1", trust={"t1": house.card})
    return made


def meet(one: Box, two: Box) -> None:
    one.journal.admit(two.sealed(), restaurant="r1", trust={two.name: two.card})
    two.journal.admit(one.sealed(), restaurant="r1", trust={one.name: one.card})
    assert one.journal.digest() == two.journal.digest()


def pay(box: Box, check: str, name: str, amount: int) -> None:
    box.desk.run(IntendPayment(f"i-{name}", check, name, "cash", amount), BOSS)
    box.desk.run(TakePayment(f"t-{name}", check, name, amount), BOSS)


def test_a_merged_bill_is_paid_once_and_both_checks_rest(house: Box) -> None:
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    assert [bill.id for bill in queries.open_checks(house.journal)] == ["c", "e"]
    pay(house, "c", "p", 1000)
    assert queries.check(house.journal, "d").state == SETTLED
    assert [bill.id for bill in queries.open_checks(house.journal)] == ["e"]
    assert not any(house.journal.state(f"check:{name}").active for name in "cd")
    assert [house.journal.state(f"sale:{name}").total for name in "cd"] == [500, 500]


def test_a_line_added_elsewhere_while_two_checks_are_merged_is_on_the_bill(
    house: Box, other: Box
) -> None:
    """X4: one merges while the other adds a line."""
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    other.desk.run(AddLine("late", "d", "d2", "soup"), BOSS)
    meet(house, other)
    for box in (house, other):
        assert queries.check(box.journal, "c").due == 1500


def test_a_line_added_after_the_merged_bill_was_paid_is_owed_again(house: Box, other: Box) -> None:
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    pay(house, "c", "p", 1000)
    other.desk.run(AddLine("late", "d", "d2", "soup"), BOSS)
    meet(house, other)
    (bill, _) = queries.open_checks(house.journal)
    assert (bill.id, bill.state, bill.due) == ("c", OPEN, 500)


def test_money_taken_on_a_check_that_was_merged_meanwhile_counts_for_the_bill(
    house: Box, other: Box
) -> None:
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    pay(other, "d", "p", 500)
    meet(house, other)
    bill = queries.check(house.journal, "c")
    assert (bill.paid, bill.due) == (500, 500)


def test_x4_a_merge_is_undone_while_nothing_was_paid_since(house: Box) -> None:
    pay(house, "d", "before", 200)
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    house.desk.run(UnmergeCheck("u", "c", "d"), BOSS)
    assert [(bill.id, bill.due) for bill in queries.open_checks(house.journal)] == [
        ("c", 500), ("d", 300), ("e", 500),
    ]  # fmt: skip
    house.desk.run(MergeChecks("m2", "d", "c"), BOSS)
    assert queries.check(house.journal, "c").id == "d"


def test_checks_that_were_merged_into_each_other_are_taken_apart_in_one_go(
    house: Box, other: Box
) -> None:
    house.desk.run(MergeChecks("m1", "c", "d"), BOSS)
    other.desk.run(MergeChecks("m2", "d", "c"), BOSS)
    meet(house, other)
    house.desk.run(UnmergeCheck("u", "c", "d"), BOSS)
    assert [bill.id for bill in queries.open_checks(house.journal)] == ["c", "d", "e"]


def test_money_that_was_for_both_beats_an_unmerge_elsewhere_and_says_so(
    house: Box, other: Box
) -> None:
    """X4: paid on one side of a cut, taken apart on the other; no money is on the wrong check."""
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    meet(house, other)
    other.desk.run(UnmergeCheck("u", "c", "d"), BOSS)
    pay(house, "c", "p", 1000)
    meet(house, other)
    for box in (house, other):
        bill = queries.check(box.journal, "d")
        assert (bill.id, bill.state, len(bill.members)) == ("c", SETTLED, 2)
        assert [(one.code, one.about) for one in bill.notices] == [("paid-together", "d")]


def test_an_unmerge_is_refused_with_the_reason(house: Box) -> None:
    with pytest.raises(MergeRefused, match="not on this bill"):
        house.desk.run(UnmergeCheck("u0", "c", "d"), BOSS)
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    with pytest.raises(MergeRefused, match="not on this bill"):
        house.desk.run(UnmergeCheck("u1", "c", "c"), BOSS)
    house.desk.run(IntendPayment("i", "c", "p", "cash", 100), BOSS)
    with pytest.raises(MergeRefused, match="being paid"):
        house.desk.run(UnmergeCheck("u2", "c", "d"), BOSS)
    house.desk.run(TakePayment("t", "c", "p", 100), BOSS)
    with pytest.raises(MergeRefused, match="paid together"):
        house.desk.run(UnmergeCheck("u3", "c", "d"), BOSS)


def test_money_given_back_after_a_merge_is_given_back_whatever_check_it_was_taken_on(
    house: Box,
) -> None:
    pay(house, "d", "p", 200)
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    house.desk.run(RefundPayment("r", "c", "r1", "p", 200, "twice"), BOSS)
    bill = queries.check(house.journal, "c")
    assert (bill.paid, bill.due) == (0, 1000)


def test_merging_each_into_the_other_at_once_makes_one_bill(house: Box, other: Box) -> None:
    house.desk.run(MergeChecks("m1", "c", "d"), BOSS)
    other.desk.run(MergeChecks("m2", "d", "c"), BOSS)
    meet(house, other)
    for name in ("c", "d"):
        bill = queries.check(house.journal, name)
        assert (bill.id, bill.due) == ("c", 1000)


def test_merging_in_a_chain_makes_one_bill(house: Box, other: Box) -> None:
    house.desk.run(MergeChecks("m1", "d", "e"), BOSS)
    other.desk.run(MergeChecks("m2", "c", "d"), BOSS)
    meet(house, other)
    assert queries.check(house.journal, "e").due == 1500
    assert [bill.id for bill in queries.open_checks(other.journal)] == ["c"]


def test_the_kitchen_keeps_its_dishes_when_checks_are_merged(house: Box) -> None:
    house.desk.run(Fire("f1", "d"), BOSS)
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    house.desk.run(Fire("f2", "c"), BOSS)
    house.desk.run(Bump("b", "c", ("c1", "d1"), "ready"), BOSS)
    assert {line.status for line in queries.check(house.journal, "c").lines} == {"ready"}
    assert house.journal.state("check:d").lines[0].status == "ready"


def test_a_table_and_a_server_move_with_the_whole_bill(house: Box) -> None:
    house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    house.desk.run(MoveCheck("t", "d", "9"), BOSS)
    assert {house.journal.state(f"check:{name}").table for name in "cd"} == {"9"}
    with pytest.raises(AmountRefused, match="Nobody"):
        house.desk.run(HandCheck("h", "c", "nobody"), BOSS)


def test_of_two_moves_at_once_the_last_counts(house: Box, other: Box) -> None:
    house.desk.run(MoveCheck("t1", "c", "8"), BOSS)
    other.clock.ms += 1000
    other.desk.run(MoveCheck("t2", "c", "9"), BOSS)
    meet(house, other)
    assert queries.check(house.journal, "c").table == "9"


def test_of_two_changes_at_once_the_last_counts_and_both_are_in_the_audit(
    house: Box, other: Box
) -> None:
    other.clock.ms += 1000
    for box, table, amount in ((other, "9", 100), (house, "8", 200)):
        box.desk.run(MoveCheck(f"move {table}", "c", table), BOSS)
        box.desk.run(SetDiscount(f"discount {table}", "c", amount=amount, reason="late"), BOSS)
    meet(house, other)
    for box in (house, other):
        check = queries.check(box.journal, "c")
        assert (check.table, check.total) == ("9", 400)
        said = [event.body for event in box.journal.events("check:c")]
        assert [body.table for body in said if isinstance(body, CheckMoved)] == ["8", "9"]
        assert [body.amount for body in said if isinstance(body, DiscountSet)] == [200, 100]


def test_what_cannot_be_paid_together_is_refused(house: Box) -> None:
    with pytest.raises(MergeRefused, match="already"):
        house.desk.run(MergeChecks("m", "c", "c"), BOSS)
    house.desk.run(SplitCheck("s", "d", "s", EVEN, (Plan("a"), Plan("b"))), BOSS)
    with pytest.raises(MergeRefused, match="split"):
        house.desk.run(MergeChecks("m", "c", "d"), BOSS)
    house.desk.run(IntendPayment("i", "e", "p", "cash", 500), BOSS)
    with pytest.raises(MergeRefused, match="being paid"):
        house.desk.run(MergeChecks("m", "c", "e"), BOSS)
