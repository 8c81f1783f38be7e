"""What stands on the guest's receipt: every sum that is on the check, in their language."""

from dataclasses import replace

import pytest

from comptoir.domain.bill import Discount
from comptoir.domain.check import TAKEN, Check, ServiceCharge
from comptoir.domain.line import Line
from comptoir.domain.menu import Modifier
from comptoir.domain.paper.receipt import Head, receipt
from comptoir.domain.paper.rows import Code, Pair, Paper, Text
from comptoir.domain.paper.words import LANGUAGES, language, word
from comptoir.domain.parts import EVEN, Plan, Split
from comptoir.domain.payment import Payment
from comptoir.domain.tax import TaxRate

VAT = TaxRate("v10", "TVA 10 %", 100_000)
TOFU = Line(
    "l1", "tofu", {"en": "Mapo tofu", "zh-Hans": "麻婆豆腐"}, 2000, 1250,
    (Modifier("hot", {"en": "Extra hot", "zh": "加辣"}),), (VAT,),
)  # fmt: skip
PAID = Payment("p1", "cash", 2500, TAKEN, tendered=3000, change=500)
CHECK = Check("c", "A1-7", lines=(TOFU,), payments=(PAID,))
HEAD = Head("Jade 翠园", "EUR", "2026-11-22 20:15", "fr", "comptoir:1;A1-7")


def said(paper: Paper) -> dict[str, str]:
    return {row.left: row.right for row in paper.rows if isinstance(row, Pair)}


def texts(paper: Paper) -> list[str]:
    return [row.text for row in paper.rows if isinstance(row, Text)]


def test_a_paid_check_shows_lines_tax_total_tender_and_change() -> None:
    paper = receipt(CHECK, HEAD)
    told = said(paper)
    assert told["2 × Mapo tofu"] == "25,00"
    assert told["dont TVA 10 % (22,73)"] == "2,27"
    assert (told["Total EUR"], told["Espèces"], told["Rendu"]) == ("25,00", "30,00", "5,00")
    assert "NON PAYÉ" not in texts(paper)
    assert paper.rows[-1] == Code("comptoir:1;A1-7")


def test_k19_a_receipt_in_mexico_writes_its_money_with_a_point() -> None:
    for currency, total in (("MXN", "25.00"), ("USD", "25.00"), ("EUR", "25,00")):
        told = said(receipt(CHECK, replace(HEAD, currency=currency, language="es")))
        assert told[f"Total {currency}"] == total
        assert told["2 × Mapo tofu"] == total


def test_e1_each_part_has_its_own_receipt_and_together_they_are_the_whole() -> None:
    """Its share of the lines and of the taxes, its own money, and what the whole came to."""
    split = Split("s", EVEN, (Plan("s1", "1"), Plan("s2", "2")))
    half = Payment("p1", "cash", 1250, TAKEN, tendered=2000, change=750, part="s1")
    check = replace(CHECK, payments=(half,), splits=(split,))
    first, second = (receipt(check, HEAD, part) for part in check.parts)
    assert said(first)["1 × Mapo tofu"] == said(second)["1 × Mapo tofu"] == "12,50"
    assert {"dont TVA 10 % (11,37)", "dont TVA 10 % (11,36)"} <= {*said(first), *said(second)}
    assert said(first)["Total EUR"] == said(second)["Total EUR"] == "12,50"
    assert said(first)["Addition entière"] == "25,00"
    assert (said(first)["Espèces"], said(first)["Rendu"]) == ("20,00", "7,50")
    assert "Espèces" not in said(second)
    assert said(second)["Reste à payer"] == "12,50"
    assert "NON PAYÉ" in texts(second)
    assert "NON PAYÉ" not in texts(first)


def test_money_that_was_for_all_stands_on_each_parts_receipt() -> None:
    split = Split("s", EVEN, (Plan("s1", "1"), Plan("s2", "")))
    check = replace(CHECK, payments=(Payment("p1", "card", 500, TAKEN),), splits=(split,))
    paper = receipt(check, HEAD, check.part("s2"))
    assert (said(paper)["Payé pour tous"], said(paper)["Reste à payer"]) == ("2,50", "10,00")
    assert "Le reste" in texts(paper)


def test_a_dish_has_its_receipt_name_on_the_receipt() -> None:
    short = replace(TOFU, receipt={"fr": "Tofu"})
    assert "2 × Tofu" in said(receipt(replace(CHECK, lines=(short,)), HEAD))


def test_it_speaks_the_guests_language() -> None:
    paper = receipt(CHECK, replace(HEAD, language="zh-Hans"))
    assert said(paper)["2 × 麻婆豆腐"] == "25.00"
    assert "+ 加辣" in texts(paper)


def test_discount_and_service_stand_between_subtotal_and_total() -> None:
    check = replace(
        CHECK, discounts=(Discount(ppm=100_000),), service=ServiceCharge(50_000), payments=()
    )
    told = said(receipt(check, HEAD))
    assert (told["Sous-total"], told["Remise"]) == ("25,00", "−2,50")
    assert told["Reste à payer"] == told["Total EUR"]
    assert "Service" in told


def test_a_check_that_is_not_paid_says_so_and_a_copy_too() -> None:
    paper = receipt(replace(CHECK, payments=()), replace(HEAD, copy=True))
    assert {"NON PAYÉ", "DUPLICATA"} <= set(texts(paper))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("fr-CH", "fr"), ("zh", "zh-Hans"), ("zh-TW", "zh-Hant"), ("xx", "en"), ("", "en")],
)
def test_an_unknown_language_falls_back_on_a_relative(wanted: str, found: str) -> None:
    assert language(wanted) == found


def test_every_word_is_there_in_every_language() -> None:
    assert all(word("thanks", one) for one in LANGUAGES)
    assert word("no such word", "en") == "no such word"
