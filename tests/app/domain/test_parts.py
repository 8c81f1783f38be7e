"""Splits: by item, seat, in equal parts, by amount; again, undone, at once on two terminals."""

from comptoir.domain import events as ev
from comptoir.domain.check import OPEN, OVERPAID, SETTLED
from comptoir.domain.notices import (
    OVERPAID_BY,
    PAID_ELSEWHERE,
    PART_PAID_MEANWHILE,
    SPLIT_ELSEWHERE,
)
from comptoir.domain.parts import AMOUNTS, ITEMS, Plan, Share
from tests.app.domain.bills import OPENED, VAT10, by_seat, dues, even, folded, line, taken


def test_equal_parts_differ_by_a_cent_at_most() -> None:
    check = folded(OPENED, line(price=10_000), even("s", 3))
    assert dues(check) == {"s1": 3334, "s2": 3333, "s3": 3333}


def test_equal_parts_of_many_lines_differ_by_a_cent_at_most_too() -> None:
    lines = [line(f"l{i}", 100 + i, taxes=[VAT10]) for i in range(10)]
    check = folded(OPENED, *lines, even("s", 7))
    assert max(dues(check).values()) - min(dues(check).values()) <= 1


def test_couples_can_weigh_double() -> None:
    plans = (Plan("s1", "couple", weight=2), Plan("s2"))
    check = folded(OPENED, line(price=900), ev.CheckSplit("c", "s", "even", plans))
    assert dues(check) == {"s1": 600, "s2": 300}


def test_by_item_each_pays_what_they_had_and_what_nobody_takes_is_a_rest() -> None:
    plans = (Plan("s1", lines=(Share("l1"),)), Plan("s2", lines=(Share("l2"),)))
    check = folded(
        OPENED,
        line("l1", 700),
        line("l2", 300),
        ev.CheckSplit("c", "s", ITEMS, plans),
        line("l3", 250),
    )
    assert dues(check) == {"s1": 700, "s2": 300, "s.rest": 250}


def test_a_shared_line_goes_by_the_weights_of_those_who_share_it() -> None:
    plans = (Plan("s1", lines=(Share("l1", 2),)), Plan("s2", lines=(Share("l1"),)))
    check = folded(OPENED, line("l1", 1000), ev.CheckSplit("c", "s", ITEMS, plans))
    assert dues(check) == {"s1": 667, "s2": 333}


def test_the_shared_duck_belongs_to_its_seats_and_the_rice_to_all() -> None:
    """X23: a line belongs to any set of seats."""
    check = folded(
        OPENED,
        line("duck", 5000, seats=[1, 2, 3]),
        line("soup", 800, seats=[4]),
        line("rice", 400),
        by_seat("s", [1, 2], [3], [4]),
    )
    assert dues(check) == {"s1": 3333 + 200, "s2": 1667 + 100, "s3": 900}


def test_cents_that_cannot_be_shared_go_round() -> None:
    lines = [line(f"l{i}", 100, seats=[1, 2, 3]) for i in range(6)]
    check = folded(OPENED, *lines, by_seat("s", [1], [2], [3]))
    assert dues(check) == {"s1": 200, "s2": 200, "s3": 200}


def test_a_line_moved_to_another_seat_moves_to_its_part() -> None:
    check = folded(
        OPENED, line(seats=[1]), by_seat("s", [1], [2]), ev.LineSeatsSet("c", "l1", (2,))
    )
    assert dues(check) == {"s1": 0, "s2": 500}


def test_by_amount_the_last_pays_the_rest() -> None:
    plans = (Plan("s1", amount=4000), Plan("s2", amount=2500), Plan("s3"))
    check = folded(OPENED, line(price=9999), ev.CheckSplit("c", "s", AMOUNTS, plans))
    assert dues(check) == {"s1": 4000, "s2": 2500, "s3": 3499}


def test_a_part_that_is_paid_stays_paid_and_late_lines_fall_on_the_others() -> None:
    check = folded(
        OPENED,
        line(price=900),
        even("s", 3),
        taken("p", 300, "s1", settles=300),
        line("late", 100),
    )
    assert dues(check) == {"s1": 0, "s2": 350, "s3": 350}
    assert [part.state for part in check.parts] == [SETTLED, OPEN, OPEN]


def test_a_late_line_after_all_are_paid_is_a_rest_that_somebody_owes() -> None:
    paid = [taken(f"p{i}", 450, f"s{i}", settles=450) for i in (1, 2)]
    check = folded(OPENED, line(price=900), even("s", 2), *paid, line("late", 120))
    assert dues(check) == {"s1": 0, "s2": 0, "s.rest": 120}
    assert check.state == OPEN


