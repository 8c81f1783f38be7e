"""A table's evening, command by command."""

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    Bump,
    CancelPayment,
    Fire,
    IntendPayment,
    OpenCheck,
    PublishFloor,
    PublishMenu,
    SetQuantity,
    SetStaff,
    TakePayment,
    VoidLine,
    queries,
)
from comptoir.domain.check import OVERPAID, SERVED, SETTLED
from comptoir.domain.errors import (
    AmountRefused,
    ApprovalNeeded,
    CheckNotFound,
    CheckSettled,
    DomainError,
    ItemNotFound,
    LineNotFound,
    NotAllowed,
    NothingToSend,
    PaymentNotFound,
)
from comptoir.domain.house import KITCHEN, WAITER, Area, Table
from comptoir.domain.menu import Item, Menu
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA = Actor("anna", WAITER)
COOK = Actor("cook", KITCHEN)
VAT = TaxRate("v10", "10 %", 100_000)
SOUP = Item("soup", "starters", {"en": "Hot soup", "zh": "汤"}, 550, {"eat_in": ("v10",)}, "12")
TEA = Item("tea", "drinks", {"en": "Tea"}, 250, {"eat_in": ("v10",)}, station="bar")


@pytest.fixture
def service(box: Box) -> Box:
    box.desk.run(PublishMenu("menu-1", Menu("", (VAT,), (), (), (SOUP, TEA))), BOSS)
    box.desk.run(PublishFloor("floor-1", (Area("room", "Room", (Table("7", "7"),)),)), BOSS)
    box.desk.run(OpenCheck("k1", "c", "eat_in", "7", 2), ANNA)
    box.desk.run(AddLine("k2", "c", "l1", "soup", 2000), ANNA)
    return box


def test_a_line_copies_name_price_and_taxes(service: Box) -> None:
    service.desk.run(PublishMenu("menu-2", Menu("", (VAT,), (), (), ())), BOSS)
    (line,) = queries.check(service.journal, "c").lines
    assert (line.names["zh"], line.amount, line.taxes) == ("汤", 1100, (VAT,))


def test_the_same_command_sent_again_does_nothing_twice(service: Box) -> None:
    position = service.journal.position()
    outcome = service.desk.run(AddLine("k2", "c", "l1", "soup", 2000), ANNA)
    assert outcome.replayed
    assert outcome.events[0].envelope.seq == 4
    assert service.journal.position() == position


def test_a_retry_on_another_terminal_does_nothing_twice(service: Box, make_box: BoxMaker) -> None:
    other = make_box("t2", letter="B")
    other.journal.admit(service.sealed(), restaurant="r1", trust={"t1": service.card})
    assert other.desk.run(AddLine("k2", "c", "l1", "soup", 2000), ANNA).replayed
    assert other.log.held() == (0, 0)


def test_order_kitchen_and_cash_to_the_end(service: Box) -> None:
    service.desk.run(Fire("k3", "c"), ANNA)
    (card,) = queries.kitchen_cards(service.journal, "kitchen")
    assert [line.id for line in card.lines] == ["l1"]
    service.desk.run(Bump("k4", "c", ("l1",), SERVED), COOK)
    assert queries.kitchen_cards(service.journal) == []
    service.desk.run(IntendPayment("k5", "c", "p1", "cash", 1100), ANNA)
    service.desk.run(TakePayment("k6", "c", "p1", 2000), ANNA)
    check = queries.check(service.journal, "c")
    assert (check.state, check.payments[0].change, check.due) == (SETTLED, 900, 0)
    assert queries.open_checks(service.journal) == []


def test_the_floor_shows_each_table_with_its_checks(service: Box) -> None:
    (table,) = queries.floor(service.journal)
    assert (table.table.label, [check.id for check in table.checks]) == ("7", ["c"])


def test_a_part_payment_leaves_the_rest_due(service: Box) -> None:
    service.desk.run(IntendPayment("k5", "c", "p1", "cash", 600), ANNA)
    service.desk.run(TakePayment("k6", "c", "p1", 600), ANNA)
    assert queries.check(service.journal, "c").due == 500


def test_a_payment_is_taken_once(service: Box) -> None:
    service.desk.run(IntendPayment("k5", "c", "p1", "cash", 1100), ANNA)
    service.desk.run(TakePayment("k6", "c", "p1", 1100), ANNA)
    with pytest.raises(PaymentNotFound):
        service.desk.run(TakePayment("k7", "c", "p1", 1100), ANNA)


