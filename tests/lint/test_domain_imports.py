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


@pytest.mark.parametrize("file", sorted(DOMAIN.rglob("*.py")), ids=str)
def test_the_domain_imports_only_what_is_pure(file: Path) -> None:
    assert strangers(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("planted", ["import time", "from uuid import uuid4", "import msgspec"])
def test_a_planted_import_is_found(planted: str) -> None:
    assert strangers(planted)
