"""The menu's draft: changes that are collected, and count together once somebody publishes them.

A drafted edit is the edit that it becomes, kept aside. Published, it lands on the menu as that is
by then: what its author changed is changed, what others changed meanwhile stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comptoir.domain import events as ev
from comptoir.domain.errors import EventMalformed
from comptoir.domain.hlc import milliseconds
from comptoir.domain.records import dump, load

RECORDS: Mapping[str, tuple[str, str]] = {
    ev.ItemSet.KIND: ("item", "items"),
    ev.CategorySet.KIND: ("category", "categories"),
    ev.ModifierGroupSet.KIND: ("group", "groups"),
    ev.PriceListSet.KIND: ("price_list", "price_lists"),
    ev.MenuTaxSet.KIND: ("tax", "taxes"),
}
EDITS: Mapping[str, type[ev.Body]] = {
    **{kind: ev.KINDS[kind] for kind in RECORDS},
    ev.MenuRecordRemoved.KIND: ev.MenuRecordRemoved,
    ev.MenuOrdered.KIND: ev.MenuOrdered,
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """An edit that waits, who made it and when."""

    by: str
    at_ms: int
    edit: ev.MenuEditDrafted


@dataclass(frozen=True, slots=True)
class Draft:
    """What waits to be published, oldest first; by itself at ``at_ms``, never when that is 0."""

    edits: tuple[Drafted, ...] = ()
    at_ms: int = 0

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of its edits."""
        return tuple(one.edit.edit for one in self.edits)


def fold_draft(_: str, events: Sequence[ev.Event]) -> Draft:
    """Fold what waits; what was published or discarded is out, whenever its edit is heard of."""
    edits: dict[str, Drafted] = {}
    out: set[str] = set()
    at_ms = 0
    for event in events:
        match event.body:
            case ev.MenuEditDrafted() as body:
                envelope = event.envelope
                edits[body.edit] = Drafted(envelope.actor, milliseconds(envelope.hlc), body)
            case ev.MenuDraftPublished(edits=names):
                out.update(names)
                at_ms = 0
            case ev.MenuDraftDiscarded(edits=names):
                out.update(names)
                at_ms = at_ms if edits.keys() - out else 0
            case ev.MenuDraftPlanned(at_ms=planned_ms):
                at_ms = planned_ms
            case _:
                pass
    waiting = tuple(one for name, one in edits.items() if name not in out)
    return Draft(waiting, at_ms if waiting else 0)


class Waiting:
    """Drafted edits on their way into the menu: each comes out once, when it is published."""

    def __init__(self) -> None:
        self._kept: dict[str, ev.MenuEditDrafted] = {}
        self._published: set[str] = set()

    def hear(self, body: ev.Body) -> Iterator[ev.MenuEditDrafted]:
        """Yield the edits that count from this event on."""
        match body:
            case ev.MenuEditDrafted(edit=name):
                first = name not in self._kept
                self._kept[name] = body
                if first and name in self._published:
                    yield body
            case ev.MenuDraftPublished(edits=names):
                fresh = [name for name in dict.fromkeys(names) if name not in self._published]
                self._published.update(fresh)
                yield from (self._kept[name] for name in fresh if name in self._kept)
            case _:
                pass


def landed(edit: ev.MenuEditDrafted, records: Mapping[str, Mapping[str, Any]]) -> ev.Body | None:
    """Return the event that a drafted edit becomes on these records, None if it fits nothing."""
    cls, body = EDITS.get(edit.becomes), dict(edit.body)
    if cls is None:
        return None
    field, part = RECORDS.get(edit.becomes, ("", ""))
    mine = body.get(field)
    if edit.was and isinstance(mine, Mapping) and isinstance(name := mine.get("id"), str):
        now = records[part].get(name)
        if now is not None:
            body[field] = united(edit.was, mine, dump(now))
    try:
        return load(cls, body)
    except EventMalformed:
        return None


def united(
    was: Mapping[str, Any], mine: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    """Return ``now`` with what ``mine`` changed of ``was``; names and prices one by one."""
    found = dict(now)
    for key in sorted({*was, *mine}):
        before, after = was.get(key), mine.get(key)
        if before == after:
            continue
        if after is None:
            found.pop(key, None)
        elif all(isinstance(one, Mapping) for one in (before, after, found.get(key))):
            found[key] = united(was[key], mine[key], found[key])
        else:
            found[key] = after
    return found
