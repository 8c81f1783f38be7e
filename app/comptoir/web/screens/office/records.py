"""One record of the menu at a time: a form, the difference to read, then it counts or waits."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import RemoveFromMenu, queries
from comptoir.commands.menu_history import set_record
from comptoir.domain import events as ev
from comptoir.domain.errors import EventMalformed, MenuEditRefused
from comptoir.domain.fold_menu import edited
from comptoir.domain.menu import ALLERGENS, ORDER_TYPES, PREFIXES, SOLD_BY, Menu
from comptoir.domain.menu_difference import differences
from comptoir.domain.menu_draft import united
from comptoir.domain.records import canonical, dump, load
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.differences import shown
from comptoir.web.screens.office.menu import drafting, menu
from comptoir.web.screens.office.readers import KINDS, PREFIX_PPM, groups_text, read
from comptoir.web.services import services

blueprint = managers("office_records", __name__)
NEW = "new"
WAS_CHARACTERS_MAX = 200_000
EMPTY_ROWS = 3
EVENTS: dict[str, Any] = {
    "item": ev.ItemSet,
    "category": ev.CategorySet,
    "group": ev.ModifierGroupSet,
    "price_list": ev.PriceListSet,
}
LISTS = {"group": "groups", "price_list": "prices"}


@blueprint.get("/office/menu/groups")
def groups() -> str:
    """Show the groups of choices."""
    return render_template("office/groups.html", here="menu", tab="groups", menu=menu())


@blueprint.get("/office/menu/prices")
def prices() -> str:
    """Show the price lists."""
    return render_template("office/prices.html", here="menu", tab="prices", menu=menu())


@blueprint.get("/office/menu/<kind>/<name>")
def edit(kind: str, name: str) -> str:
    """Show a record's form; ``new`` is an empty one."""
    now = menu()
    record = _record(now, kind, name)
    used = getattr(record, "names", {})
    plan = services().journal.state("printing:it")
    stations = {one.id for one in plan.stations} | {item.station for item in now.items}
    return render_template(
        f"office/{kind}.html",
        here="menu",
        tab=LISTS.get(kind, "dishes"),
        menu=now,
        record=record,
        was=canonical(dump(record)).decode() if record else "",
        name=name,
        tags=forms.languages(used),
        stations=sorted(stations),
        order_types=ORDER_TYPES,
        allergens=ALLERGENS,
        prefixes=PREFIXES,
        shares=PREFIX_PPM | dict(getattr(record, "prefixes", {})),
        sold_by=SOLD_BY,
        plain=forms.plain,
        percent_text=forms.percent_text,
        portion_text=forms.quantity,
        options_text=forms.options_text,
        groups_text=partial(groups_text, now),
        category=request.args.get("category", ""),
        empty_rows=EMPTY_ROWS,
        kiosk=at_the_till(),
    )


def _record(now: Menu, kind: str, name: str) -> Any:
    if kind not in KINDS:
        abort(404)
    found = [record for record in getattr(now, KINDS[kind]) if record.id == name]
    if not found and name != NEW:
        abort(404)
    return found[0] if found else None


@blueprint.post("/office/menu/<kind>/<name>/look")
def look(kind: str, name: str) -> str:
    """Show what would change."""
    now = menu()
    _record(now, kind, name)
    record = read(kind, now, "" if name == NEW else name)
    becomes = EVENTS[kind](record)
    edit = ev.MenuEditDrafted("look", becomes.KIND, dump(becomes), _was(record) or {})
    found = differences(now, edited(now, edit))
    return render_template(
        "office/look_sheet.html",
        differences=[shown(one) for one in found],
        path=url_for("office_records.save", kind=kind, name=name),
    )


@blueprint.post("/office/menu/<kind>/<name>")
def save(kind: str, name: str) -> AnyResponse:
    """Make it so, on every terminal."""
    now = menu()
    _record(now, kind, name)
    record = read(kind, now, "" if name == NEW else name)
    if field("keep", "") == "yes":
        carry_out(set_record(kind, command_id(), record, draft=True, was=_was(record)))
        return go(_back(kind, record, ""))
    carry_out(set_record(kind, command_id(), _on(queries.menu(services().journal), kind, record)))
    return go(_back(kind, record, command_id()))


def _was(record: Any) -> Mapping[str, Any] | None:
    """Return the record as the form showed it, None when that is not told."""
    try:
        said = json.loads(request.form.get("was", "")[:WAS_CHARACTERS_MAX])
        return dump(load(type(record), said))
    except (ValueError, EventMalformed, RecursionError):
        return None


def _on(now: Menu, kind: str, record: Any) -> Any:
    """Return a record with what the form changed, on what others made of it meanwhile."""
    there = {one.id: one for one in getattr(now, KINDS[kind])}
    was = _was(record)
    if was is None or record.id not in there:
        return record
    try:
        return load(type(record), united(was, dump(record), dump(there[record.id])))
    except EventMalformed as error:  # a form that was made up
        raise MenuEditRefused(str(error)) from None


@blueprint.post("/office/menu/<kind>/<name>/remove")
def remove(kind: str, name: str) -> AnyResponse:
    """Take a record off the menu."""
    record = _record(menu(), kind, name)
    keep = drafting()
    carry_out(RemoveFromMenu(command_id(), kind, name, draft=keep))
    return go(_back(kind, record, "" if keep else command_id()))


def _back(kind: str, record: Any, done: str) -> str:
    if kind in LISTS:
        return f"/office/menu/{LISTS[kind]}"
    category = record.category if kind == "item" else record.id
    return url_for("office_menu.show", category=category, done=done or None)
