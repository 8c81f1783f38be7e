"""Menu files: a restaurant's menu as one CSV or JSON file, read whole or not at all.

``app/docs/menu-file.md`` is the reference of the columns. Every row has a kind (tax, category,
item…); every error is reported with file, line, column and reason, all of them at once.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

from comptoir.commands.menu_cells import FIXED_COLUMNS, NAME_PREFIX, NAMED
from comptoir.commands.menu_rows import MenuBuilder, Row
from comptoir.domain.errors import DomainError
from comptoir.domain.menu import Menu

FILE_BYTES_MAX = 4 * 1024 * 1024
ROWS_MAX = 20_000
ERRORS_SHOWN_MAX = 100


class MenuFileRefused(DomainError):
    """The file is no menu; ``errors`` has one line per mistake, nothing was imported."""

    code = "menu-file-refused"
    status = 422

    def __init__(self, errors: list[str]) -> None:
        self.errors = tuple(errors)
        shown = errors[:ERRORS_SHOWN_MAX]
        if len(errors) > len(shown):
            shown.append(f"and {len(errors) - len(shown)} more")
        super().__init__("\n".join(shown))


def load(path: Path, currency: str) -> Menu:
    """Read a menu file; raises MenuFileRefused, also when the file cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise MenuFileRefused([f"{path}: {error.strerror}. Check the path."]) from error
    return parse(data, path.name, currency)


def parse(data: bytes, name: str, currency: str) -> Menu:
    """Read the bytes of a menu file; ``name`` ends in ``.json`` for the JSON form.

    Prices are read in ``currency`` (ISO 4217). Raises MenuFileRefused with every mistake found.
    """
    text = _text(data, name)
    rows = list(_json_rows(text, name) if name.endswith(".json") else _csv_rows(text, name))
    builder = MenuBuilder(currency)
    for row in rows:
        builder.add(row)
    menu = builder.finish()
    if builder.mistakes:
        where = "row" if name.endswith(".json") else "line"
        said = (f"{name}, {where} {m.line}, {m.column}: {m.reason}" for m in builder.mistakes)
        raise MenuFileRefused(list(said))
    if not menu.items:
        raise MenuFileRefused([f"{name}: no item in it. Add rows of kind item."])
    return menu


def _text(data: bytes, name: str) -> str:
    if len(data) > FILE_BYTES_MAX:
        raise MenuFileRefused([f"{name}: more than {FILE_BYTES_MAX >> 20} MB is no menu"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MenuFileRefused(
            [f"{name}, line {line}: not UTF-8. Save the file as 'CSV UTF-8' and try again."]
        ) from error


def _csv_rows(text: str, name: str) -> Iterator[Row]:
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        columns = [column.strip() for column in next(reader, [])]
        _check_columns(columns, f"{name}, line 1")
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _csv_row(name, line, columns, cells)
            line = reader.line_num + 1
            _bound_rows(name, line)
    except csv.Error as error:
        raise MenuFileRefused([f"{name}, line {line}: {error}"]) from error


def _csv_row(name: str, line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        counted = f"{len(cells)} cells under {len(columns)} columns"
        advice = "Put quotes around a text that contains the separator."
        raise MenuFileRefused([f"{name}, line {line}: {counted}. {advice}"])
    return Row(line, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))


def _json_rows(text: str, name: str) -> Iterator[Row]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MenuFileRefused([f"{name}: not JSON: {error}"]) from error
    if not isinstance(rows, list):
        raise MenuFileRefused([f"{name}: expected a list of rows, as in the CSV form"])
    for number, row in enumerate(rows, 1):
        _bound_rows(name, number)
        if not isinstance(row, dict):
            raise MenuFileRefused([f"{name}, row {number}: expected an object"])
        _check_columns(list(row), f"{name}, row {number}", whole=False)
        yield Row(number, {key: _json_cell(value).strip() for key, value in row.items()})


def _json_cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(_json_cell(part) for part in value)
    return "" if value is None else str(value)


def _check_columns(columns: list[str], where: str, *, whole: bool = True) -> None:
    unknown = [c for c in columns if c not in FIXED_COLUMNS and not _names_a_language(c)]
    if unknown:
        columns_known = f"{', '.join(FIXED_COLUMNS)}, {NAME_PREFIX}en, {NAME_PREFIX}fr, …"
        raise MenuFileRefused([f"{where}: unknown column {unknown[0]!r}, not in {columns_known}"])
    if len(set(columns)) != len(columns):
        raise MenuFileRefused([f"{where}: a column stands twice"])
    if whole and not {"kind", "id"} <= set(columns):
        raise MenuFileRefused([f"{where}: the first line names the columns, at least kind and id"])


def _names_a_language(column: str) -> bool:
    purpose, _, language = column.partition(":")
    fits = 2 <= len(language) <= 12 and language.replace("-", "").isalnum() and language.isascii()
    return f"{purpose}:" in NAMED and fits


def _bound_rows(name: str, number: int) -> None:
    if number > ROWS_MAX + 1:
        raise MenuFileRefused([f"{name}: more than {ROWS_MAX} rows is no menu"])
