"""Three terminals of one restaurant at once: whatever they do to a bill, no money is lost.

Commands in a random order on terminals that hear of each other at random, until all have heard
everything: the same state everywhere, parts that sum to the whole, every taken cent still there.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.commands import (
    Actor,
    AddLine,
    Command,
    CompLine,
    Fire,
    IntendPayment,
    MergeChecks,
    MoveCheck,
    OpenCheck,
    PublishMenu,
    SetDiscount,
    SetSeats,
    SplitCheck,
    TakePayment,
    UndoSplit,
    VoidLine,
    queries,
)
from comptoir.domain.check import OPEN, OVERPAID, SETTLED, TAKEN, Check
from comptoir.domain.errors import DomainError
from comptoir.domain.house import MANAGER
from comptoir.domain.menu import Item, Menu
from comptoir.domain.notices import OVERPAID_BY
from comptoir.domain.parts import EVEN, SEATS, Plan
from comptoir.domain.tax import TaxRate
from tests.app.domain.test_bill import sums_hold
from tests.fakes.box import BOSS, Box, BoxMaker

RATES = (TaxRate("v10", "10 %", 100_000), TaxRate("s", "8.875 %", 88_750, inclusive=False))
SOUP = Item("soup", "x", {"en": "Soup"}, 555, {"eat_in": ("v10",)})
DUCK = Item("duck", "x", {"en": "Duck"}, 4999, {"eat_in": ("v10", "s")})
PEOPLE = Actor("anna", MANAGER)
STEPS_MAX = 30

Doing = Callable[["Evening", Box], Iterator[Command]]


class Evening:
    """Terminals that share two checks, and what their guests were told they paid."""

    def __init__(self, boxes: list[Box], random: Random) -> None:
        self.boxes, self.random, self.names = boxes, random, count(1)
        self.told: Counter[str] = Counter()

    def name(self) -> str:
        return f"n{next(self.names)}"

    def any_check(self) -> str:
        return self.random.choice(["c", "d"])

    def bill(self, box: Box) -> Check:
        return queries.check(box.journal, self.any_check())

    def carry_out(self, box: Box, doing: Doing) -> None:
        box.clock.ms += self.random.choice([0, 1, 1000])
        try:
            for command in doing(self, box):
                box.desk.run(command, PEOPLE)
                if isinstance(command, TakePayment):
                    self.told[command.payment] = command.tendered
        except DomainError as refusal:
            assert str(refusal).endswith(".")  # noqa: PT017 - any refusal is fine, if it speaks

    def hear(self, box: Box) -> None:
        """Let a terminal hear everything that the others know, the others in any order."""
        others = [other for other in self.boxes if other is not box]
        self.random.shuffle(others)
        trust = {other.name: other.card for other in others}
        for other in others:
            box.journal.admit(other.sealed(), restaurant="r1", trust=trust)


def add(evening: Evening, _: Box) -> Iterator[Command]:
    seats = tuple(evening.random.sample([1, 2, 3, 4], evening.random.randint(0, 3)))
    item = evening.random.choice(["soup", "duck"])
    yield AddLine(evening.name(), evening.any_check(), evening.name(), item, seats=seats)


def fire(evening: Evening, _: Box) -> Iterator[Command]:
    yield Fire(evening.name(), evening.any_check())


def on_line(evening: Evening, box: Box) -> Iterator[Command]:
    bill = evening.bill(box)
    if bill.live_lines:
        line, name = evening.random.choice(bill.live_lines).id, evening.name()
        yield evening.random.choice(
            [
                VoidLine(name, bill.id, line, "mistake"),
                CompLine(name, bill.id, line, "waited"),
                SetDiscount(name, bill.id, line, ppm=150_000, reason="regular"),
                SetDiscount(name, bill.id, amount=99, reason="regular"),
                SetSeats(name, bill.id, line, (evening.random.randint(1, 4),)),
                MoveCheck(name, bill.id, "9"),
            ]
        )


def split(evening: Evening, box: Box) -> Iterator[Command]:
    bill, name = evening.bill(box), evening.name()
    how = evening.random.choice([EVEN, SEATS])
    parts = evening.random.randint(2, 4)
    plans = tuple(Plan(f"{name}-{i}", seats=(i,) if how == SEATS else ()) for i in range(1, parts))
    plans += (Plan(f"{name}-x", seats=(4,) if how == SEATS else ()),)
    unpaid = [part.id for part in bill.parts if part.state == OPEN]
    of = tuple(evening.random.sample(unpaid, min(len(unpaid), 2)))
    yield SplitCheck(evening.name(), bill.id, name, how, plans, of)


def undo(evening: Evening, box: Box) -> Iterator[Command]:
    bill = evening.bill(box)
    if bill.splits:
        yield UndoSplit(evening.name(), bill.id, evening.random.choice(bill.splits).id)


def merge(evening: Evening, _: Box) -> Iterator[Command]:
    into = evening.any_check()
    yield MergeChecks(evening.name(), into, "d" if into == "c" else "c")


def pay(evening: Evening, box: Box) -> Iterator[Command]:
    bill, name = evening.bill(box), evening.name()
    owing = [(part.id, part.due) for part in bill.parts if part.due > 0] or [("", bill.due)]
    part, due = evening.random.choice(owing)
    amount = evening.random.choice([due, due, max(1, due // 3)])
    yield IntendPayment(evening.name(), bill.id, name, "cash", amount, part=part)
    yield TakePayment(evening.name(), bill.id, name, amount)


DOINGS: tuple[Doing, ...] = (add, add, fire, on_line, split, split, undo, merge, pay, pay)


@pytest.mark.filterwarnings("error")
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 99), max_size=STEPS_MAX))
def test_whatever_three_terminals_do_at_once_no_money_is_lost(
    make_box: BoxMaker, random: Random, steps: list[int]
) -> None:
    """X4, X23: transfers, merges, splits and payments on both sides of a cut."""
    boxes = [make_box(f"t{i}", letter=letter) for i, letter in enumerate("ABC", 1)]
    evening = Evening(boxes, random)
    boxes[0].desk.run(PublishMenu("menu", Menu("", RATES, items=(SOUP, DUCK))), BOSS)
    for check in ("c", "d"):
        boxes[0].desk.run(OpenCheck(f"open-{check}", check, table="7"), PEOPLE)
        boxes[0].desk.run(AddLine(f"add-{check}", check, f"{check}-1", "duck"), PEOPLE)
    for box in boxes:
        evening.hear(box)
    for step in steps:
        box = boxes[step % 3]
        evening.carry_out(box, DOINGS[step // 3 % len(DOINGS)])
        if random.random() < 0.3:
            evening.hear(random.choice(boxes))
    for _ in range(2):
        for box in boxes:
            evening.hear(box)
    assert len({box.journal.digest() for box in boxes}) == 1
    _judge(boxes[0], evening.told)


def _judge(box: Box, told: Counter[str]) -> None:
    bills = {bill.id: bill for bill in (queries.check(box.journal, name) for name in "cd")}
    kept = {p.id: p.amount for b in bills.values() for p in b.payments if p.status == TAKEN}
    assert kept == told, "every payment that a guest was told of"
    shown = {bill.id for bill in queries.open_checks(box.journal)}
    for bill in bills.values():
        sums_hold(bill)
        assert bill.paid == sum(p.amount for p in bill.payments if p.status == TAKEN)
        assert bill.state in {OPEN, SETTLED, OVERPAID}
        assert (bill.state == OVERPAID) == (OVERPAID_BY in {n.code for n in bill.notices})
        assert bill.id in shown or bill.state == SETTLED, "nobody forgets it"