def test_money_taken_before_the_split_counts_for_all() -> None:
    check = folded(OPENED, line(price=1000), taken("deposit", 200), even("s", 4))
    assert [part.total for part in check.parts] == [250] * 4
    assert dues(check) == {"s1": 200, "s2": 200, "s3": 200, "s4": 200}


def test_unpaid_parts_are_split_again_after_the_first_was_paid() -> None:
    """X23: unpaid parts can be split again."""
    check = folded(
        OPENED,
        line(price=1000),
        even("s", 4),
        taken("p", 250, "s1", settles=250),
        even("again", 2, of=["s2", "s3", "s4"]),
    )
    assert dues(check) == {"s1": 0, "again1": 375, "again2": 375}


def test_a_part_is_split_by_seat_after_a_split_by_item() -> None:
    plans = (Plan("s1", lines=(Share("l1"),)), Plan("s2", lines=(Share("l2"),)))
    check = folded(
        OPENED,
        line("l1", 700),
        line("l2", 301, seats=[3, 4], taxes=[VAT10]),
        ev.CheckSplit("c", "s", ITEMS, plans),
        by_seat("again", [3], [4], of=["s2"]),
    )
    assert dues(check) == {"s1": 700, "again1": 151, "again2": 150}


def test_an_undone_split_leaves_the_check_whole() -> None:
    check = folded(OPENED, line(), even("s", 2), ev.SplitsUndone("c", ("s",)))
    assert check.parts == ()
    assert check.due == 500


def test_an_undo_takes_what_its_parts_were_split_into_with_it() -> None:
    again = even("again", 2, of=["s1"])
    check = folded(OPENED, line(), even("s", 2), again, ev.SplitsUndone("c", ("s",)))
    assert check.parts == ()


def test_a_part_paid_while_the_split_is_undone_keeps_the_split() -> None:
    """X4: a payment on a part while the split is undone, in either order."""
    undo, pay = ev.SplitsUndone("c", ("s",)), taken("p", 250, "s1", settles=250)
    for order in ([undo, pay], [pay, undo]):
        check = folded(OPENED, line(), even("s", 2), *order)
        assert dues(check) == {"s1": 0, "s2": 250}
        assert [notice.code for notice in check.notices] == [PART_PAID_MEANWHILE]


def test_of_two_splits_at_once_the_earlier_counts_and_the_other_is_told() -> None:
    check = folded(OPENED, line(), even("a", 2), even("b", 4))
    assert list(dues(check)) == ["a1", "a2"]
    assert [(n.code, n.about) for n in check.notices] == [(SPLIT_ELSEWHERE, "b")]


def test_of_two_splits_at_once_the_one_with_money_counts() -> None:
    check = folded(OPENED, line(), even("a", 2), even("b", 4), taken("p", 125, "b1", settles=125))
    assert dues(check) == {"b1": 0, "b2": 125, "b3": 125, "b4": 125}


def test_money_on_both_of_two_splits_counts_for_all_who_owe() -> None:
    check = folded(
        OPENED, line(price=600), even("a", 2), even("b", 3), taken("p", 300, "a1", 300),
        taken("q", 200, "b1", 200),
    )  # fmt: skip
    assert dues(check) == {"a1": 0, "a2": 100}
    assert {notice.code for notice in check.notices} == {PAID_ELSEWHERE, SPLIT_ELSEWHERE}


def test_a_part_paid_twice_is_overpaid_and_the_person_is_told_how_much() -> None:
    check = folded(
        OPENED, line(), even("s", 2), taken("p", 250, "s1", 250), taken("q", 250, "s1", 250),
        taken("r", 250, "s2", 250),
    )  # fmt: skip
    assert check.state == OVERPAID
    assert [part.state for part in check.parts] == [OVERPAID, SETTLED]
    assert [(n.code, n.amount) for n in check.notices] == [(OVERPAID_BY, 250)]


def test_paying_the_whole_while_a_part_is_paid_overpays() -> None:
    check = folded(OPENED, line(), even("s", 2), taken("p", 250, "s1", 250), taken("q", 500))
    assert check.due == -250
    assert check.state == OVERPAID


def test_a_facts_order_of_arrival_does_not_matter_for_an_undo_before_its_split() -> None:
    check = folded(OPENED, line(), ev.SplitsUndone("c", ("s",)), even("s", 2))
    assert check.parts == ()
