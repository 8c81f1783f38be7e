"""Every case of the replication is settled by a rule, and every rule by tests that exist."""

import ast
import re
from pathlib import Path

import pytest

FILE = Path("app/docs/replication-cases.md")
CASES_MIN = 30
NAMED = re.compile(r"`((?:\w+/)+\w+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:2] == "| "]
    return [row for row in cells if row[0] not in {"case", "---"}]


def names_in(file: str) -> set[str]:
    tree = ast.parse((Path("tests") / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_there_are_cases_and_each_has_a_rule_and_a_test() -> None:
    assert len(rows()) >= CASES_MIN
    bare = [row[0] for row in rows() if len(row) != 3 or not row[1] or not NAMED.search(row[2])]
    assert bare == []


def test_nothing_else_is_named_as_proof() -> None:
    left = [re.sub(r"[,\s]+", "", NAMED.sub("", row[2])) for row in rows()]
    assert {rest for rest in left if rest} == set()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_the_named_tests_exist(row: list[str]) -> None:
    named = NAMED.findall(row[2])
    gone = [f"{file}::{name}" for file, name in named if name not in names_in(file)]
    assert gone == []
