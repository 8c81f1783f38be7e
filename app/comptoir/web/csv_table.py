"""A report as a CSV file for a spreadsheet: plain numbers, no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

RUN = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int


def answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a file of this name with a row of heads and the rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    response = Response(out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def milli(quantity: int) -> str:
    """Return thousandths as a number: -750 is ``-0.750``."""
    sign = "-" if quantity < 0 else ""
    whole, part = divmod(abs(quantity), 1000)
    return f"{sign}{whole}.{part:03}"


def _safe(cell: Cell) -> str:
    """Return a cell as text; words that begin like a formula get an apostrophe, numbers do not."""
    text = str(cell)
    return f"'{text}" if text.startswith(RUN) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
