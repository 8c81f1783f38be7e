"""A whole menu kept for later: what a file changes waits in the draft, record by record."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.commands.menu_edit import DRAFT_EDITS_MAX, drafted_menu, refuse_new_flaws
from comptoir.commands.pinyin import menu_with_pinyin
from comptoir.domain import events as ev
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.fold_menu import PARTS, edited
from comptoir.domain.menu import Menu
from comptoir.domain.menu_difference import REMOVED, differences
from comptoir.domain.menu_draft import RECORDS
from comptoir.domain.records import dump
from comptoir.journal import Writing

ORDER_IDS_MAX = 400  # ids of an order that surely fit an event


@dataclass(frozen=True, slots=True)
class DraftMenu(Command):
    """Keep for later what makes the menu this one; what waits already is changed with it."""

    menu: Menu


@handles(DraftMenu, MANAGERS)
def draft_menu(command: DraftMenu, writing: Writing, desk: Desk) -> None:
    """Keep an edit for each record that differs, so that others' edits of the rest stand."""
    del desk
    draft = writing.state("draft:it")
    before = drafted_menu(writing.state("menu:it"), draft)
    bodies = list(edits(before, menu_with_pinyin(command.menu)))
    if not bodies:
        raise MenuEditRefused("Nothing in this file differs from the menu.")
    if len(draft.edits) + len(bodies) > DRAFT_EDITS_MAX:
        raise MenuEditRefused(
            f"More than {DRAFT_EDITS_MAX} changes would wait. Publish the file at once."
        )
    refuse_new_flaws(before, edited(before, *bodies))
    old = {part: {one.id: one for one in getattr(before, part)} for part in PARTS.values()}
    for number, body in enumerate(bodies, 1):
        said, was = dump(body), None
        if body.KIND in RECORDS:
            name, part = RECORDS[body.KIND]
            was = old[part].get(said[name]["id"])
        kept = dump(was) if was is not None else {}
        writing.append(ev.MenuEditDrafted(f"{command.id}-{number}", body.KIND, said, kept))


def edits(before: Menu, after: Menu) -> Iterator[ev.Body]:
    """Yield the edits that make one menu of another: records, what goes, then the order."""
    found = differences(before, after)
    made = [_set(one.kind, one.id, after) for one in found if one.id and one.what != REMOVED]
    # dishes go before their category and their choices
    gone = [one for one in reversed(found) if one.what == REMOVED]
    made += [ev.MenuRecordRemoved(one.kind, one.id) for one in gone]
    yield from made
    so_far = edited(before, *made)
    for kind, part in PARTS.items():
        now, wanted = ([one.id for one in getattr(menu, part)] for menu in (so_far, after))
        if now != wanted:
            yield from _ordered(kind, wanted)


def _set(kind: str, name: str, menu: Menu) -> ev.Body:
    makers: dict[str, Any] = {
        "tax": ev.MenuTaxSet,
        "category": ev.CategorySet,
        "group": ev.ModifierGroupSet,
        "item": ev.ItemSet,
        "price_list": ev.PriceListSet,
    }
    records = {one.id: one for one in getattr(menu, PARTS[kind])}
    body: ev.Body = makers[kind](records[name])
    return body


def _ordered(kind: str, ids: list[str]) -> Iterator[ev.Body]:
    """Yield orders that fit an event: each puts its ids before all others, the last ones first."""
    starts = range(0, len(ids), ORDER_IDS_MAX)
    for start in reversed(starts):
        yield ev.MenuOrdered(kind, tuple(ids[start : start + ORDER_IDS_MAX]))
