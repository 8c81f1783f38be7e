"""What became of the menu, newest first, and how each step is taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from comptoir.commands.desk import Command
from comptoir.commands.house import PublishMenu
from comptoir.commands.menu_edit import (
    RemoveFromMenu,
    SetCategory,
    SetItem,
    SetMenuTax,
    SetModifierGroup,
    SetPriceList,
)
from comptoir.domain import events as ev
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.fold_menu import PARTS, fold_menu
from comptoir.domain.hlc import milliseconds
from comptoir.domain.menu import Menu
from comptoir.domain.menu_difference import ADDED, Difference, differences
from comptoir.journal import Journal

STEPS_MAX = 30
_SETS: dict[str, Any] = {
    "item": SetItem,
    "category": SetCategory,
    "group": SetModifierGroup,
    "price_list": SetPriceList,
    "tax": SetMenuTax,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one command made of the menu; ``version`` when it published a whole one."""

    command: str
    by: str
    at_ms: int
    version: bool
    differences: tuple[Difference, ...]


def set_record(
    kind: str,
    command: str,
    record: Any,
    *,
    draft: bool = False,
    was: Mapping[str, Any] | None = None,
) -> Command:
    """Return the command that adds or changes a record, at once or as a draft."""
    made: Command = _SETS[kind](command, record, draft=draft, was=was)
    return made


def history(journal: Journal, limit: int = STEPS_MAX) -> list[Step]:
    """Return the newest steps of the menu, newest first."""
    events = journal.events("menu:it")
    found: list[Step] = []
    for first, last in reversed(list(_spans(events))):
        if len(found) == limit:
            break
        if isinstance(events[first].body, ev.MenuEditDrafted):
            continue
        before, after = fold_menu("it", events[:first]), fold_menu("it", events[:last])
        envelope = events[first].envelope
        whole = isinstance(events[first].body, ev.MenuPublished)
        changed = differences(before, after)
        if changed:
            at_ms = milliseconds(envelope.hlc)
            found.append(Step(envelope.command or "", envelope.actor, at_ms, whole, changed))
    return found


def _spans(events: list[ev.Event]) -> Iterator[tuple[int, int]]:
    """Return from where to where each command's events go."""
    for _, members in groupby(enumerate(events), key=lambda one: one[1].envelope.command):
        places = [place for place, _ in members]
        yield places[0], places[-1] + 1


def undo(journal: Journal, of: str, command: str) -> list[Command]:
    """Return the commands that take a step back, leaving alone what others changed since.

    Raises MenuEditRefused for a step that is not there.
    """
    events = journal.events("menu:it")
    for first, last in _spans(events):
        if events[first].envelope.command == of:
            before, after = fold_menu("it", events[:first]), fold_menu("it", events[:last])
            if isinstance(events[first].body, ev.MenuPublished):
                return [PublishMenu(command, before)]
            steps = differences(before, after)
            return [
                _back(one, before, f"{command}-{number}") for number, one in enumerate(steps)
                if one.id
            ]  # fmt: skip
    raise MenuEditRefused("This step of the menu is not here. Reload the page.")


def _back(one: Difference, before: Menu, command: str) -> Command:
    if one.what == ADDED:
        return RemoveFromMenu(command, one.kind, one.id)
    records = {record.id: record for record in getattr(before, PARTS[one.kind])}
    return set_record(one.kind, command, records[one.id])
