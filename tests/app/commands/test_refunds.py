"""D6, D15: money goes back: what was paid twice, what goods cost that came back, their taxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands import Actor, AddLine, OpenCheck, PublishMenu, TakePayment, queries
from comptoir.commands.payments import IntendPayment
from comptoir.commands.refunds import RefundPayment, ReturnGoods
from comptoir.domain.check import OPEN, OVERPAID, SETTLED, Check, Line
from comptoir.domain.errors import AmountRefused, ApprovalNeeded, DomainError, LineNotFound
from comptoir.domain.events import PaymentRefunded
from comptoir.domain.fiscal import Sale, difference
from comptoir.domain.house import WAITER
from comptoir.domain.menu import Item, Menu
from comptoir.domain.payment import ReturnedLine
from comptoir.domain.returns import remaining
from comptoir.domain.tax import TaxRate
from tests.fakes.box import BOSS, Box, BoxMaker

ANNA = Actor("anna", WAITER)
VAT = TaxRate("v10", "10 %", 100_000)
SOUP = Item("soup", "starters", {"en": "Hot soup"}, 333, {"eat_in": ("v10",)})


@pytest.fixture
def paid(box: Box) -> Box:
    box.desk.run(PublishMenu("menu-1", Menu("", (VAT,), (), (), (SOUP,))), BOSS)
    box.desk.run(OpenCheck("k1", "c", "eat_in", "7", 2), ANNA)
    box.desk.run(AddLine("k2", "c", "l1", "soup", 3000), ANNA)
    pay(box, "p1")
    return box


def pay(box: Box, name: str, amount: int = 999) -> None:
    box.desk.run(IntendPayment(f"i-{name}", "c", name, "cash", amount), ANNA)
    box.desk.run(TakePayment(f"t-{name}", "c", name, amount), ANNA)


def sale(box: Box) -> Sale:
    found: Sale = box.journal.state("sale:c")
    return found


def back(box: Box, name: str, qty_milli: int, **more: str) -> None:
    lines = (ReturnedLine("l1", qty_milli),)
    box.desk.run(ReturnGoods(f"r-{name}", "c", name, "p1", lines, "cold", **more), ANNA, BOSS)


def test_a_paid_check_is_stated_once_with_its_taxes(paid: Box) -> None:
    (receipt,) = sale(paid).receipts
    assert (receipt.number, receipt.sequence, receipt.total) == ("A1-000001", 1, 999)
    assert receipt.taxes == queries.check(paid.journal, "c").taxes


def test_goods_that_come_back_reverse_the_stored_taxes_to_the_cent(paid: Box) -> None:
    paid.desk.run(PublishMenu("menu-2", Menu("", (), (), (), ())), BOSS)
    taxes = queries.check(paid.journal, "c").taxes
    back(paid, "r1", 1000)
    back(paid, "r2", 2000, tender="cash")
    assert sale(paid).total == 0
    assert sale(paid).taxes == ()
    assert [receipt.total for receipt in sale(paid).receipts] == [999, -333, -666]
    given_back = [tax.amount for one in sale(paid).receipts[1:] for tax in one.taxes]
    assert sum(given_back) == -taxes[0].amount
    check = queries.check(paid.journal, "c")
    assert (check.state, check.due) == (SETTLED, 0)
    assert check.payments[0].refunded == 999


def test_d15_each_refund_goes_back_by_the_tender_it_came_by_and_no_more_than_came(
    box: Box,
) -> None:
    box.desk.run(PublishMenu("menu-1", Menu("", (VAT,), (), (), (SOUP,))), BOSS)
    box.desk.run(OpenCheck("k1", "c", "eat_in", "7", 2), ANNA)
    box.desk.run(AddLine("k2", "c", "l1", "soup", 3000), ANNA)
    pay(box, "p1", 600)
    box.desk.run(IntendPayment("i-p2", "c", "p2", "card", 399), ANNA)
    box.desk.run(TakePayment("t-p2", "c", "p2", 399, reference="4711"), ANNA)
    line = (ReturnedLine("l1", 1000),)
    box.desk.run(ReturnGoods("r-1", "c", "r1", "p2", line, "cold", reference="4712"), ANNA, BOSS)
    box.desk.run(RefundPayment("r-2", "c", "r2", "p1", 100, "kind"), ANNA, BOSS)
    bodies = [one.body for one in box.journal.events("check:c")]
    refunds = [one for one in bodies if isinstance(one, PaymentRefunded)]
    assert [(one.tender, one.amount) for one in refunds] == [("card", 333), ("cash", 100)]
    with pytest.raises(AmountRefused):
        box.desk.run(RefundPayment("r-3", "c", "r3", "p1", 501, "more than came"), ANNA, BOSS)


def test_taking_goods_back_needs_a_manager(paid: Box) -> None:
    with pytest.raises(ApprovalNeeded):
        paid.desk.run(ReturnGoods("x", "c", "r", "p1", (ReturnedLine("l1", 1),), "cold"), ANNA)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ((ReturnedLine("l1", 3001),), AmountRefused),
        ((ReturnedLine("l1", 2000), ReturnedLine("l1", 2000)), AmountRefused),
        ((ReturnedLine("l1", 0),), AmountRefused),
        ((ReturnedLine("zz", 1000),), LineNotFound),
        ((), AmountRefused),
    ],
)
def test_no_more_comes_back_than_was_sold(
    paid: Box, lines: tuple[ReturnedLine, ...], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        paid.desk.run(ReturnGoods("x", "c", "r", "p1", lines, "cold"), BOSS)


def test_what_was_paid_twice_goes_back_without_a_manager_and_is_stated_once(
    paid: Box, make_box: BoxMaker
) -> None:
    other = make_box("t2", letter="B")
    other.journal.admit(paid.sealed()[:-3], restaurant="r1", trust={"t1": paid.card})
    pay(other, "p2")
    paid.journal.admit(other.sealed(), restaurant="r1", trust={"t2": other.card})
    assert queries.check(paid.journal, "c").state == OVERPAID
    assert sale(paid).total == 1998, "both sides stated it"
    paid.desk.run(RefundPayment("r", "c", "r1", "p2", 999, "paid twice"), ANNA)
    check = queries.check(paid.journal, "c")
    assert (check.state, check.due, sale(paid).total) == (SETTLED, 0, 999)


def test_giving_back_what_is_owed_needs_a_manager_and_opens_the_check_again(paid: Box) -> None:
    command = RefundPayment("r", "c", "r1", "p1", 500, "wrong tender")
    with pytest.raises(ApprovalNeeded):
        paid.desk.run(command, ANNA)
    paid.desk.run(command, ANNA, BOSS)
    check = queries.check(paid.journal, "c")
    assert (check.state, check.due) == (OPEN, 500)
    pay(paid, "p2", 500)
    assert (queries.check(paid.journal, "c").state, sale(paid).total) == (SETTLED, 999)


@pytest.mark.parametrize(("amount", "reason"), [(0, "x"), (1000, "x"), (5, " ")])
def test_a_refund_has_an_amount_and_a_reason(paid: Box, amount: int, reason: str) -> None:
    with pytest.raises(AmountRefused):
        paid.desk.run(RefundPayment("r", "c", "r1", "p1", amount, reason), BOSS)


rates = st.sampled_from([VAT, TaxRate("a", "A", 88_750, inclusive=False)])
sold = st.lists(st.tuples(st.integers(1, 99_999), st.integers(1, 9), rates), min_size=1, max_size=5)


@given(sold, st.data())
def test_returns_one_by_one_come_to_the_whole_sale(
    lines: list[tuple[int, int, TaxRate]], data: st.DataObject
) -> None:
    check = Check(
        "c",
        lines=tuple(
            Line(f"l{i}", "x", {}, qty * 1000, price, taxes=(rate,))
            for i, (price, qty, rate) in enumerate(lines)
        ),
    )
    gone: dict[str, int] = {}
    back, taxes = 0, check.taxes
    for line in data.draw(st.permutations(check.lines)):
        before = remaining(check, gone)
        gone[line.id] = line.qty_milli
        after = remaining(check, gone)
        back += before.total - after.total
        taxes = difference(taxes, difference(before.taxes, after.taxes))
    assert back == check.total
    assert taxes == ()
