"""K17, T9: the counter's sales, whatever comes twice, at once or not at all."""

import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.commands import Actor, SetItem
from comptoir.commands.scales import SetScaleCodes
from comptoir.domain.check import Check
from comptoir.domain.errors import AmountRefused
from comptoir.domain.house import MANAGER
from comptoir.domain.menu import OPEN_PRICE, WEIGHT, Item
from tests.app.web.conftest import Screen
from tests.fakes.till import HostTill

BOSS = Actor("camille", MANAGER)
PASTA = "9520000079192"
CHEESE = Item(
    "comte", "grocery", {"en": "Comté"}, 2490, sold_by=WEIGHT, station="counter", number="777"
)
MENDING = Item("mending", "grocery", {"en": "Mending"}, 0, sold_by=OPEN_PRICE, station="counter")


@pytest.fixture(scope="module")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    till = HostTill(folder, "shop")
    for item in (CHEESE, MENDING):
        till.desk.run(SetItem(f"set-{item.id}", item), BOSS)
    till.stop()
    return folder


@pytest.fixture
def shop(tmp_path: Path, shop_folder: Path) -> Iterator[Screen]:
    shutil.copytree(shop_folder, tmp_path, dirs_exist_ok=True)
    till = HostTill(tmp_path, "shop")
    screen = Screen(till, till.app().test_client())
    people = {one.id: one for one in till.journal.states("staff")}
    cashier = next(one for one in people.values() if one.role == "cashier")
    response = screen.post("/sign-in", staff=cashier.id, pin="2345")
    assert response.status_code == 302, response.text
    screen.get("/counter")
    yield screen
    till.stop()


def scan(screen: Screen, code: str = PASTA, **form: str) -> str:
    response = screen.post("/counter/scan", code=code, **form)
    assert response.status_code == 200, response.text
    return response.text


def sale_of(page: str) -> str:
    found = re.search(r'data-sale="(\w+)"', page)
    assert found
    return found[1]


def pay(screen: Screen, sale: str, tendered: int, **form: str) -> str:
    fresh = {"payment": uuid.uuid4().hex}
    response = screen.post("/counter/pay", sale=sale, tendered=tendered, **(fresh | form))
    assert response.status_code == 200, response.text
    return response.text


