"""The menu as its owner sees it: categories, dishes, what is off or counted, what was changed."""

from dataclasses import dataclass

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import BringBackItem, CountItem, OrderMenu, StopItem, queries
from comptoir.commands.availability import availability
from comptoir.commands.menu_draft import BY_ITSELF, menu_to_edit
from comptoir.commands.menu_history import history, undo
from comptoir.domain.menu import Item, Menu
from comptoir.domain.menu_difference import differences
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import names
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.differences import shown, shown_moment
from comptoir.web.services import services

blueprint = managers("office_menu", __name__)
FOUND_MAX = 60


@dataclass(frozen=True, slots=True)
class Dish:
    """An item as a row: whether it is off, and how many are left; ``sold`` once it is published."""

    item: Item
    off: bool
    left: int | None
    sold: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """What a page says of the draft: how many changes wait, and for when."""

    count: int
    when: str


def menu() -> Menu:
    """Return the menu as it is edited: with what waits to be published."""
    return menu_to_edit(services().journal)


def drafting() -> bool:
    """Tell whether changes are being collected: then those that ask nothing join them."""
    return bool(services().journal.state("draft:it").edits)


@blueprint.app_template_global("draft_waits")
def waits() -> Waits | None:
    """Return what waits to be published, None when nothing does."""
    if not drafting():
        return None
    journal = services().journal
    at_ms = journal.state("draft:it").at_ms
    count = len(differences(queries.menu(journal), menu()))
    return Waits(count, shown_moment(at_ms) if at_ms else "")


def dishes(items: tuple[Item, ...] | list[Item]) -> list[Dish]:
    """Return items with what is left of them."""
    limited = {one.availability.item: one for one in availability(services().journal)}
    sold = queries.menu(services().journal).ids
    found = []
    for item in items:
        one = limited.get(item.id)
        counted = one is not None and one.left_milli is not None
        left = (one.left_milli or 0) // 1000 if one is not None and counted else None
        found.append(Dish(item, one is not None and not one.to_be_had, left, item.id in sold))
    return found


@blueprint.get("/office")
def enter() -> AnyResponse:
    """Go to the menu, which is changed most."""
    return redirect("/office/menu")


@blueprint.get("/office/menu")
def show() -> str:
    """Show a category's dishes, or those that were searched for."""
    now, text = menu(), request.args.get("text", "")[:40].strip()
    chosen = request.args.get("category") or (now.categories[0].id if now.categories else "")
    known = {category.id for category in now.categories}
    loose = tuple(item for item in now.items if item.category not in known)
    items = list(now.page(chosen)) or (list(loose) if chosen not in known else [])
    found = now.search(text, FOUND_MAX) if text else items
    return render_template(
        "office/menu.html",
        here="menu",
        tab="dishes",
        menu=now,
        chosen="" if text else chosen,
        text=text,
        dishes=dishes(found),
        done=request.args.get("done", "")[:64],
        kiosk=at_the_till(),
    )


@blueprint.get("/office/menu/dishes/<item>/left")
def left(item: str) -> str:
    """Ask how many are left of a dish, or take it off."""
    (dish,) = dishes([menu().item(item)])
    return render_template(
        "office/left_sheet.html", dish=dish, path=f"/office/menu/dishes/{item}/left"
    )


@blueprint.post("/office/menu/dishes/<item>/left")
def set_left(item: str) -> AnyResponse:
    """Take a dish off, bring it back, or say how many are left."""
    known = menu().item(item)
    change_left(item)
    return go(f"/office/menu?category={known.category}")


def change_left(item: str) -> None:
    """Do what the sheet of what is left asks for."""
    match field("what"):
        case "off":
            carry_out(StopItem(command_id(), item))
        case "back":
            carry_out(BringBackItem(command_id(), item))
        case _:
            pieces = forms.whole("pieces", _("How many are left"))
            carry_out(CountItem(command_id(), item, pieces * 1000))


@blueprint.post("/office/menu/order")
def order() -> AnyResponse:
    """Put a category or a dish one place further to the front."""
    kind, name = field("kind"), field("record")
    now = menu()
    if kind == "category":
        ids = [one.id for one in now.categories]
        back = f"/office/menu?category={name}"
    else:
        category = now.item(name).category
        ids = [one.id for one in now.page(category)]
        back = f"/office/menu?category={category}"
    place = ids.index(name) if name in ids else 0
    if place:
        ids[place - 1], ids[place] = ids[place], ids[place - 1]
        if kind != "category":
            ids = _among(now, ids)
        carry_out(OrderMenu(command_id(), kind, tuple(ids), draft=drafting()))
    return go(back)


def _among(now: Menu, page: list[str]) -> list[str]:
    """Return all dishes, those of one page in this order at the places they have."""
    ours, following = set(page), iter(page)
    return [next(following) if item.id in ours else item.id for item in now.items]


@blueprint.get("/office/menu/history")
def steps() -> str:
    """Show what was changed, by whom, newest first."""
    found = history(services().journal)
    return render_template(
        "office/history.html",
        here="menu",
        tab="history",
        steps=[(step, [shown(one) for one in step.differences]) for step in found],
        names=names() | {BY_ITSELF.id: _("by itself")},
    )


@blueprint.post("/office/menu/undo")
def take_back() -> AnyResponse:
    """Take a step back; that is a step too."""
    carry_out(*undo(services().journal, field("of"), command_id()))
    return go("/office/menu/history")
