"""The order pad: the check on the left, the menu on the right, Send and Pay in their corner."""

import functools
import zlib
from collections.abc import Sequence
from dataclasses import replace

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import AddLine, ChangeLine, VoidLine, queries
from comptoir.commands.availability import availability
from comptoir.commands.scales import labelled
from comptoir.domain.check import FIRED, SETTLED, Check, Line
from comptoir.domain.menu import Item, Menu
from comptoir.domain.menu_choices import groups_within
from comptoir.web.access import carry_out, command_id, field, number, person
from comptoir.web.screens.floor import go
from comptoir.web.screens.places import seats_offered
from comptoir.web.screens.rows import UNDONE, row_of, rows
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.services import services

blueprint = workplace("order_pad", __name__)
FOUND_MAX = 40


def _menu() -> Menu:
    return queries.menu(services().journal)


def version_of(check: Check) -> str:
    """Return what tells a page whether its panel is still right."""
    return f"{zlib.crc32(repr((check, person().language)).encode()):x}"


@blueprint.get("/checks/<name>")
def show(name: str) -> AnyResponse:
    """Show the pad of a check; a paid one shows its receipt instead."""
    check = check_of(name)
    if check.state == SETTLED:
        return go(f"/checks/{name}/paid")
    menu = _menu()
    chosen = request.args.get("category") or (menu.categories[0].id if menu.categories else "")
    page = render_template(
        "order_pad.html",
        menu=menu,
        chosen=chosen,
        seats=seats_offered(check) if _by_seat(check) else (),
        **panel(check),
        **grid(chosen),
    )
    return make_response(page)


def _by_seat(check: Check) -> bool:
    """Tell whether dishes of a check go to seats: some do already, or somebody wants it so."""
    named = any(line.seats for line in check.live_lines) or any(one.seat for one in check.allergies)
    return named or "seats" in request.args


def panel(check: Check) -> dict[str, object]:
    """Return what the check's panel shows."""
    tables = {one.table.id: one.table.label for one in queries.floor(services().journal)}
    return {
        "check": check,
        "rows": rows(check),
        "table_label": tables.get(check.table, check.table),
        "panel_version": version_of(check),
        "to_send": sum(not line.held for line in check.unsent),
        "meals": meals(check),
        "last_sent": last_sent(check),
        "newest": next((line.id for line in reversed(check.unsent)), ""),
    }


def meals(check: Check) -> dict[str, int]:
    """Return what each set meal of a check comes to, by its first line."""
    found: dict[str, int] = {}
    for line in check.live_lines:
        if line.part_of:
            found[line.part_of] = found.get(line.part_of, 0) + line.amount
    return found


def last_sent(check: Check) -> tuple[Line, ...]:
    """Return what was sent last and the kitchen has not finished."""
    cooking = [line for line in check.live_lines if line.status == FIRED]
    latest = max((line.fired_ms for line in cooking), default=0)
    return tuple(line for line in cooking if line.fired_ms == latest)


def grid(category: str) -> dict[str, object]:
    """Return the items of a category."""
    menu = _menu()
    return keys_of(menu, menu.page(category))


