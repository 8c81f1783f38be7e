"""Paper as ESC/POS: what comes out of the printer is what was drawn (X8)."""

import zxingcpp
from PIL import Image

from comptoir.devices.drawing import draw
from comptoir.devices.encoding import encode
from comptoir.domain.paper.rows import HUGE, LARGE, Code, Pair, Paper, Row, Rule, Text
from comptoir.domain.printing import TEXT, Printer
from comptoir.fonts import find
from tests.fakes.escpos import Cut, Line, Reader
from tests.fakes.printer import Piece

HOT = Printer("hot", "Hot", "192.0.2.7")
PAPER = Paper(
    (
        Text("过敏 ALLERGY: peanuts", LARGE, bold=True, inverse=True),
        Text("桌 Table 7", HUGE, bold=True),
        Pair("2 × 麻婆豆腐", "25.00"),
        Rule(),
        Pair("Total EUR", "1,250.00", LARGE, bold=True),
        Text("» no oil", indent=1),
        Code("comptoir:1;A1-7;EUR;1250;t1/1/42"),
    )
)


def printed(paper: Paper, printer: Printer = HOT) -> Piece:
    """Return what a printer makes of it; nothing but known commands was sent."""
    piece = Piece()
    reader = Reader(piece.elements.append, lambda _kind, _number: None)
    reader.feed(encode(paper, printer, find()))
    assert reader.unknown == []
    assert isinstance(piece.elements[-1], Cut)
    return piece


def test_what_comes_out_is_dot_for_dot_what_was_drawn() -> None:
    drawn = draw(PAPER, HOT.dots, find())
    paper = printed(PAPER).picture()
    assert paper.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()


def test_a_phone_reads_the_code_off_the_paper() -> None:
    read = zxingcpp.read_barcodes(printed(PAPER).picture())
    assert [code.text for code in read] == ["comptoir:1;A1-7;EUR;1250;t1/1/42"]


def test_a_warning_is_mostly_black() -> None:
    strip = draw(Paper(PAPER.rows[:1]), HOT.dots, find())
    assert blackness(strip) > 0.6
    assert blackness(draw(Paper((Text("ALLERGY: peanuts", LARGE),)), HOT.dots, find())) < 0.4


def blackness(picture: Image.Image) -> float:
    return picture.tobytes().count(0) / (picture.width * picture.height)


def test_long_texts_wrap_within_the_paper() -> None:
    for text in ("北京烤鸭" * 40, "pneumonoultramicroscopic" * 9, "a b " * 90, ""):
        for row in (Text(text, LARGE, indent=1), Pair(text, "1,250.00", LARGE)):
            assert right_margin(row) >= 0


def right_margin(row: Row) -> int:
    """Return how many dots stay free at the right; drawn wider, nothing may be beyond."""
    narrow = draw(Paper((row,)), HOT.dots, find())
    ink = narrow.point(lambda level: 255 - level).getbbox()
    return narrow.width - (ink[2] if ink else 0)


def test_in_text_mode_its_own_letters_print_what_they_have_and_the_rest_is_drawn() -> None:
    piece = printed(PAPER, Printer("hot", "Hot", "192.0.2.7", mode=TEXT))
    lines = [one for one in piece.elements if isinstance(one, Line) and one.text.strip()]
    assert lines[0].text.split() == ["Total", "EUR", "1,250.00"]
    assert (lines[0].style.wide, lines[0].style.bold) == (2, True)
    assert all("麻" not in line.text for line in lines)
    accents = printed(Paper((Text("Espèces à payer: 5 €"),)), Printer("h", "H", "h", mode=TEXT))
    assert accents.text.strip() == "Espèces à payer: 5 €"


def test_no_paper_is_endless() -> None:
    endless = Paper(tuple(Text("桌 Table", HUGE) for _ in range(2000)))
    assert draw(endless, HOT.dots, find()).height <= 12_000
