"""How the house prices, the taxes of its place, and guests who owe none."""

import pytest

from comptoir import packs
from comptoir.commands import (
    Actor,
    AddLine,
    ApplyTaxPack,
    ExemptCheck,
    FoundRestaurant,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    SetTerms,
    TakePayment,
    queries,
)
from comptoir.commands.menu_edit import SetItem
from comptoir.commands.terms import PackRefused
from comptoir.domain.check import SETTLED, Check
from comptoir.domain.errors import AmountRefused, ApprovalNeeded, NotAllowed
from comptoir.domain.house import CASHIER, SYSTEM, WAITER
from comptoir.domain.menu import Category, Item, Menu
from comptoir.domain.money import PPM, half_up
from comptoir.domain.tax import TaxRate
from comptoir.packs import PackNotFound
from tests.fakes.box import BOSS, Box

ANNA, CARL = Actor("anna", WAITER), Actor("carl", CASHIER)
GST = TaxRate("gst", "GST 5 %", 50_000, inclusive=False)
SOUP = Item("soup", "s", {"en": "Soup"}, 110, {"eat_in": ("gst",)})
POUTINE = Item("poutine", "s", {"en": "Poutine"}, 1000, {"eat_in": ("gst", "qst")})


@pytest.fixture
def house(box: Box) -> Box:
    found = FoundRestaurant("f", "Chez", "CAD", "America/Toronto", ("en",), box.card)
    box.desk.run(found, Actor("setup", SYSTEM))
    box.desk.run(PublishMenu("menu-1", Menu("", (GST,), (), (), (SOUP, POUTINE))), BOSS)
    return box


def three_soups(house: Box, check: str) -> Check:
    house.desk.run(OpenCheck(f"open-{check}", check), ANNA)
    for i in range(3):
        house.desk.run(AddLine(f"add-{check}-{i}", check, f"{check}{i}", "soup"), ANNA)
    return queries.check(house.journal, check)


def test_terms_hold_for_checks_opened_from_now_on(house: Box) -> None:
    before = three_soups(house, "a")
    house.desk.run(SetTerms("t", scope="line", cash_rounding=5), BOSS)
    after = three_soups(house, "b")
    assert (before.total, after.total) == (347, 348)  # 16.5 cents once, 5.5 cents three times
    assert queries.check(house.journal, "a").total == 347
    assert (before.priced.cash_total, after.priced.cash_total) == (347, 350)


@pytest.mark.parametrize("wrong", [{"mode": "up"}, {"scope": "check"}, {"cash_rounding": -1}])
def test_terms_that_are_none_are_refused(house: Box, wrong: dict[str, str]) -> None:
    with pytest.raises(AmountRefused):
        house.desk.run(SetTerms("t", **wrong), BOSS)  # type: ignore[arg-type]


def test_a_tax_pack_puts_its_taxes_on_the_menu_and_its_terms_in_force(house: Box) -> None:
    house.desk.run(ApplyTaxPack("p", "ca-qc"), BOSS)
    assert {"gst", "qst"} <= {tax.id for tax in queries.menu(house.journal).taxes}
    house.desk.run(OpenCheck("o", "c"), ANNA)
    house.desk.run(AddLine("l", "c", "l1", "poutine"), ANNA)
    check = queries.check(house.journal, "c")
    assert [(tax.id, tax.amount) for tax in check.taxes] == [("gst", 50), ("qst", 100)]
    assert (check.total, check.priced.cash_total) == (1150, 1150)
    assert check.terms.cash_rounding == 5


def test_a_pack_of_another_currency_or_of_nowhere_is_refused(house: Box) -> None:
    with pytest.raises(PackRefused, match="France takes EUR, this house CAD"):
        house.desk.run(ApplyTaxPack("p1", "fr"), BOSS)
    with pytest.raises(PackNotFound):
        house.desk.run(ApplyTaxPack("p2", "atlantis"), BOSS)


def test_a_guest_who_owes_no_tax_pays_none_and_the_reason_is_kept(house: Box) -> None:
    three_soups(house, "c")
    house.desk.run(ExemptCheck("x", "c", " embassy ", reference="D-17"), CARL)
    check = queries.check(house.journal, "c")
    assert (check.total, check.taxes) == (330, ())
    assert check.exemption is not None
    assert (check.exemption.reason, check.exemption.reference) == ("embassy", "D-17")
    assert [(tax.id, tax.amount) for tax in check.priced.exempted] == [("gst", 17)]
    house.desk.run(ExemptCheck("y", "c", "", exempt=False), CARL)
    assert queries.check(house.journal, "c").total == 347


