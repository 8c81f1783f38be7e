"""Money never passes through a float: the domain holds no float and no true division."""

import ast
from pathlib import Path

import pytest

DOMAIN = Path("app/comptoir/domain")


def floats(source: str) -> list[str]:
    """Name each place that makes a float, as `line: what`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{node.lineno}: {node.value}")
        elif isinstance(node, ast.Name) and node.id in {"float", "Decimal"}:
            found.append(f"{node.lineno}: {node.id}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append(f"{node.lineno}: /")
    return found


@pytest.mark.parametrize("file", sorted(DOMAIN.rglob("*.py")), ids=str)
def test_the_domain_holds_no_float(file: Path) -> None:
    assert floats(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted", ["price = 1.5", "share = total / 3", "total /= 2", "float(price)", "rate: float = 0"]
)
def test_a_planted_float_is_found(planted: str) -> None:
    assert floats(planted)


def test_whole_numbers_pass() -> None:
    assert floats("share, rest = divmod(total, 3); half = total // 2") == []
