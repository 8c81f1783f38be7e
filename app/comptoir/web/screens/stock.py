"""The stock: what is off or counted (D5, T2), counts, what came in and what was wasted (D18)."""

from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import BringBackItem, CountItem, StopItem, queries
from comptoir.commands.availability import availability
from comptoir.commands.desk import may
from comptoir.commands.stock import ReceiveStock, RecountStock, UndoStock, WasteStock
from comptoir.domain.availability import Availability, Count, Entry
from comptoir.domain.menu import WEIGHT, Item, Variant
from comptoir.web.access import FieldRefused, carry_out, command_id, field, number, person
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.people import names
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.menu import Dish, dishes
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("stock", __name__)
FOUND_MAX = 60  # rows of a page, which has 1,500 DOM nodes at most
ENTRIES_SHOWN_MAX = 12
PIECE_MILLI = 1000
REASONS = ("spoilt", "broken", "expired", "staff")


@dataclass(frozen=True, slots=True)
class Kept:
    """One form of an item as it is kept in stock; ``name`` is what commands call it."""

    item: Item
    form: Variant | None
    count: Count | None
    off: bool

    @property
    def name(self) -> str:
        """Return ``item`` or ``item/variant``."""
        return f"{self.item.id}/{self.form.id}" if self.form else self.item.id

    @property
    def digits(self) -> int:
        """Return how many decimals are typed: three of kilograms, none of pieces."""
        return 3 if self.item.sold_by == WEIGHT else 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what was written since the count, the newest first."""
        return self.count.entries[: -ENTRIES_SHOWN_MAX - 1 : -1] if self.count else ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: an item, or one of its forms that is counted by itself."""

    dish: Dish
    form: Variant | None = None
    left_milli: int | None = None


def _limited() -> list[Row]:
    """Return what is off or counted, in the menu's order, forms below their item."""
    found = {one.availability.item: one for one in availability(services().journal)}
    rows = []
    for item in queries.menu(services().journal).items:
        for form in (None, *item.variants):
            one = found.get(f"{item.id}/{form.id}" if form else item.id)
            if one is not None:
                dish = Dish(item, not one.to_be_had, None, sold=True)
                rows.append(Row(dish, form, one.left_milli))
    return rows


def _rows(items: tuple[Item, ...] | list[Item]) -> list[Row]:
    found = {one.availability.item: one.left_milli for one in availability(services().journal)}
    return [Row(dish, None, found.get(dish.item.id)) for dish in dishes(items)]


def _shown(chosen: str, text: str) -> list[Row]:
    menu = queries.menu(services().journal)
    if text:
        return _rows(menu.search(text, FOUND_MAX))
    return _rows(menu.page(chosen)) if chosen else _limited()


@blueprint.get("/stock")
def show() -> str:
    """Show what is off or counted; or a category, to take off or count more."""
    chosen, text = request.args.get("category", "")[:40], request.args.get("text", "")[:40].strip()
    rows, begin = _shown(chosen, text), number("begin", 0)
    return render_template(
        "stock/page.html",
        menu=queries.menu(services().journal),
        chosen="" if text else chosen,
        text=text,
        rows=rows[begin : begin + FOUND_MAX],
        begin=begin,
        size=FOUND_MAX,
        more=len(rows) - begin - FOUND_MAX,
        kiosk=at_the_till(),
    )


def _kept(name: str) -> Kept:
    """Return the form of an item that the address names; its first when it has sizes."""
    journal = services().journal
    item = queries.menu(journal).item(name)
    wanted = request.args.get("form", "")
    forms_of = {form.id: form for form in item.variants}
    if not wanted and any(form.options for form in item.variants):
        wanted = item.variants[0].id
    if wanted and wanted not in forms_of:
        raise FieldRefused("form")
    key = f"{item.id}/{wanted}" if wanted else item.id
    known: Availability = journal.state(f"item:{key}")
    count: Count | None = journal.state(f"count:{known.count}") if known.count else None
    return Kept(item, forms_of.get(wanted), count, known.stopped)


@blueprint.get("/stock/<item>")
def left(item: str) -> str:
    """Ask what to write of an item: a count, what came in, what was wasted, or that it is off."""
    kept, role = _kept(item), person().role
    return render_template(
        "stock/sheet.html",
        kept=kept,
        reasons=REASONS if may(role, WasteStock) else (),
        keeper=may(role, ReceiveStock),
        wastes=may(role, WasteStock),
        names=names(),
    )


@blueprint.post("/stock/<item>")
def write(item: str) -> AnyResponse:
    """Write what the sheet asks for."""
    kept = _kept(item)
    match field("what"):
        case "off":
            carry_out(StopItem(command_id(), kept.name))
        case "back":
            carry_out(BringBackItem(command_id(), kept.name))
        case "undo":
            carry_out(UndoStock(command_id(), kept.name, field("entry")))
        case "none":
            carry_out(CountItem(command_id(), kept.name, 0))
        case what:
            _write_quantity(kept, what)
    return go(f"/stock?category={kept.item.category}")


def _write_quantity(kept: Kept, what: str) -> None:
    typed = forms.whole("pieces", _("How many"))
    milli = typed if kept.digits else typed * PIECE_MILLI
    match what:
        case "count":
            carry_out(CountItem(command_id(), kept.name, milli))
        case "recount":
            carry_out(RecountStock(command_id(), kept.name, milli))
        case "received":
            carry_out(ReceiveStock(command_id(), kept.name, milli))
        case reason if reason in REASONS:
            carry_out(WasteStock(command_id(), kept.name, milli, reason))
        case _:
            raise FieldRefused("what")
