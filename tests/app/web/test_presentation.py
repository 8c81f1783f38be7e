import pytest

from comptoir.web import presentation
from comptoir.web.languages import locale

EN, ES, FR, ZH = locale("en"), locale("es"), locale("fr"), locale("zh")


def test_money_reads_as_the_language_writes_it() -> None:
    assert presentation.price(1250, "EUR", EN) == "€12.50"
    assert presentation.price(1250, "EUR", FR) == "12,50 €"
    assert presentation.price(800, "CNY", ZH) == "¥8.00"
    assert presentation.price(-50, "EUR", EN) == "−€0.50"
    assert presentation.price(500, "JPY", EN) == "¥500"
    assert presentation.price(500, "CHF", EN) == "CHF5.00"


@pytest.mark.parametrize(
    ("currency", "english", "spanish", "french"),
    [
        ("USD", "$1,234.56", "$1,234.56", "1 234,56 $"),
        ("MXN", "$1,234.56", "$1,234.56", "1 234,56 $"),
        ("CAD", "$1,234.56", "1.234,56 $", "1 234,56 $"),
        ("GBP", "£1,234.56", "1.234,56 £", "1 234,56 £"),
        ("EUR", "€1,234.56", "1.234,56 €", "1 234,56 €"),
    ],
)
def test_k19_money_reads_as_people_of_its_country_write_it(
    currency: str, english: str, spanish: str, french: str
) -> None:
    shown = [presentation.price(123_456, currency, one) for one in (EN, ES, FR)]
    assert [one.replace("\N{NARROW NO-BREAK SPACE}", " ") for one in shown] == [
        english, spanish, french,
    ]  # fmt: skip


def test_k19_a_mexican_house_reads_every_number_with_a_point() -> None:
    here = presentation.numbers(ES, "MXN")
    assert presentation.decimal_mark(here) == "."
    assert (presentation.quantity(2500, here), presentation.percent(88_750, here)) == (
        "2.5", "8.875 %",
    )  # fmt: skip
    assert presentation.decimal_mark(presentation.numbers(ES, "EUR")) == ","
    assert presentation.numbers(ZH, "MXN") is ZH


@pytest.mark.parametrize(
    ("qty_milli", "shown"), [(1000, "1"), (2500, "2.5"), (350, "0.35"), (12_000, "12")]
)
def test_quantities_lose_needless_zeros(qty_milli: int, shown: str) -> None:
    assert presentation.quantity(qty_milli, EN) == shown


def test_rates_read_as_percent() -> None:
    assert presentation.percent(55_000, FR) == "5,5 %"
    assert presentation.percent(200_000, EN) == "20 %"


def test_an_unknown_zone_shows_utc_and_does_not_fail() -> None:
    assert presentation.local_time(0, "Mars/Olympus").hour == 0


def test_minutes_never_run_back() -> None:
    assert presentation.minutes(200_000, 80_000) == 0
    assert presentation.minutes(0, 119_999) == 1


def test_a_dish_is_named_in_the_nearest_language_it_has() -> None:
    names = {"en": "Har gow", "zh": "虾饺"}
    assert presentation.spoken(names, "zh-Hans") == "虾饺"
    assert presentation.spoken(names, "fr") == "Har gow"
    assert presentation.related(names, "fr") == ""
