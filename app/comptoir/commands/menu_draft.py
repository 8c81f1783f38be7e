"""The menu's draft: changes of several people, published together, at once or at a moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Actor, Command, Desk, handles
from comptoir.commands.menu_edit import drafted_menu, new_flaws, refuse_new_flaws
from comptoir.domain import events as ev
from comptoir.domain.errors import MenuEditRefused
from comptoir.domain.house import SYSTEM
from comptoir.domain.menu import Menu
from comptoir.domain.menu_difference import Difference, differences
from comptoir.domain.menu_draft import Draft
from comptoir.domain.menu_rules import Flaw
from comptoir.journal import Journal, Writing

EVENT_EDITS_MAX = 400
PLAN_MS_MAX = 366 * 24 * 3600 * 1000
BY_ITSELF = Actor("till", SYSTEM)


@dataclass(frozen=True, slots=True)
class PublishDraft(Command):
    """Let these edits of the draft count; all that wait here when none is named."""

    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiscardDraft(Command):
    """Drop these edits of the draft; all that wait here when none is named."""

    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDraft(Command):
    """Publish the draft by itself at an instant (milliseconds since 1970); 0 is no more."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class DraftNow:
    """The draft as a person reads it: what it changes, and what stands in its way."""

    draft: Draft
    differences: tuple[Difference, ...]
    flaws: tuple[Flaw, ...]


def drafted(journal: Journal) -> DraftNow:
    """Return the draft with what it makes of the menu in force."""
    menu, draft = journal.state("menu:it"), journal.state("draft:it")
    after = drafted_menu(menu, draft)
    if after is menu:
        return DraftNow(draft, (), ())
    return DraftNow(draft, differences(menu, after), tuple(new_flaws(menu, after)))


def menu_to_edit(journal: Journal) -> Menu:
    """Return the menu as those see it who edit it: with what waits."""
    return drafted_menu(journal.state("menu:it"), journal.state("draft:it"))


def _chosen(writing: Writing, names: tuple[str, ...]) -> Draft:
    draft: Draft = writing.state("draft:it")
    kept = tuple(one for one in draft.edits if not names or one.edit.edit in names)
    if not kept:
        raise MenuEditRefused("Nothing waits to be published. Reload the menu.")
    return Draft(kept, draft.at_ms)


@handles(PublishDraft, MANAGERS)
def publish(command: PublishDraft, writing: Writing, desk: Desk) -> None:
    """Publish what was chosen; refused when the menu would be worse for it than it is."""
    del desk
    chosen, menu = _chosen(writing, command.edits), writing.state("menu:it")
    refuse_new_flaws(menu, drafted_menu(menu, chosen))
    for names in _fitting(chosen.ids):
        writing.append(ev.MenuDraftPublished(names))


@handles(DiscardDraft, MANAGERS)
def discard(command: DiscardDraft, writing: Writing, desk: Desk) -> None:
    """Drop what was chosen."""
    del desk
    for names in _fitting(_chosen(writing, command.edits).ids):
        writing.append(ev.MenuDraftDiscarded(names))


def _fitting(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the names in lots that fit an event."""
    for start in range(0, len(names), EVENT_EDITS_MAX):
        yield names[start : start + EVENT_EDITS_MAX]


@handles(PlanDraft, MANAGERS)
def plan(command: PlanDraft, writing: Writing, desk: Desk) -> None:
    """Say when the draft publishes itself."""
    _chosen(writing, ())
    now_ms = desk.clock.now_ms()
    if command.at_ms and not now_ms < command.at_ms <= now_ms + PLAN_MS_MAX:
        raise MenuEditRefused("That moment is over, or more than a year away. Choose another one.")
    writing.append(ev.MenuDraftPlanned(command.at_ms))


def publisher(journal: Journal, desk: Desk) -> Callable[[], None]:
    """Return what publishes a draft whose moment has come, asked again and again.

    Every terminal does: whichever runs at that moment, alone or not; an edit counts once. Refused
    for a flaw, it is tried again once the draft is another one.
    """
    tried: set[tuple[str, ...]] = set()

    def look() -> None:
        if not desk.log.epoch:
            return
        draft: Draft = journal.state("draft:it")
        if not 0 < draft.at_ms <= desk.clock.now_ms() or draft.ids in tried:
            return
        tried.clear()
        tried.add(draft.ids)
        name = f"draft-{draft.at_ms}-{desk.log.terminal}"
        desk.run(PublishDraft(name, draft.ids), BY_ITSELF)

    return look
