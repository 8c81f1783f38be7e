"""Turns JSON objects into frozen dataclasses and back: where bytes become typed values."""

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from comptoir.domain.errors import EventMalformed

T = TypeVar("T")
_SCALARS = frozenset({str, int, bool, type(None)})
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> bytes:
    """Encode as the one JSON text that hashes are taken of: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(value).encode()


def dump(record: Any) -> dict[str, Any]:
    """Return a dataclass as plain JSON values, leaving out what equals its default."""
    out = {}
    for name, required, default in _defaults(cast("Any", type(record))):
        value = getattr(record, name)
        if required or value != default:
            out[name] = _plain(value)
    return out


def _plain(value: Any) -> Any:
    if type(value) in _SCALARS:
        return value
    if dataclasses.is_dataclass(value):
        return dump(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return value


@functools.cache
def _defaults(cls: Any) -> tuple[tuple[str, bool, Any], ...]:
    fields = dataclasses.fields(cls)
    return tuple((f.name, _required(f), None if _required(f) else _default(f)) for f in fields)


@functools.cache
def _shape(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((f.name, hints[f.name], _required(f)) for f in dataclasses.fields(cls) if f.init)


def _required(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _default(field: "dataclasses.Field[Any]") -> Any:
    return field.default_factory() if callable(field.default_factory) else field.default


def load(cls: type[T], value: object, at: str = "$") -> T:
    """Build ``cls`` from a JSON object; unknown keys belong to newer versions and are passed over.

    Raises EventMalformed with the path of the first value that does not fit.
    """
    if not isinstance(value, Mapping):
        raise EventMalformed(f"expected an object at {at}")
    parts = {}
    for name, hint, required in _shape(cast("Any", cls)):
        if name in value:
            parts[name] = _load(hint, value[name], f"{at}.{name}")
        elif required:
            raise EventMalformed(f"missing {at}.{name}")
    return cls(**parts)


def _load(hint: Any, value: Any, at: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return load(cast("type[Any]", hint), value, at)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return None if value is None else _load(args[0], value, at)
    if origin is tuple:
        return _load_tuple(args[0], value, at)
    if origin is not None and issubclass(origin, Mapping):
        return _load_mapping(args[1], value, at)
    if hint is Any:
        return value
    return _load_scalar(hint, value, at)


def _load_scalar(hint: type, value: Any, at: str) -> Any:
    if type(value) is not hint:  # bool is an int to isinstance, and a price of True is no price
        raise EventMalformed(f"expected {hint.__name__}, got {type(value).__name__} at {at}")
    return value


def _load_tuple(hint: Any, value: Any, at: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise EventMalformed(f"expected a list at {at}")
    return tuple(_load(hint, part, f"{at}[{i}]") for i, part in enumerate(value))


def _load_mapping(hint: Any, value: Any, at: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise EventMalformed(f"expected an object at {at}")
    return {str(key): _load(hint, part, f"{at}.{key}") for key, part in value.items()}
