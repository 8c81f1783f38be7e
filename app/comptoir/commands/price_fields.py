"""Reads the fields of a JSON object one by one; what is wrong is told with its path."""

import json
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from comptoir.domain.errors import DomainError

T = TypeVar("T")
ID_CHARACTERS_MAX = 64
SHOWN_CHARACTERS_MAX = 40


class SheetRefused(DomainError):
    """What was to be priced is no check; the message names the path and the reason."""

    code = "sheet-refused"
    status = 422

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class Fields:
    """An object's fields; each is asked for once, and none may be left over."""

    def __init__(self, value: object, path: str, names: Collection[str]) -> None:
        if not isinstance(value, dict):
            raise SheetRefused(path, f"expected an object, not {shown(value)}")
        for name in value:
            if name not in names:
                raise SheetRefused(path, f"unknown key {shown(name)}, not in {', '.join(names)}")
        self._value: dict[str, Any] = value
        self._path = path

    def path(self, name: str) -> str:
        """Return where a field is."""
        return f"{self._path}.{name}"

    def whole(self, name: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within bounds."""
        value = self._get(name, default)
        if type(value) is not int:  # a price of true is no price
            raise SheetRefused(self.path(name), f"expected a whole number, not {shown(value)}")
        if not least <= value <= most:
            reason = f"{shown(value)} is not from {least} to {most}"
            raise SheetRefused(self.path(name), reason)
        return value

    def flag(self, name: str) -> bool:
        """Return true or false, false when absent."""
        value = self._get(name, default=False)
        if not isinstance(value, bool):
            raise SheetRefused(self.path(name), f"expected true or false, not {shown(value)}")
        return value

    def word(self, name: str, known: Collection[str], default: str) -> str:
        """Return one of the known words."""
        value = self._get(name, default)
        if value not in known:
            raise SheetRefused(self.path(name), f"{shown(value)} is not {' or '.join(known)}")
        return str(value)

    def text(self, name: str, fits: Callable[[str], bool], what: str) -> str:
        """Return a text that fits."""
        value = self._get(name, None)
        if not (isinstance(value, str) and fits(value)):
            raise SheetRefused(self.path(name), f"expected {what}, not {shown(value)}")
        return value

    def id(self) -> str:
        """Return the object's id."""
        return self.text("id", _names, f"a text of 1 to {ID_CHARACTERS_MAX} characters")

    def each(self, name: str, most: int, read: Callable[[Any, str], T]) -> tuple[T, ...]:
        """Return a list, each element read with its own path; empty when absent."""
        value = self._get(name, [])
        if not isinstance(value, list):
            raise SheetRefused(self.path(name), f"expected a list, not {shown(value)}")
        if len(value) > most:
            raise SheetRefused(self.path(name), f"{len(value)} elements, at most {most}")
        return tuple(read(part, f"{self.path(name)}[{i}]") for i, part in enumerate(value))

    def part(self, name: str) -> Any:
        """Return an object inside this one; an empty one when absent."""
        return self._get(name, {})

    def require(self, name: str) -> None:
        """Refuse the object when a field is absent."""
        if name not in self._value:
            raise SheetRefused(self.path(name), "missing")

    def _get(self, name: str, default: Any) -> Any:
        if default is None:
            self.require(name)
        return self._value.get(name, default)


def _names(text: str) -> bool:
    return 0 < len(text) <= ID_CHARACTERS_MAX and text.isprintable()


def shown(value: object) -> str:
    """Return a value as an error line shows it: short, on one line."""
    text = repr(value) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= SHOWN_CHARACTERS_MAX else text[:SHOWN_CHARACTERS_MAX] + "…"