def check(screen: Screen, name: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{name}")
    return found


def test_what_was_scanned_is_paid_and_with_the_customer(shop: Screen) -> None:
    sale = sale_of(scan(shop))
    page = pay(shop, sale, 500)
    assert 'data-change="365"' in page
    assert (check(shop, sale).state, check(shop, sale).active) == ("settled", False)
    assert {line.status for line in check(shop, sale).lines} == {"served"}
    assert sale_of(page) != sale, "the next sale is at hand"


def test_a_scan_while_the_change_is_counted_begins_the_next_sale(shop: Screen) -> None:
    first = sale_of(scan(shop))
    second = sale_of(pay(shop, first, 135))
    page = scan(shop)
    assert sale_of(page) == second
    assert "data-change" not in page
    assert sale_of(scan(shop)) == second


def test_a_tap_on_cash_that_is_sent_twice_takes_money_once(shop: Screen) -> None:
    sale = sale_of(scan(shop))
    form = {"payment": uuid.uuid4().hex, "command": uuid.uuid4().hex}
    pay(shop, sale, 135, **form)
    position = shop.till.journal.position()
    pay(shop, sale, 135, **form)
    assert shop.till.journal.position() == position
    assert len(check(shop, sale).payments) == 1


def test_a_reload_finds_the_sale_again(shop: Screen) -> None:
    sale = sale_of(scan(shop))
    assert sale_of(shop.get("/counter").text) == sale


def test_a_sale_waits_while_another_is_made_and_comes_back(shop: Screen) -> None:
    first = sale_of(scan(shop))
    second = sale_of(shop.post("/counter/park").text)
    assert second != first
    pay(shop, sale_of(scan(shop)), 135)
    assert first in shop.get("/counter/parked").text
    page = shop.post("/counter/recall", check=first).text
    assert sale_of(page) == first
    pay(shop, first, 135)
    assert first not in shop.get("/counter/parked").text


def test_what_is_weighed_is_priced_by_the_gram(shop: Screen) -> None:
    sheet = shop.get("/counter/items/comte").text
    assert "data-typed" in sheet
    sale = sale_of(shop.post("/counter/items/comte", typed=335).text)
    (line,) = check(shop, sale).lines
    assert (line.qty_milli, line.amount) == (335, 834)
    shop.post(f"/counter/lines/{line.id}/quantity", typed=1200)
    assert check(shop, sale).total == 2988


def test_an_open_price_is_typed(shop: Screen) -> None:
    sale = sale_of(shop.post("/counter/items/mending", typed=1250).text)
    assert check(shop, sale).total == 1250


def test_quantity_and_remove_and_undo_and_throw_away(shop: Screen) -> None:
    sale = sale_of(scan(shop))
    line = check(shop, sale).lines[0].id
    assert shop.get(f"/counter/lines/{line}").status_code == 200
    shop.post(f"/counter/lines/{line}/quantity", qty=6)
    assert check(shop, sale).total == 6 * 135
    newest = sale_of(scan(shop, "9520000158385"))
    assert newest == sale
    shop.post("/counter/undo", line=check(shop, sale).lines[-1].id)
    assert check(shop, sale).total == 6 * 135
    shop.post(f"/counter/lines/{line}/quantity", qty=0)
    assert check(shop, sale).total == 0
    scan(shop)
    shop.post("/counter/drop")
    assert check(shop, sale).live_lines == ()


def test_a_code_that_nothing_has_opens_no_sale(shop: Screen) -> None:
    before = shop.till.journal.position()
    response = shop.post("/counter/scan", code="0000000000000")
    assert response.status_code == 404
    assert shop.till.journal.position() == before


def test_x13_a_scales_label_sells_what_was_weighed_in_one_scan(shop: Screen) -> None:
    """A code of 21 is nothing until the house says how its scales write; then it is a weight."""
    label = "2100777003452"
    assert shop.post("/counter/scan", code=label).status_code == 404
    shop.till.desk.run(SetScaleCodes("scales-1", ("21IIIIIWWWWWK",)), BOSS)
    sale = sale_of(scan(shop, label))
    (line,) = check(shop, sale).lines
    assert (line.item, line.qty_milli, line.amount) == ("comte", 345, 859)
    misread = shop.post("/counter/scan", code="2100777003450")
    assert misread.status_code == 422
    assert "étiquette" in misread.text
    assert len(check(shop, sale).lines) == 1


def test_a_pattern_that_no_scale_writes_is_refused(shop: Screen) -> None:
    with pytest.raises(AmountRefused, match="21II"):
        shop.till.desk.run(SetScaleCodes("scales-2", ("21II",)), BOSS)


def test_a_card_is_written_down_before_it_is_charged_and_after(shop: Screen) -> None:
    """K12: the intent comes first; a card that was not charged leaves nothing taken."""
    sale, payment = sale_of(scan(shop)), uuid.uuid4().hex
    assert "required" in shop.post("/counter/card", payment=payment).text
    assert check(shop, sale).payments[0].status == "intended"
    shop.post(f"/counter/card/{payment}/not-taken", sale=sale)
    again = uuid.uuid4().hex
    shop.post("/counter/card", payment=again)
    page = shop.post(f"/counter/card/{again}/taken", sale=sale, reference="4711").text
    assert 'data-change="0"' in page
    assert [one.status for one in check(shop, sale).payments] == ["cancelled", "taken"]


def test_the_last_receipt_comes_again(shop: Screen) -> None:
    sale = sale_of(scan(shop))
    pay(shop, sale, 135)
    sheet = shop.get("/counter/receipt").text
    assert check(shop, sale).number in sheet
    assert "<svg" in sheet
    response = shop.post("/counter/receipt")
    assert response.status_code == 404, "no printer is set up here, and the line says so"
    assert "printer" in response.text.lower() or "imprimante" in response.text.lower()


def test_eaten_here_is_taxed_as_such(shop: Screen) -> None:
    shop.post("/counter/way", way="in")
    assert check(shop, sale_of(scan(shop))).order_type == "eat_in"


@pytest.mark.parametrize("value", ["", "x", "..", "zz.in.-.1", f"{'a' * 32}.sideways.b.0.9.9"])
def test_a_cookie_of_any_make_opens_the_counter(shop: Screen, value: str) -> None:
    shop.client.set_cookie("comptoir_sale", value)
    assert shop.get("/counter").status_code == 200
