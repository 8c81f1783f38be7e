"""What differs between two menus, record by record, for a person to read before it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from comptoir.domain.fold_menu import PARTS
from comptoir.domain.menu import Menu, Names

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a record; a name's ``field`` is ``names:fr``, a group's choice ``choice:egg``.

    None stands for what is not there.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that is new, gone or not the same; ``kind`` is item, category, group and so on."""

    kind: str
    id: str
    what: str
    names: Names
    changes: tuple[Change, ...] = ()


def differences(before: Menu, after: Menu) -> tuple[Difference, ...]:
    """Return every record that differs, and the kinds whose order alone does."""
    return tuple(one for kind, part in PARTS.items() for one in _of_kind(kind, part, before, after))


def _of_kind(kind: str, part: str, before: Menu, after: Menu) -> Iterator[Difference]:
    old = {record.id: record for record in getattr(before, part)}
    new = {record.id: record for record in getattr(after, part)}
    for name, record in new.items():
        if name not in old:
            yield Difference(kind, name, ADDED, _names(record))
        elif changes := tuple(_changes(old[name], record)):
            yield Difference(kind, name, CHANGED, _names(record), changes)
    for name, record in old.items():
        if name not in new:
            yield Difference(kind, name, REMOVED, _names(record))
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield Difference(kind, "", CHANGED, {}, (Change("order", None, None),))


def _names(record: Any) -> Names:
    return record.names if hasattr(record, "names") else {"en": record.name}


def _changes(old: Any, new: Any) -> Iterator[Change]:
    for one in fields(new):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before == after or one.name == "pinyin":
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _pairs(one.name, before, after)
        elif one.name in {"modifiers", "variants"}:
            label = "choice" if one.name == "modifiers" else "form"
            yield from _pairs(label, {r.id: r for r in before}, {r.id: r for r in after})
        else:
            yield Change(one.name, before, after)


def _pairs(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            yield Change(f"{name}:{key}", before.get(key), after.get(key))
