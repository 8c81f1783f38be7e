"""Turns paper into the bytes of ESC/POS, by python-escpos."""

import os
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
PLAIN = frozenset(bytes(range(32, 127)).decode() + "éèêëàâäçîïôöùûüñÉÈÀÇÑáíóúÁÍÓÚ¿¡£€°")


def encode(paper: Paper, printer: Printer, face: Face) -> bytes:
    """Return the job that puts a paper on a printer and cuts it."""
    job = Dummy(profile="default")
    job.hw("INIT")
    if printer.mode == TEXT:
        for row in paper.rows:
            _put(job, row, printer, face)
    else:
        job.image(draw(paper, printer.dots, face), fragment_height=FRAGMENT_DOTS)
    job.cut(mode="PART")
    done: bytes = job.output
    return done


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
