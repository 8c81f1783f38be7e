"""Turns paper into the bytes of ESC/POS, by python-escpos."""

import os
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from comptoir.devices.drawing import draw, strip_of
from comptoir.domain.paper.rows import HUGE, NORMAL, Pair, Paper, Row, Text
from comptoir.domain.printing import TEXT, Printer
from comptoir.fonts import Face

# The library parses its own table of 8,000 lines as YAML at each start: seconds on a CM3.
os.environ.setdefault(
    "ESCPOS_CAPABILITIES_FILE", str(Path(__file__).with_name("escpos_capabilities.json"))
)

from escpos.printer import Dummy

FRAGMENT_DOTS = 240  # what the smallest buffers hold of a raster image
COLUMN_DOTS = 12
CODE_PAGE = "CP858"
RED, BLACK = b"\x1br\x01", b"\x1br\x00"  # ESC r: for letters and pictures that follow
PLAIN = frozenset(bytes(range(32, 127)).decode() + "éèêëàâäçîïôöùûüñÉÈÀÇÑáíóúÁÍÓÚ¿¡£€°·")


def encode(paper: Paper, printer: Printer, face: Face) -> bytes:
    """Return the job that puts a paper on a printer and cuts it.

    What is red changes the colour on a printer that has two, and is white on black on any other.
    """
    first, last = Dummy(profile="default"), Dummy(profile="default")
    first.hw("INIT")
    last.cut(mode="PART")
    job: bytes = first.output
    for red, group in groupby(paper.rows, lambda row: printer.red and _red(row)):
        rows = Paper(tuple(_plain(row, printer) for row in group))
        job += RED + _put_all(rows, printer, face) + BLACK if red else _put_all(rows, printer, face)
    return job + bytes(last.output)


def _red(row: Row) -> bool:
    return isinstance(row, Text) and row.red


def _plain(row: Row, printer: Printer) -> Row:
    """Return the row as one colour can say it."""
    return replace(row, inverse=not printer.red) if isinstance(row, Text) and row.red else row


def _put_all(paper: Paper, printer: Printer, face: Face) -> bytes:
    """Return rows of one colour: drawn in one piece, or each in the printer's letters."""
    job = Dummy(profile="default")
    if printer.mode == TEXT:
        for row in paper.rows:
            _put(job, row, printer, face)
    else:
        job.image(draw(paper, printer.dots, face), fragment_height=FRAGMENT_DOTS)
    return bytes(job.output)


def _put(job: Dummy, row: Row, printer: Printer, face: Face) -> None:
    """Put one row in the printer's own letters where it has them all, else drawn."""
    if isinstance(row, Text | Pair) and set(_said(row)) <= PLAIN:
        _say(job, row, printer.dots // COLUMN_DOTS)
    else:
        job.image(strip_of(row, printer.dots, face), fragment_height=FRAGMENT_DOTS)


def _said(row: Text | Pair) -> str:
    return row.text if isinstance(row, Text) else row.left + row.right


def _say(job: Dummy, row: Text | Pair, columns: int) -> None:
    times = 2 if row.size != NORMAL else 1
    inverse = isinstance(row, Text) and row.inverse
    job.set(
        align="center" if isinstance(row, Text) and row.centred else "left",
        bold=row.bold,
        invert=inverse,
        custom_size=True,
        width=times,
        height=3 if row.size == HUGE else times,
    )
    job.magic.force_encoding(CODE_PAGE)
    job.textln(_laid_out(row, columns // times))
    job.set_with_default()


def _laid_out(row: Text | Pair, columns: int) -> str:
    indent = " " * (2 * row.indent)
    if isinstance(row, Text):
        return indent + row.text
    room = max(1, columns - len(row.right) - 1)
    return f"{indent + row.left:<{room}.{room}} {row.right}"
