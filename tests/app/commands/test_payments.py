"""Tenders, tips, and money whose terminal died before it could say whether it was received."""

from typing import Any

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    CancelPayment,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    TakePayment,
    queries,
)
from comptoir.commands.payments import AnswerPayment, SetTip
from comptoir.domain.check import CANCELLED, INTENDED, OPEN, OVERPAID, SETTLED, TAKEN, Payment
from comptoir.domain.errors import AmountRefused, PaymentAnsweredElsewhere
from comptoir.domain.house import WAITER
from comptoir.domain.menu import Item, Menu
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA, BOB = Actor("anna", WAITER), Actor("bob", WAITER)
SOUP = Item("soup", "starters", {"en": "Hot soup"}, 3150)


@pytest.fixture
def service(box: Box) -> Box:
    box.desk.run(PublishMenu("menu-1", Menu("", (), (), (), (SOUP,))), BOSS)
    box.desk.run(OpenCheck("k1", "c", "eat_in", "7", 2), ANNA)
    box.desk.run(AddLine("k2", "c", "l1", "soup"), ANNA)
    return box


def intend(box: Box, payment: str = "p1", tender: str = "cash", **more: Any) -> None:
    amount = more.pop("amount", 3150)
    command = IntendPayment(f"i-{box.name}-{payment}", "c", payment, tender, amount, **more)
    box.desk.run(command, ANNA)


def take(box: Box, payment: str = "p1", tendered: int = 3150, **more: Any) -> Payment:
    command = TakePayment(f"t-{box.name}-{payment}", "c", payment, tendered, **more)
    box.desk.run(command, ANNA)
    return of(box, payment)


def of(box: Box, payment: str = "p1") -> Payment:
    (found,) = (p for p in queries.check(box.journal, "c").payments if p.id == payment)
    return found


def share(giver: Box, *takers: Box) -> None:
    for taker in takers:
        taker.journal.admit(giver.sealed(), restaurant="r1", trust={giver.name: giver.card})


@pytest.mark.parametrize(
    ("tender", "tendered", "more", "change"),
    [
        ("cash", 5000, {}, 1850),
        ("cash", 4000, {"tip": 350}, 500),
        ("card", 3500, {"tip": 350, "reference": "A-117"}, 0),
        ("cheque", 3150, {"reference": "0012345"}, 0),
        ("voucher", 4000, {}, 0),
        ("house_account", 3150, {}, 0),
    ],
)
def test_every_tender_pays_in_its_own_way(
    service: Box, tender: str, tendered: int, more: dict[str, Any], change: int
) -> None:
    intend(service, tender=tender, account="Town hall")
    payment = take(service, tendered=tendered, **more)
    assert (payment.status, payment.amount, payment.change) == (TAKEN, 3150, change)
    assert (payment.tip, payment.reference) == (more.get("tip", 0), more.get("reference", ""))
    assert payment.account == ("Town hall" if tender == "house_account" else "")
    assert queries.check(service.journal, "c").state == SETTLED


@pytest.mark.parametrize(
    ("tender", "tendered", "more"),
    [
        ("cash", 3149, {}),
        ("cash", 3150, {"tip": 1}),
        ("cash", 3150, {"tip": -1}),
        ("card", 3200, {"reference": "x"}),
        ("card", 3150, {}),
        ("card", 3150, {"reference": "  "}),
        ("cheque", 3150, {}),
        ("house_account", 3151, {}),
    ],
)
def test_what_a_tender_does_not_allow_is_refused(
    service: Box, tender: str, tendered: int, more: dict[str, Any]
) -> None:
    intend(service, tender=tender, account="Town hall")
    with pytest.raises(AmountRefused):
        take(service, tendered=tendered, **more)
    assert of(service).status == INTENDED


def test_a_house_account_has_a_name(service: Box) -> None:
    with pytest.raises(AmountRefused, match="whose account"):
        intend(service, tender="house_account")


def test_a_check_is_split_over_several_tenders(service: Box) -> None:
    intend(service, "p1", "card", amount=2000)
    take(service, "p1", 2000, reference="A-1")
    intend(service, "p2", "voucher", amount=1000)
    take(service, "p2", 1000)
    assert queries.check(service.journal, "c").due == 150
    intend(service, "p3", "cash", amount=150)
    take(service, "p3", 200)
    assert queries.check(service.journal, "c").state == SETTLED


