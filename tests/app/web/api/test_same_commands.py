"""What a person can do on a screen, a program can do over the API: both give the same commands."""

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from comptoir import commands, web

WEB = Path(str(files(web)))
COMMANDS = Path(str(files(commands)))
# A screen notes by itself who was turned away; nobody asks for it.
NOBODYS = {"NoteDenied"}


def trees(folder: Path) -> Iterator[ast.Module]:
    found = sorted(folder.rglob("*.py"))
    assert found, folder
    return (ast.parse(file.read_text(encoding="utf-8")) for file in found)


def names_of_commands() -> set[str]:
    return {
        node.name
        for tree in trees(COMMANDS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith("Command") for base in node.bases)
    }


def named(tree: ast.Module) -> set[str]:
    """Return every name that a module uses, imports left out."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def given_by(folder: Path) -> set[str]:
    return set[str]().union(*map(named, trees(folder))) & names_of_commands()


def test_every_command_that_a_screen_gives_the_api_gives_too() -> None:
    on_screens = given_by(WEB / "screens")
    assert len(on_screens) > 50
    assert on_screens - given_by(WEB / "api") == NOBODYS


def test_an_import_alone_is_no_use() -> None:
    used = named(ast.parse("from comptoir.commands import AddLine, VoidLine\nVoidLine('k')"))
    assert used & names_of_commands() == {"VoidLine"}
