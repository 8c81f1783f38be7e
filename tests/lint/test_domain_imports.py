"""The domain is the standard library and itself, and knows neither clock nor chance."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOMAIN = Path("app/comptoir/domain")
# In the standard library, but a clock, chance or the outside world.
WORLD = {"os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "time", "uuid"}
ALLOWED = sys.stdlib_module_names - WORLD
# What reaches the world without such an import.
REACHING = {"exec", "input", "now", "open", "print", "today", "utcnow"}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def strangers(source: str) -> list[str]:
    """Name the imports that are neither the domain's own nor harmless."""
    return [
        name
        for name in imported(source)
        if not name.startswith("comptoir.domain") and name.split(".")[0] not in ALLOWED
    ]


def calls(source: str) -> set[str]:
    """Name the calls by which a clock is read, a file opened or a person spoken to."""
    called = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = {one.id for one in called if isinstance(one, ast.Name)}
    return REACHING & (names | {one.attr for one in called if isinstance(one, ast.Attribute)})


@pytest.mark.parametrize("file", sorted(DOMAIN.rglob("*.py")), ids=str)
def test_the_domain_imports_only_what_is_pure(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert strangers(source) == []
    assert calls(source) == set()


@pytest.mark.parametrize("planted", ["import time", "from uuid import uuid4", "import msgspec"])
def test_a_planted_import_is_found(planted: str) -> None:
    assert strangers(planted)


@pytest.mark.parametrize("planted", ["datetime.now(UTC)", "date.today()", "open('x')", "print(1)"])
def test_a_planted_look_at_the_world_is_found(planted: str) -> None:
    assert calls(f"def f() -> None:\n    {planted}\n")
