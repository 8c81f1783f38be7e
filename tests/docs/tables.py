"""Turns dataclasses into Markdown: a table of fields, types as a reader says them."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

WORDS = {str: "text", int: "whole number", bool: "yes/no", bytes: "bytes", Any: "any JSON"}


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
    return literal(field.default)


def literal(value: object) -> str:
    """Say a default as a reader would."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`"


def word(hint: Any) -> str:
    """Say a type hint in words; a record links to its own section."""
    if is_record(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return _container(typing.get_origin(hint), typing.get_args(hint)) or WORDS[hint]


def _container(origin: Any, args: tuple[Any, ...]) -> str:
    """Say what holds other types; nothing for a plain type."""
    if origin is typing.Annotated:
        return word(args[0])
    if origin in {tuple, list}:
        return f"list of {word(args[0])}"
    if origin in {types.UnionType, typing.Union}:
        return f"{word(args[0])}, or empty"
    if origin in {Mapping, dict}:
        return "object" if args[1] is Any else f"object of {word(args[1])} by {word(args[0])}"
    return ""


def is_record(hint: Any) -> bool:
    """Tell a record, which has a section of its own, from a plain type."""
    is_type = isinstance(hint, type)
    return is_type and (dataclasses.is_dataclass(hint) or issubclass(hint, msgspec.Struct))


def records_in(hint: Any) -> set[type]:
    """Return the dataclasses that a type hint mentions, and theirs."""
    if is_record(hint):
        inner = [records_in(part) for part in typing.get_type_hints(hint).values()]
        return {hint}.union(*inner)
    return set().union(*(records_in(part) for part in typing.get_args(hint)))


def about(thing: Any) -> str:
    """Return a docstring as one paragraph per paragraph, Markdown's quotes for code."""
    return (inspect.getdoc(thing) or "").replace("``", "`")
