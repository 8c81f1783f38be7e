"""Draws paper as dots, so that every script prints on every printer."""

from collections.abc import Iterator

import segno
from PIL import Image, ImageDraw

from comptoir.devices.letters import letters
from comptoir.domain.paper.rows import HUGE, LARGE, NORMAL, Code, Pair, Paper, Row, Rule, Text
from comptoir.fonts import Face

WHITE, BLACK = 255, 0
SIZES = {NORMAL: 26, LARGE: 40, HUGE: 60}
LEADING_PERCENT = 130
INDENT_DOTS = 28
GAP_DOTS = 16
RULE_DOTS = 14
CODE_DOTS_MAX = 300
HEIGHT_MAX = 12_000  # 1.5 m of paper


def draw(paper: Paper, dots: int, face: Face) -> Image.Image:
    """Return the paper as a grey picture of black and white, ``dots`` wide."""
    strips = []
    height = 0
    for row in paper.rows:
        strip = strip_of(row, dots, face)
        if height + strip.height > HEIGHT_MAX:
            break
        strips.append(strip)
        height += strip.height
    picture = Image.new("L", (dots, max(1, height)), WHITE)
    top = 0
    for strip in strips:
        picture.paste(strip, (0, top))
        top += strip.height
    return picture


def strip_of(row: Row, dots: int, face: Face) -> Image.Image:
    """Return one row as a picture."""
    match row:
        case Text():
            return _text(row, dots, face)
        case Pair():
            return _pair(row, dots, face)
        case Rule():
            return _rule(dots)
        case Code(content=content):
            return _code(content, dots)


def wrap(text: str, width: int, face: Face, size: int) -> Iterator[str]:
    """Yield lines that fit: broken at spaces, and within a word where one is too long."""
    font = letters(face, size)
    line = ""
    for word in _words(text):
        if font.getlength(line + word) <= width:
            line += word
            continue
        if line.strip():
            yield line.rstrip()
        line = word.lstrip()
        while font.getlength(line) > width:
            fits = next(
                (n for n in range(len(line) - 1, 1, -1) if font.getlength(line[:n]) <= width), 1
            )
            yield line[:fits]
            line = line[fits:]
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Yield what stays together: a word with the space before it; each Chinese character alone."""
    word = ""
    for letter in " ".join(text.split()):
        if letter == " " or ord(letter) >= 0x2E80:
            if word:
                yield word
            word = letter
        elif word and ord(word[-1]) >= 0x2E80:
            yield word
            word = letter
        else:
            word += letter
    yield word


def _height(size: int) -> int:
    return size * LEADING_PERCENT // 100


def _text(row: Text, dots: int, face: Face) -> Image.Image:
    size = SIZES[row.size]
    left = row.indent * INDENT_DOTS + (8 if row.inverse else 0)
    lines = list(wrap(row.text, dots - left - (8 if row.inverse else 0), face, size))
    paper, ink = (BLACK, WHITE) if row.inverse else (WHITE, BLACK)
    picture = Image.new("L", (dots, _height(size) * len(lines)), paper)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        at = (dots - int(letters(face, size).getlength(line))) // 2 if row.centred else left
        _write(pen, (at, number * _height(size)), line, (face, size, ink, row.bold))
    return _sharp(picture)


def _pair(row: Pair, dots: int, face: Face) -> Image.Image:
    size = SIZES[row.size]
    font = letters(face, size)
    left = row.indent * INDENT_DOTS
    right = int(font.getlength(row.right)) + 1
    lines = list(wrap(row.left, max(dots // 4, dots - left - right - GAP_DOTS), face, size))
    picture = Image.new("L", (dots, _height(size) * len(lines)), WHITE)
    pen = ImageDraw.Draw(picture)
    style = (face, size, BLACK, row.bold)
    for number, line in enumerate(lines):
        _write(pen, (left, number * _height(size)), line, style)
    _write(pen, (dots - right, (len(lines) - 1) * _height(size)), row.right, style)
    return _sharp(picture)


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    style: tuple[Face, int, int, bool],
) -> None:
    face, size, ink, bold = style
    stroke = max(1, size // 24) if bold else 0
    middle = (at[0], at[1] + _height(size) // 2)
    pen.text(middle, text, fill=ink, font=letters(face, size), anchor="lm", stroke_width=stroke)


def _rule(dots: int) -> Image.Image:
    picture = Image.new("L", (dots, RULE_DOTS), WHITE)
    ImageDraw.Draw(picture).rectangle((0, 6, dots, 7), fill=BLACK)
    return picture


def _code(content: str, dots: int) -> Image.Image:
    cells = [list(row) for row in segno.make(content, error="m", micro=False).matrix_iter(border=3)]
    scale = max(2, min(CODE_DOTS_MAX, dots) // len(cells))
    small = Image.new("L", (len(cells), len(cells)), WHITE)
    small.putdata([BLACK if cell else WHITE for row in cells for cell in row])
    code = small.resize((len(cells) * scale,) * 2, Image.Resampling.NEAREST)
    picture = Image.new("L", (dots, code.height), WHITE)
    picture.paste(code, ((dots - code.width) // 2, 0))
    return picture


def _sharp(picture: Image.Image) -> Image.Image:
    """Return the picture without greys, which a thermal head would dither."""
    return picture.point(lambda level: WHITE if level > 128 else BLACK)
