"""Content hashes of files, folders and values: what a stage's id is made of."""

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Not part of what a role or package does, so a change of them rebuilds nothing.
IGNORED_NAMES = frozenset({"__pycache__", "molecule", "README.md", ".mypy_cache", ".ruff_cache"})


def of_file(path: Path) -> str:
    """Return the hex sha256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_source(path: Path) -> str:
    """Return the sha256 of what a Python file does: comments, docstrings and layout don't count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Module(body=[ast.Expr(value=ast.Constant(value=str())), *rest]):
                node.body = rest
            case (
                ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str())), *rest])
                | ast.ClassDef(body=[ast.Expr(value=ast.Constant(value=str())), *rest])
            ):
                node.body = rest
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def of_value(value: Any) -> str:
    """Return the hex sha256 of a JSON-able value; the order of keys does not matter."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def of_paths(paths: tuple[Path, ...], top: Path) -> dict[str, str]:
    """Return {path relative to `top`: sha256} of every file under `paths`, sorted.

    An executable bit counts; a path that does not exist hashes as "absent", so that its appearance
    counts too.
    """
    found: dict[str, str] = {}
    for path in paths:
        for file in _files(path):
            label = str(file.relative_to(top)) if file.is_relative_to(top) else str(file)
            found[label] = _of_entry(file)
    return dict(sorted(found.items()))


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Name what differs between two maps of hashes, sorted."""
    return sorted(name for name in before.keys() | after if before.get(name) != after.get(name))


def _of_entry(file: Path) -> str:
    if file.is_symlink():
        return "link:" + str(file.readlink())
    if not file.exists():
        return "absent"
    executable = "x:" if file.stat().st_mode & 0o111 else ""
    return executable + of_file(file)


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for child in sorted(path.iterdir()):
        if child.name not in IGNORED_NAMES:
            yield from _files(child)
