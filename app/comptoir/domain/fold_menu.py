"""The fold of the menu: the last whole version, then the edits made after it, record by record.

Edits of different records from different terminals all count; of the same record the last one does.
Edits of the draft count where they were published.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.domain import events as ev
from comptoir.domain.menu import Menu
from comptoir.domain.menu_draft import Waiting, landed

PARTS: Mapping[str, str] = {
    "tax": "taxes",
    "category": "categories",
    "group": "groups",
    "item": "items",
    "price_list": "price_lists",
}
Records = dict[str, dict[str, Any]]


def fold_menu(_: str, events: Sequence[ev.Event]) -> Menu:
    """Fold the menu from its versions and edits."""
    versions: dict[str, dict[int, ev.MenuPublished]] = {}
    version, edits, waiting = "", 0, Waiting()
    records: Records = {part: {} for part in PARTS.values()}
    for event in events:
        body = event.body
        if isinstance(body, ev.MenuPublished):
            parts = versions.setdefault(body.version, {})
            parts[body.part] = body
            if len(parts) == body.parts:
                version, edits = body.version, 0
                records = _joined([parts[i] for i in sorted(parts)])
        elif isinstance(body, ev.MenuEditDrafted | ev.MenuDraftPublished):
            for drafted in waiting.hear(body):
                edits += 1
                _edit(records, drafted)
        elif body is not None:
            edits += 1
            _edit(records, body)
    return _menu(version, edits, records)


def edited(menu: Menu, *bodies: ev.Body) -> Menu:
    """Return a menu as more edits make it, also drafted ones."""
    records = {part: {one.id: one for one in getattr(menu, part)} for part in PARTS.values()}
    for body in bodies:
        _edit(records, body)
    return _menu(menu.version, menu.edits + len(bodies), records)


def _menu(version: str, edits: int, records: Records) -> Menu:
    whole: Any = {part: tuple(found.values()) for part, found in records.items()}
    return Menu(version, edits=edits, **whole)


def _joined(parts: Sequence[ev.MenuPublished]) -> Records:
    return {
        name: {record.id: record for part in parts for record in getattr(part, name)}
        for name in PARTS.values()
    }


def _edit(records: Records, body: ev.Body) -> None:
    match body:
        case ev.ItemSet(item=record):
            records["items"][record.id] = record
        case ev.CategorySet(category=record):
            records["categories"][record.id] = record
        case ev.ModifierGroupSet(group=record):
            records["groups"][record.id] = record
        case ev.PriceListSet(price_list=record):
            records["price_lists"][record.id] = record
        case ev.MenuTaxSet(tax=record):
            records["taxes"][record.id] = record
        case ev.MenuRecordRemoved(kind=kind, id=name) if kind in PARTS:
            records[PARTS[kind]].pop(name, None)
        case ev.MenuOrdered(kind=kind, ids=ids) if kind in PARTS:
            old = records[PARTS[kind]]
            first = {name: old[name] for name in ids if name in old}
            records[PARTS[kind]] = first | {k: v for k, v in old.items() if k not in first}
        case ev.MenuEditDrafted() if became := landed(body, records):
            _edit(records, became)
        case _:
            pass
