"""T3, X8: printers on the status strip, and the sheet that says what to do."""

import pytest

from comptoir.bus.wire import PrinterNow, PrintersNow, pack_json
from comptoir.commands import Actor, PublishPrinting
from comptoir.domain.house import MANAGER
from comptoir.domain.printing import Printer, Station
from comptoir.web.services import EXTENSION, Services
from tests.app.web.conftest import Screen

BOSS = Actor("li-wei", MANAGER)
HOT = Printer("hot", "Wok printer", "192.0.2.7")
BAR = Printer("bar", "Bar printer", "192.0.2.8")


@pytest.fixture
def house(waiter: Screen) -> Screen:
    stations = (Station("wok", "Wok", "hot"), Station("bar", "Bar", "bar"))
    waiter.till.desk.run(PublishPrinting("plan", (HOT, BAR), stations), BOSS)
    return waiter


def tell(screen: Screen, hot: str, waiting: int = 0, *, low: bool = False) -> None:
    found: Services = screen.client.application.extensions[EXTENSION]
    printers = [PrinterNow("hot", hot, "", low, waiting), PrinterNow("bar", "ready", "")]
    found.printers.update(pack_json(PrintersNow(printers, screen.till.desk.clock.now_ms())))


def strip(screen: Screen) -> str:
    text = screen.get("/strip").text
    return " ".join(text[text.index("lamp-printers") :].split()) if "lamp-printers" in text else ""


def test_a_house_without_printers_has_no_lamp_for_them(waiter: Screen) -> None:
    assert strip(waiter) == ""


def test_printers_that_print_say_nothing(house: Screen) -> None:
    tell(house, "ready")
    assert "<small>" not in strip(house).partition("</button>")[0]


@pytest.mark.parametrize(
    ("state", "word", "what_to_do"),
    [
        ("off", "Off", "switched on"),
        ("paper-out", "Out of paper", "Put in a new roll"),
        ("cover-open", "Cover open", "Close its cover"),
        ("error", "Stuck", "free the cutter"),
        ("offline", "Paused", "feed button"),
        ("silent", "Silent", "something else"),
        ("garbled", "Not a printer", "Tell a manager"),
    ],
)
def test_trouble_is_named_on_the_strip_and_the_sheet_says_what_to_do(
    house: Screen, state: str, word: str, what_to_do: str
) -> None:
    tell(house, state, 3)
    assert "Wok printer · 3" in strip(house)
    assert f"<small>{word}</small>" in strip(house)
    sheet = house.get("/printers").text
    assert what_to_do in sheet
    assert "3 papers wait" in sheet


def test_a_printer_that_is_back_says_so_for_a_while(house: Screen) -> None:
    tell(house, "paper-out", 2)
    tell(house, "ready", 2)
    assert "<small>Prints again</small>" in strip(house)


def test_another_printer_takes_over_and_gives_back(house: Screen) -> None:
    tell(house, "off", 1)
    assert "Print on Bar printer" in house.get("/printers").text
    sheet = house.post("/printers/hot/stand-in", to="bar").text
    assert "comes out of Bar printer now" in sheet
    assert "<small>→ Bar printer</small>" in strip(house)
    tell(house, "ready")
    sheet = house.post("/printers/hot/stand-in", to="").text
    assert "comes out of" not in sheet


def test_a_roll_that_ends_soon_is_said(house: Screen) -> None:
    tell(house, "ready", low=True)
    assert "Roll ends soon" in strip(house)


def test_a_printing_program_that_says_nothing_is_trouble_too(house: Screen) -> None:
    assert "<small>Not known</small>" in strip(house)
    assert "Tell the technician" in house.get("/printers").text