def test_a_tip_is_changed_after_and_the_last_one_counts(service: Box) -> None:
    """X5."""
    intend(service, tender="card")
    take(service, reference="A-1")
    service.desk.run(SetTip("s1", "c", "p1", 300), ANNA)
    service.desk.run(SetTip("s2", "c", "p1", 400), BOB)
    assert of(service).tip == 400
    assert queries.check(service.journal, "c").due == 0, "a tip pays no food"


def test_no_tip_on_money_that_was_not_taken(service: Box) -> None:
    intend(service)
    with pytest.raises(AmountRefused):
        service.desk.run(SetTip("s1", "c", "p1", 300), ANNA)


@pytest.fixture
def dead(service: Box, make_box: BoxMaker) -> tuple[Box, Box]:
    """T2 meant to take 31.50 and died; returns the survivor and the dead one."""
    other = make_box("t2", letter="B")
    share(service, other)
    intend(other, tip=200)
    share(other, service)
    return service, other


def answer(box: Box, received: str, who: Actor = BOB) -> None:
    box.desk.run(AnswerPayment(f"a-{box.name}-{received}", "c", "p1", received), who)


@pytest.mark.parametrize(
    ("received", "status", "state"),
    [("yes", TAKEN, SETTLED), ("no", CANCELLED, OPEN), ("ask", INTENDED, OPEN)],
)
def test_a_peer_answers_for_a_dead_terminal(
    dead: tuple[Box, Box], received: str, status: str, state: str
) -> None:
    here, _ = dead
    answer(here, received)
    payment = of(here)
    assert (payment.status, payment.terminal) == (status, "t2")
    assert [(one.received, one.by, one.terminal) for one in payment.answers] == [
        (received, "bob", "t1")
    ]
    check = queries.check(here.journal, "c")
    assert (check.state, check.active) == (state, state == OPEN)


def test_an_open_question_keeps_a_paid_check_in_sight(dead: tuple[Box, Box]) -> None:
    here, _ = dead
    intend(here, "p2")
    take(here, "p2")
    assert [check.id for check in queries.open_checks(here.journal)] == ["c"]
    answer(here, "no")
    assert queries.open_checks(here.journal) == []


@pytest.mark.parametrize("received", ["yes", "no"])
def test_the_box_that_comes_back_is_told_and_takes_nothing_again(
    dead: tuple[Box, Box], received: str
) -> None:
    here, there = dead
    answer(here, received)
    share(here, there)
    with pytest.raises(PaymentAnsweredElsewhere, match=rf"bob on t1 said.*{received}"):
        take(there, tendered=3350)
    with pytest.raises(PaymentAnsweredElsewhere):
        there.desk.run(CancelPayment("x", "c", "p1"), ANNA)


def test_two_terminals_answer_differently_and_the_money_is_kept(
    dead: tuple[Box, Box], make_box: BoxMaker
) -> None:
    here, there = dead
    third = make_box("t3", letter="C")
    share(here, third)
    share(there, third)
    answer(here, "no")
    answer(third, "yes")
    share(here, third)
    share(third, here)
    assert of(here) == of(third)
    assert (of(here).status, of(here).disputed) == (TAKEN, True)


def test_what_the_dead_box_had_written_itself_beats_a_no_and_is_shown_as_disputed(
    dead: tuple[Box, Box],
) -> None:
    here, there = dead
    take(there, tendered=3350)
    answer(here, "no")
    intend(here, "p2")
    take(here, "p2")
    share(there, here)
    share(here, there)
    assert of(here) == of(there)
    assert (of(here).status, of(here).disputed, of(here).tip) == (TAKEN, True, 200)
    assert queries.check(here.journal, "c").state == OVERPAID


def test_one_answers_only_for_others_and_only_once(dead: tuple[Box, Box]) -> None:
    here, there = dead
    with pytest.raises(AmountRefused, match="meant to be taken here"):
        answer(there, "yes")
    with pytest.raises(AmountRefused, match="no answer"):
        answer(here, "perhaps")
    answer(here, "yes")
    with pytest.raises(PaymentAnsweredElsewhere):
        answer(here, "no")
