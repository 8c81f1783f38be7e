"""Files and functions stay small enough to be read at once; an exception names its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.lint.tracked import tracked

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60

# "file" or "file:function" -> why it is one piece
REASONS: dict[str, str] = {}


def sources() -> list[Path]:
    return [file for file in tracked("*.py") if "vendor" not in file.parts]


def long_functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield node.name, lines


def too_large(file: Path) -> list[str]:
    """Name the file or those of its functions that are too long, but for those with a reason."""
    source = file.read_text(encoding="utf-8")
    found = {f"{file}:{name}": lines for name, lines in long_functions(source)}
    if (lines := len(source.splitlines())) > FILE_LINES_MAX:
        found[str(file)] = lines
    return [f"{name} has {lines} lines" for name, lines in found.items() if name not in REASONS]


def test_files_and_functions_can_be_read_at_once() -> None:
    assert [line for file in sources() for line in too_large(file)] == []


def test_a_planted_long_function_is_found() -> None:
    body = "    x = 1\n" * FUNCTION_LINES_MAX
    assert list(long_functions(f"def planted():\n{body}")) == [("planted", FUNCTION_LINES_MAX + 1)]


def test_no_file_is_named_for_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(file) for file in sources() if vague & {file.stem, *file.parts}] == []
