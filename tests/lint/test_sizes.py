"""Files and functions stay small enough to be read at once; an exception names its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("file", sources(), ids=str)
def test_a_file_and_its_functions_can_be_read_at_once(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= FILE_LINES_MAX or str(file) in REASONS
    too_long = [
        f"{file}:{name} has {lines} lines"
        for name, lines in long_functions(source)
        if f"{file}:{name}" not in REASONS
    ]
    assert too_long == []


def test_a_planted_long_function_is_found() -> None:
    body = "    x = 1\n" * FUNCTION_LINES_MAX
    assert list(long_functions(f"def planted():\n{body}")) == [("planted", FUNCTION_LINES_MAX + 1)]


def test_no_file_is_named_for_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(file) for file in sources() if vague & {file.stem, *file.parts}] == []
