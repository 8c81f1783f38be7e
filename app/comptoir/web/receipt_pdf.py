"""A receipt as PDF: as wide as a roll, as long as it needs, its letters embedded."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import segno

from comptoir.domain.paper.rows import HUGE, LARGE, NORMAL, Code, Pair, Paper, Row, Rule, Text
from comptoir.fonts import Face, find

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH_MM, MARGIN_MM = 80, 5
LENGTH_MM_MAX = 5000
POINTS = {NORMAL: 9, LARGE: 13, HUGE: 18}
LINE_MM = {NORMAL: 4.6, LARGE: 6.6, HUGE: 9.0}
INDENT_MM = 4
CODE_MM = 32


def render(paper: Paper, font: str = "") -> bytes:
    """Return the PDF's bytes; raises FontMissing."""
    face = find(font)
    with _drawn(paper, face, LENGTH_MM_MAX) as endless:
        length = endless.get_y() + 2 * MARGIN_MM
    with _drawn(paper, face, length) as pdf:
        return bytes(pdf.output())


@contextlib.contextmanager
def _drawn(paper: Paper, face: Face, length_mm: float) -> "Iterator[FPDF]":
    from fpdf import FPDF  # noqa: PLC0415 - 20 MB that most tills never need

    pdf = FPDF(unit="mm", format=(WIDTH_MM, length_mm))
    pdf.set_margin(MARGIN_MM)
    pdf.set_auto_page_break(False)
    pdf.add_font("paper", fname=face.file, collection_font_number=face.index)
    pdf.add_page()
    for row in paper.rows:
        _put(pdf, row)
    try:
        yield pdf
    finally:
        for font in pdf.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]  # the library leaves its file open


def _put(pdf: "FPDF", row: Row) -> None:
    match row:
        case Text():
            _text(pdf, row)
        case Pair():
            _pair(pdf, row)
        case Rule():
            pdf.line(MARGIN_MM, pdf.y + 1, WIDTH_MM - MARGIN_MM, pdf.y + 1)
            pdf.ln(2)
        case Code(content=content):
            _code(pdf, content)


def _text(pdf: "FPDF", row: Text) -> None:
    pdf.set_font("paper", size=POINTS[row.size])
    pdf.set_x(MARGIN_MM + row.indent * INDENT_MM)
    pdf.set_text_color(255 if row.inverse else 0)
    pdf.set_fill_color(0)
    align = "C" if row.centred else "L"
    pdf.multi_cell(
        0, LINE_MM[row.size], row.text, align=align, fill=row.inverse, new_x="LMARGIN", new_y="NEXT"
    )
    pdf.set_text_color(0)


def _pair(pdf: "FPDF", row: Pair) -> None:
    pdf.set_font("paper", size=POINTS[row.size])
    height = LINE_MM[row.size]
    right = pdf.get_string_width(row.right) + 3
    pdf.set_x(MARGIN_MM + row.indent * INDENT_MM)
    room = WIDTH_MM - MARGIN_MM - pdf.x - right
    pdf.multi_cell(room, height, row.left, align="L", new_x="RIGHT", new_y="LAST")
    pdf.cell(0, height, row.right, align="R", new_x="LMARGIN", new_y="NEXT")


def _code(pdf: "FPDF", content: str) -> None:
    cells = [list(row) for row in segno.make(content, error="m", micro=False).matrix_iter(border=2)]
    size = CODE_MM / len(cells)
    left, top = (WIDTH_MM - CODE_MM) / 2, pdf.y
    pdf.set_fill_color(0)
    for y, row in enumerate(cells):
        for x, black in enumerate(row):
            if black:
                pdf.rect(left + x * size, top + y * size, size, size, style="F")
    pdf.set_y(top + CODE_MM)