def keys_of(menu: Menu, items: Sequence[Item]) -> dict[str, object]:
    """Return items as keys; ``asking`` need a choice first, ``gone`` are not to be had."""
    asking = {item.id for item in items if _asks(menu, item)}
    limited = {one.availability.item: one for one in availability(services().journal)}
    left = {name: max(0, (one.left_milli or 0) // 1000) for name, one in limited.items()}
    gone = {name for name, one in limited.items() if not one.to_be_had}
    return {"items": items, "asking": asking, "left": left, "gone": gone}


def _asks(menu: Menu, item: Item) -> bool:
    sizes = any(variant.options for variant in item.variants)
    return sizes or any(group.min for group in menu.groups_of(item))


@blueprint.get("/checks/<name>/panel")
def show_panel(name: str) -> AnyResponse:
    """Return the panel; nothing when the page has it already."""
    check = check_of(name)
    if request.args.get("have") == version_of(check):
        return make_response("", 204)
    return answer_panel(check)


def answer_panel(check: Check, *triggers: str) -> AnyResponse:
    """Answer a tap with the panel; ``sheet-close`` among the triggers closes the sheet."""
    response = make_response(render_template("check_panel.html", **panel(check), swapped=True))
    if triggers:
        response.headers["HX-Trigger"] = ", ".join(triggers)
    return response


@blueprint.get("/checks/<name>/categories/<category>")
def show_category(name: str, category: str) -> str:
    """Return a category's keys."""
    return render_template("item_grid.html", check=check_of(name), **grid(category))


@blueprint.get("/checks/<name>/search")
def search(name: str) -> str:
    """Return the keys of what was searched for."""
    text = (request.args.get("code") or request.args.get("text", ""))[:40]
    found = queries.search(services().journal, text, FOUND_MAX)
    keys = keys_of(_menu(), found)
    return render_template("item_grid.html", check=check_of(name), searched=text, **keys)


@blueprint.get("/checks/<name>/search-sheet")
def search_sheet(name: str) -> str:
    """Return the search with its keyboard."""
    return render_template("search_sheet.html", check=check_of(name))


@blueprint.get("/checks/<name>/items/<item>")
def ask(name: str, item: str) -> str:
    """Ask for the modifiers of an item, required groups first; ``instead`` of a row's dish."""
    menu, check = _menu(), check_of(name)
    found = menu.item(item)
    row = row_of(check, field("instead", ""))
    qty_milli = (row.qty_milli if row.unsent else row.lines[-1].qty_milli) if row else 1000
    return render_template(
        "item_sheet.html",
        check=check,
        item=found,
        groups=sorted(menu.groups_of(found), key=lambda group: not group.min),
        instead=row.id if row else "",
        asked_with=functools.partial(groups_within, menu),
        sizes=any(variant.options for variant in found.variants),
        form=row.line.variant if row else "",
        chosen={modifier.choice for modifier in row.line.modifiers} if row else set(),
        note=row.line.note if row else "",
        qty=qty_milli // 1000,
    )


@blueprint.post("/checks/<name>/items/<item>")
def add(name: str, item: str) -> AnyResponse:
    """Add an item to the check, instead of a row's dish if it names one."""
    modifiers = tuple(
        value
        for name_, values in request.form.lists()
        if name_.startswith("modifier")
        for value in values
    )
    note, qty = request.form.get("note", "").strip(), number("qty", 1)
    command = command_id()
    instead = field("instead", "")
    row = row_of(check_of(name), instead) if instead else None
    if row is not None and not row.unsent:
        gone, variant = row.lines[-1].id, field("variant", "")
        carry_out(ChangeLine(command, name, gone, item, qty * 1000, modifiers, note, variant))
        return answer_panel(check_of(name), "sheet-close")
    undone = row.lines if row else ()
    asked = (item, qty * 1000, modifiers, note, field("variant", ""))
    line = AddLine(command, name, command, *asked, seats=_seats())
    if row is not None:
        line = replace(line, seats=row.line.seats, course=row.line.course)
    carry_out(
        line,
        *(VoidLine(f"{command}-{i}", name, one.id, UNDONE) for i, one in enumerate(undone)),
    )
    return answer_panel(check_of(name), "sheet-close")


def _seats() -> tuple[int, ...]:
    """Return the seat that the next dishes are for, if one is chosen."""
    return (seat,) if (seat := number("seat", 0)) else ()


@blueprint.post("/checks/<name>/scan")
def scan(name: str) -> AnyResponse:
    """Add what a scanner read, or what was typed: a barcode, else a dish's number."""
    menu, code = _menu(), request.form.get("code", "")[:64].strip()
    command = command_id()
    line = AddLine(command, name, command, "", seats=_seats())
    if weighed := labelled(services().journal, menu, code, line):
        carry_out(weighed)
        return answer_panel(check_of(name), "sheet-close")
    numbered = [item for item in menu.items if code and item.number == code]
    item, variant = (numbered[0], "") if len(numbered) == 1 else menu.scanned(code)
    if not variant and _asks(menu, item):
        sheet = make_response(ask(name, item.id))
        sheet.headers["HX-Retarget"] = "#sheet"
        return sheet
    carry_out(replace(line, item=item.id, variant=variant))
    return answer_panel(check_of(name), "sheet-close")