def test_an_exemption_needs_a_reason_and_taxes_of_the_check(house: Box) -> None:
    three_soups(house, "c")
    with pytest.raises(AmountRefused, match="Say why"):
        house.desk.run(ExemptCheck("x", "c", "  "), CARL)
    with pytest.raises(AmountRefused, match="no tax qst"):
        house.desk.run(ExemptCheck("x2", "c", "embassy", ("qst",)), CARL)


def test_terms_and_packs_are_a_managers_and_a_waiter_needs_approval_to_exempt(house: Box) -> None:
    three_soups(house, "c")
    with pytest.raises(NotAllowed):
        house.desk.run(SetTerms("t"), CARL)
    with pytest.raises(NotAllowed):
        house.desk.run(ApplyTaxPack("p", "ca-qc"), CARL)
    with pytest.raises(ApprovalNeeded):
        house.desk.run(ExemptCheck("x", "c", "embassy"), ANNA)
    house.desk.run(ExemptCheck("x", "c", "embassy"), ANNA, BOSS)
    assert queries.check(house.journal, "c").total == 330


def pay(house: Box, name: str, amount: int, tendered: int, tender: str = "cash") -> None:
    house.desk.run(IntendPayment(f"i{name}", "c", name, tender, amount), CARL)
    house.desk.run(TakePayment(f"t{name}", "c", name, tendered, reference="slip"), CARL)


def test_cash_that_pays_all_is_rounded_to_the_coin_on_a_line_of_its_own(house: Box) -> None:
    house.desk.run(SetTerms("t", cash_rounding=5), BOSS)
    assert (three_soups(house, "c").total, queries.check(house.journal, "c").cash_due) == (347, 345)
    with pytest.raises(AmountRefused, match="340 does not pay 345"):
        pay(house, "p", 347, 340)
    house.desk.run(TakePayment("again", "c", "p", 345), CARL)
    check = queries.check(house.journal, "c")
    (payment,) = check.payments
    assert (payment.amount, payment.rounding, payment.change) == (347, -2, 0)
    assert (check.state, check.due, check.taxes[0].amount) == (SETTLED, 0, 17)


def test_a_card_and_a_part_of_what_is_due_are_not_rounded(house: Box) -> None:
    house.desk.run(SetTerms("t", cash_rounding=5), BOSS)
    three_soups(house, "c")
    pay(house, "p", 101, 101)
    pay(house, "q", 246, 246, "card")
    check = queries.check(house.journal, "c")
    assert [payment.rounding for payment in check.payments] == [0, 0]
    assert check.state == SETTLED


@pytest.mark.parametrize("region", packs.regions())
def test_k19_every_pack_is_applied_and_a_meal_is_sold_with_its_taxes(box: Box, region: str) -> None:
    pack = packs.load(region)
    found = FoundRestaurant("f", "Chez", pack.currency, "UTC", ("en",), box.card)
    box.desk.run(found, Actor("setup", SYSTEM))
    menu = Menu("", categories=(Category("c", {"en": "Dishes"}),))
    box.desk.run(PublishMenu("m", menu), BOSS)
    box.desk.run(ApplyTaxPack("p", region), BOSS)
    box.desk.run(SetItem("i", Item("meal", "c", {"en": "Meal"}, 2000, pack.classes["meal"])), BOSS)
    box.desk.run(OpenCheck("o", "c", "eat_in"), ANNA)
    box.desk.run(AddLine("l", "c", "l1", "meal"), ANNA)
    check = queries.check(box.journal, "c")
    by_id = {rate.id: rate for rate in pack.rates}
    owed = {tax for tax in pack.classes["meal"]["eat_in"] if not _small(by_id[tax])}
    assert {tax.id for tax in check.taxes} == owed
    added = [by_id[tax.id] for tax in check.taxes if not by_id[tax.id].inclusive]
    assert check.total == 2000 + sum(half_up(2000 * rate.rate_ppm, PPM) for rate in added)
    assert check.priced.cash_total % max(1, pack.terms.cash_rounding) == 0


def _small(rate: TaxRate) -> bool:
    """Tell whether a tax is for small sales alone."""
    return rate.when is not None and rate.when.most is not None
