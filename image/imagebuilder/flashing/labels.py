"""The labels of flashed units: A4 sheets of 24 (70 × 37 mm), each with a code to scan.

The code leads to the terminal's screen in its own network; of a unit without a place it holds the
serial. A page for any browser to print, without margins and at 100 %.
"""

import html
import io
from collections.abc import Sequence
from pathlib import Path

import segno

from imagebuilder.delivery import give_to_caller
from imagebuilder.flashing.book import Line
from imagebuilder.flashing.plan import host_of
from imagebuilder.flashing.unit import NO_SERIAL

COLUMNS, ROWS = 3, 8
TILL_PORT = 8080
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Labels</title>
<style>
@page {{ size: A4; margin: 0 }}
* {{ box-sizing: border-box; margin: 0 }}
body {{ font: 9pt/1.25 sans-serif; color: #000; background: #fff }}
.sheet {{ width: 210mm; height: 296mm; display: grid; break-after: page;
  grid-template: repeat({rows}, 37mm) / repeat({columns}, 70mm) }}
.label {{ display: flex; gap: 3mm; align-items: center; padding: 4mm 5mm; overflow: hidden }}
.label svg {{ width: 25mm; height: 25mm; flex: none }}
.letter {{ font-size: 20pt; font-weight: bold; line-height: 1 }}
.serial {{ font: 7pt monospace }}
</style>
{sheets}
</html>
"""


def write(path: Path, lines: Sequence[Line]) -> None:
    """Write the sheets of all good units, whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(page(lines), encoding="utf-8")
    give_to_caller(new)
    new.replace(path)


def page(lines: Sequence[Line]) -> str:
    """Return the sheets as one page."""
    each = COLUMNS * ROWS
    sheets = "".join(
        f'<section class="sheet">{"".join(map(_label, lines[at : at + each]))}</section>\n'
        for at in range(0, len(lines), each)
    )
    return PAGE.format(rows=ROWS, columns=COLUMNS, sheets=sheets)


def code(line: Line) -> str:
    """Return what a unit's code says."""
    if not line.terminal:
        return line.serial
    return f"http://{host_of(line.terminal)}.local:{TILL_PORT}/"


def _label(line: Line) -> str:
    serial = "" if line.serial.startswith(NO_SERIAL) else line.serial
    said = (html.escape(text) for text in (line.restaurant, line.name, line.terminal, serial))
    restaurant, name, terminal, serial = said
    return (
        f'<article class="label">{_svg(code(line))}<div>'
        f'<p class="letter">{html.escape(line.letter)}</p><p>{restaurant}</p><p>{name}</p>'
        f'<p>{terminal}</p><p class="serial">{serial}</p></div></article>'
    )


def _svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, dark="#000"
    )
    return out.getvalue().decode()
