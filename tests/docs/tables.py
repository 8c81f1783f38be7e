"""Turns dataclasses into Markdown: a table of fields, types as a reader says them."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = {str: "text", int: "whole number", bool: "yes/no", Any: "any JSON"}


def row(*cells: str) -> str:
    """Return one row of a table; a bar inside a cell would end it."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a whole table."""
    return "\n".join([row(*head), row(*("---" for _ in head)), *(row(*cells) for cells in rows)])


def fields(record: Any) -> str:
    """Return the fields of a dataclass: name, type, default."""
    hints = typing.get_type_hints(record)
    rows = [
        (f"`{field.name}`", word(hints[field.name]), default(field))
        for field in dataclasses.fields(record)
    ]
    return table(("field", "type", "when absent"), rows)


def default(field: "dataclasses.Field[Any]") -> str:
    """Say what an absent field means; a required one has no default."""
    if field.default is dataclasses.MISSING:
        return "required"
    if field.default in {"", None, ()}:
        return "empty"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{part}`" for part in field.default)
    return f"`{field.default}`"


def word(hint: Any) -> str:
    """Say a type hint in words; a record links to its own section."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return f"list of {word(args[0])}"
    if origin in {types.UnionType, typing.Union}:
        return f"{word(args[0])}, or empty"
    if hint == Mapping[str, Any]:
        return "object"
    if origin is Mapping:
        return f"object of {word(args[1])} by {word(args[0])}"
    return WORDS[hint]


def records_in(hint: Any) -> set[type]:
    """Return the dataclasses that a type hint mentions, and theirs."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        inner = [records_in(part) for part in typing.get_type_hints(hint).values()]
        return {hint}.union(*inner)
    return set().union(*(records_in(part) for part in typing.get_args(hint)))


def about(thing: Any) -> str:
    """Return a docstring as one paragraph per paragraph, Markdown's quotes for code."""
    return (inspect.getdoc(thing) or "").replace("``", "`")
