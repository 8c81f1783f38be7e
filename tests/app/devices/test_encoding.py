"""Paper as ESC/POS: what comes out of the printer is what was drawn (X8)."""

from dataclasses import replace

import zxingcpp

from comptoir.devices.drawing import draw
from comptoir.devices.encoding import encode
from comptoir.domain.paper.rows import HUGE, LARGE, Code, Pair, Paper, Row, Rule, Text
from comptoir.domain.printing import TEXT, Printer
from comptoir.fonts import find
from tests.fakes.escpos import Cut, Line, Raster, Reader
from tests.fakes.printer import Piece

HOT = Printer("hot", "Hot", "192.0.2.7")
PAPER = Paper(
    (
        Text("过敏 ALLERGY: peanuts", LARGE, bold=True, red=True),
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
    warning = Text("过敏 ALLERGY: peanuts", LARGE, bold=True, inverse=True)
    drawn = draw(Paper((warning, *PAPER.rows[1:])), HOT.dots, find())
    paper = printed(PAPER).picture()
    assert paper.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()


def test_a_phone_reads_the_code_off_the_paper() -> None:
    read = zxingcpp.read_barcodes(printed(PAPER).picture())
    assert [code.text for code in read] == ["comptoir:1;A1-7;EUR;1250;t1/1/42"]


def test_x22_an_allergy_is_white_on_black_where_there_is_one_colour() -> None:
    rasters = pictures(Paper(PAPER.rows[:1]), HOT)
    assert [one.red for one in rasters] == [False]
    assert blackness(rasters[0]) > 0.6
    assert encode(PAPER, HOT, find()).count(b"\x1br") == 0


def test_x22_an_allergy_is_red_where_there_are_two_colours_and_nothing_else_is() -> None:
    rasters = pictures(PAPER, replace(HOT, red=True))
    assert rasters[0].red
    assert {one.red for one in rasters[1:]} == {False}
    assert 0 < blackness(rasters[0]) < 0.4


def test_x22_in_its_own_letters_the_allergy_alone_is_red_or_reversed() -> None:
    paper = Paper((Text("1x Satay"), Text("ALLERGY: nuts", LARGE, red=True), Text("no oil")))
    both = Printer("hot", "Hot", "192.0.2.7", mode=TEXT, red=True)
    assert b"\x1br\x01" in encode(paper, both, find())
    looks = {
        red: [(one.style.red, one.style.inverse) for one in letters(paper, replace(both, red=red))]
        for red in (True, False)
    }
    assert looks[True] == [(False, False), (True, False), (False, False)]
    assert looks[False] == [(False, False), (False, True), (False, False)]
    assert encode(paper, replace(both, red=False), find()).count(b"\x1dB\x01") == 1


def pictures(paper: Paper, printer: Printer) -> list[Raster]:
    return [one for one in printed(paper, printer).elements if isinstance(one, Raster)]


def letters(paper: Paper, printer: Printer) -> list[Line]:
    found = printed(paper, printer).elements
    return [one for one in found if isinstance(one, Line) and one.text.strip()]


def blackness(picture: Raster) -> float:
    return sum(byte.bit_count() for byte in b"".join(picture.rows)) / (
        8 * picture.width_bytes * len(picture.rows)
    )


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