def test_money_taken_on_both_sides_of_a_cut_is_flagged(service: Box, make_box: BoxMaker) -> None:
    other = make_box("t2", letter="B")
    other.journal.admit(service.sealed(), restaurant="r1", trust={"t1": service.card})
    for box, name in ((service, "p1"), (other, "p2")):
        box.desk.run(IntendPayment(f"i-{name}", "c", name, "cash", 1100), ANNA)
        box.desk.run(TakePayment(f"t-{name}", "c", name, 1100), ANNA)
    service.journal.admit(other.sealed(), restaurant="r1", trust={"t2": other.card})
    check = queries.check(service.journal, "c")
    assert (check.state, check.due) == (OVERPAID, -1100)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (OpenCheck("x", "d", "drive_in"), AmountRefused),
        (OpenCheck("x", "d", covers=-1), AmountRefused),
        (AddLine("x", "nope", "l", "soup"), CheckNotFound),
        (AddLine("x", "c", "l", "unicorn"), ItemNotFound),
        (AddLine("x", "c", "l", "soup", 0), AmountRefused),
        (AddLine("x", "c", "l", "soup", 1_000_000), AmountRefused),
        (SetQuantity("x", "c", "nope", 1000), LineNotFound),
        (SetQuantity("x", "c", "l1", -1), AmountRefused),
        (Bump("x", "c", ("l1",), "unsent"), AmountRefused),
        (Bump("x", "c", ("nope",), "ready"), LineNotFound),
        (IntendPayment("x", "c", "p", "cash", 1101), AmountRefused),
        (IntendPayment("x", "c", "p", "cash", 0), AmountRefused),
        (IntendPayment("x", "c", "p", "shells", 100), AmountRefused),
        (TakePayment("x", "c", "p", 100), PaymentNotFound),
        (CancelPayment("x", "c", "p"), PaymentNotFound),
        (SetStaff("x", "s", "Sam", "king"), AmountRefused),
        (SetStaff("x", "s", "Sam", "waiter", "12a4"), AmountRefused),
        (SetStaff("x", "s", "Sam", "waiter", "123"), AmountRefused),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(
    service: Box, command: object, refusal: type[DomainError]
) -> None:
    position = service.journal.position()
    with pytest.raises(refusal) as caught:
        service.desk.run(command, BOSS)  # type: ignore[arg-type]
    assert str(caught.value).endswith(".")
    assert service.journal.position() == position


def test_a_fired_line_is_voided_only_with_a_reason_and_a_manager(service: Box) -> None:
    service.desk.run(Fire("k3", "c"), ANNA)
    with pytest.raises(AmountRefused, match="why"):
        service.desk.run(VoidLine("k4", "c", "l1"), BOSS)
    with pytest.raises(ApprovalNeeded):
        service.desk.run(VoidLine("k4", "c", "l1", "dropped"), ANNA)
    with pytest.raises(AmountRefused, match="kitchen"):
        service.desk.run(SetQuantity("k5", "c", "l1", 1000), ANNA)
    outcome = service.desk.run(VoidLine("k6", "c", "l1", "dropped"), ANNA, BOSS)
    assert outcome.events[0].envelope.approver == "boss"
    assert queries.check(service.journal, "c").total == 0


def test_nothing_is_sent_twice(service: Box) -> None:
    service.desk.run(Fire("k3", "c"), ANNA)
    with pytest.raises(NothingToSend):
        service.desk.run(Fire("k4", "c"), ANNA)


def test_a_paid_check_takes_no_more(service: Box) -> None:
    service.desk.run(IntendPayment("k5", "c", "p1", "cash", 1100), ANNA)
    service.desk.run(TakePayment("k6", "c", "p1", 1100), ANNA)
    with pytest.raises(CheckSettled):
        service.desk.run(AddLine("k7", "c", "l9", "tea"), ANNA)


@pytest.mark.parametrize(
    ("actor", "command"),
    [
        (COOK, OpenCheck("x", "d")),
        (COOK, IntendPayment("x", "c", "p", "cash", 100)),
        (ANNA, PublishFloor("x", ())),
        (ANNA, SetStaff("x", "anna", "Anna", "manager")),
    ],
)
def test_a_role_does_only_what_it_may(service: Box, actor: Actor, command: object) -> None:
    with pytest.raises(NotAllowed):
        service.desk.run(command, actor)  # type: ignore[arg-type]


def test_a_pin_finds_its_person_and_a_wrong_one_nobody(service: Box) -> None:
    service.desk.run(SetStaff("s1", "anna", "Anna", "waiter", "4711"), BOSS)
    found = queries.staff_by_pin(service.journal, "4711")
    assert found is not None
    assert found.name == "Anna"
    assert "4711" not in found.pin_hash
    assert queries.staff_by_pin(service.journal, "4712") is None
    assert queries.staff_by_pin(service.journal, "4711", only="bob") is None
    service.desk.run(SetStaff("s2", "anna", "Anna Li", "manager"), BOSS)
    assert queries.staff_by_pin(service.journal, "4711") is not None, "the PIN stays"


@pytest.mark.parametrize(("text", "ids"), [("12", ["soup"]), ("so", ["soup"]), ("汤", ["soup"])])
def test_search_finds_by_number_by_word_and_by_chinese(
    service: Box, text: str, ids: list[str]
) -> None:
    assert [item.id for item in queries.search(service.journal, text)] == ids


def test_a_menu_of_any_size_is_published_in_bounded_events(box: Box) -> None:
    items = tuple(
        Item(f"i{n}", "c", {"en": f"Dish {n}", "fr": "Poulet impérial" * 5}, n) for n in range(600)
    )
    outcome = box.desk.run(PublishMenu("m", Menu("", (), (), (), items)), BOSS)
    assert len(outcome.events) > 1
    assert queries.menu(box.journal).items == items
