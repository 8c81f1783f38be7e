"""The counter: scan or tap, take the money, next customer; a sale can wait and be called back."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import (
    AddLine,
    Bump,
    CancelPayment,
    Command,
    Fire,
    IntendPayment,
    OpenCheck,
    PrintReceipt,
    TakePayment,
    VoidLine,
    queries,
)
from comptoir.commands.scales import labelled
from comptoir.domain.check import FIRED, OPEN, SERVED, SETTLED, UNSENT, Check
from comptoir.domain.errors import AmountRefused, CheckNotFound
from comptoir.domain.menu import EACH, OPEN_PRICE, WEIGHT, Menu
from comptoir.domain.money import exponent
from comptoir.domain.tender import CARD, CASH
from comptoir.web.access import (
    ask_money,
    carry_out,
    command_id,
    field,
    house,
    number,
    person,
)
from comptoir.web.screens import current_sale
from comptoir.web.screens.current_sale import Sale
from comptoir.web.screens.display import turn_to
from comptoir.web.screens.order_pad import keys_of
from comptoir.web.screens.receipt import code_of
from comptoir.web.screens.rows import QUANTITIES, UNDONE, row_of, rows, set_row
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services
from comptoir.web.tender import next_notes

blueprint = workplace("counter", __name__)
HANDED_OVER = "counter"  # dishes of this station are in the customer's hand, not in a kitchen
NOTES_OFFERED = 3
FOUND_MAX = 40
PARKED_MAX = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the sale before ended; amounts in minor units."""

    check: Check
    change: int


def _menu() -> Menu:
    return queries.menu(services().journal)


def outcome(sale: Sale) -> Outcome | None:
    """Return how the last sale ended, until somebody has seen it or the next one begins."""
    if sale.told or not sale.last or sale.check.live_lines:
        return None
    check = current_sale.found(sale.last)
    if check.state == OPEN:
        return None
    return Outcome(check, check.takings[-1].change if check.takings else 0)


def _state(sale: Sale) -> dict[str, object]:
    check, currency = sale.check, house().currency
    digits = exponent(currency)
    return {
        "sale": sale,
        "check": check,
        "rows": rows(check),
        "newest": next((line.id for line in reversed(check.unsent)), ""),
        "outcome": outcome(sale),
        "notes": next_notes(check.cash_due, currency, digits, NOTES_OFFERED),
        "parked": len(parked(sale)),
        "panel_version": _version(sale),
    }


def _version(sale: Sale) -> str:
    shown = (sale, sale.check, person().language)
    return f"{zlib.crc32(repr(shown).encode()):x}"


def parked(sale: Sale) -> list[Check]:
    """Return the sales that wait, at this counter or another, newest first."""
    checks = queries.open_checks(services().journal)
    waiting = [one for one in checks if not one.table and one.live_lines and one.state == OPEN]
    return [one for one in reversed(waiting) if one.id != sale.id][:PARKED_MAX]


@blueprint.get("/counter")
def show() -> AnyResponse:
    """Show the sale at hand, or an empty one."""
    menu, sale = _menu(), current_sale.current()
    chosen = request.args.get("category") or (menu.categories[0].id if menu.categories else "")
    keys = keys_of(menu, menu.page(chosen))
    page = render_template("counter/page.html", menu=menu, chosen=chosen, **keys, **_state(sale))
    turn_to(sale.id)
    return sale.keep(make_response(page))


@blueprint.get("/counter/panel")
def show_panel() -> AnyResponse:
    """Return the sale's panel; nothing when the page has it already."""
    sale = current_sale.current()
    if request.args.get("have") == _version(sale):
        return make_response("", 204)
    return _panel(sale)


def _panel(sale: Sale, *triggers: str) -> AnyResponse:
    response = make_response(render_template("counter/panel.html", swapped=True, **_state(sale)))
    if triggers:
        response.headers["HX-Trigger"] = ", ".join(triggers)
    turn_to(sale.last if outcome(sale) else sale.id)
    return sale.keep(response)


@blueprint.get("/counter/categories/<category>")
def show_category(category: str) -> str:
    """Return a category's keys."""
    menu = _menu()
    return render_template("counter/keys.html", **keys_of(menu, menu.page(category)))


@blueprint.get("/counter/search")
def search() -> str:
    """Return the keys of what was searched for."""
    text = request.args.get("text", "")[:40]
    found = queries.search(services().journal, text, FOUND_MAX)
    return render_template("counter/keys.html", searched=text, **keys_of(_menu(), found))


@blueprint.get("/counter/search-sheet")
def search_sheet() -> str:
    """Return the search with its keyboard."""
    return render_template("counter/search.html")


@blueprint.get("/counter/items/<item>")
def ask(item: str) -> str:
    """Ask for what an item needs: its weight, its price, its choices."""
    menu = _menu()
    found = menu.item(item)
    return render_template(
        "counter/item.html",
        item=found,
        weighed=found.sold_by == WEIGHT,
        open_price=found.sold_by == OPEN_PRICE,
        digits=exponent(house().currency),
        groups=sorted(menu.groups_of(found), key=lambda group: not group.min),
        sizes=any(variant.options for variant in found.variants),
    )


@blueprint.post("/counter/items/<item>")
def add(item: str) -> AnyResponse:
    """Add an item; so many, so many grams, or at the price that was typed."""
    found, sale = _menu().item(item), current_sale.current()
    command = command_id()
    chosen = (values for name, values in request.form.lists() if name.startswith("modifier"))
    qty_milli = number("typed") if found.sold_by == WEIGHT else number("qty", 1) * 1000
    line = AddLine(
        command,
        sale.id,
        command,
        found.id,
        qty_milli,
        tuple(value for values in chosen for value in values),
        variant=field("variant", ""),
        price=number("typed") if found.sold_by == OPEN_PRICE else None,
    )
    return _added(sale, line)


@blueprint.post("/counter/scan")
def scan() -> AnyResponse:
    """Add what a barcode scanner read."""
    code = request.form.get("code", "")[:64].strip()
    command, sale = command_id(), current_sale.current()
    line = AddLine(command, sale.id, command, "")
    if weighed := labelled(services().journal, _menu(), code, line):
        return _added(sale, weighed)
    item, variant = _menu().scanned(code)
    if item.sold_by != EACH:
        raise AmountRefused("This one is weighed or has an open price. Tap it, then type.")
    return _added(sale, replace(line, item=item.id, variant=variant))


def _added(sale: Sale, line: AddLine) -> AnyResponse:
    first: list[Command] = []
    if not sale.check.number:
        first.append(OpenCheck(f"{sale.id}-0", sale.id, sale.order_type))
    carry_out(*first, line)
    return _panel(replace(sale, told=True), "sheet-close")


@blueprint.post("/counter/way")
def go_way() -> AnyResponse:
    """Say that the next sale is eaten here, or taken along."""
    sale, way = current_sale.current(), field("way")
    known = way in current_sale.ORDER_TYPE and not sale.check.number
    return _panel(replace(sale, way=way) if known else sale)


@blueprint.get("/counter/lines/<line>")
def show_line(line: str) -> AnyResponse:
    """Show what can be done about a row."""
    sale = current_sale.current()
    row = row_of(sale.check, line)
    if row is None:
        return _panel(sale, "sheet-close")
    return make_response(render_template("counter/line.html", row=row, quantities=QUANTITIES))


@blueprint.post("/counter/lines/<line>/quantity")
def change(line: str) -> AnyResponse:
    """Set a row's quantity; none of it takes it off."""
    sale, command = current_sale.current(), command_id()
    row = row_of(sale.check, line)
    if row is not None and row.unsent:
        milli = number("typed") if row.line.sold_by == WEIGHT else number("qty") * 1000
        carry_out(*list(set_row(sale.id, row, milli, command)))
    return _panel(sale, "sheet-close")


@blueprint.post("/counter/undo")
def undo() -> AnyResponse:
    """Take back the line that was added last."""
    sale, line = current_sale.current(), field("line")
    still = [one for one in sale.check.unsent if one.id == line]
    carry_out(*(VoidLine(command_id(), sale.id, one.id, UNDONE) for one in still))
    return _panel(sale)


@blueprint.post("/counter/pay")
def pay() -> AnyResponse:
    """Take cash for all of it, and be ready for the next customer."""
    sale, command, tendered = current_sale.current(), command_id(), number("tendered")
    check, payment = _to_pay(field("sale")), field("payment")
    if check.state == SETTLED:  # sent again: the first one arrived
        return _panel(sale)
    ask_money(IntendPayment(f"{command}-0", check.id, payment, CASH, check.due))
    carry_out(TakePayment(f"{command}-1", check.id, payment, tendered))
    return _handed_over(check.id, command)


def _to_pay(name: str) -> Check:
    check = current_sale.found(name)
    if not check.number:
        raise CheckNotFound(name)
    return check


def _handed_over(name: str, command: str) -> AnyResponse:
    """Send what others make to them; what stood on the counter is with the customer."""
    check = current_sale.found(name)
    if check.unsent:
        carry_out(Fire(f"{command}-2", name))
    fired = [line for line in current_sale.found(name).live_lines if line.status == FIRED]
    given = tuple(line.id for line in fired if line.station == HANDED_OVER)
    if given:
        carry_out(Bump(f"{command}-3", name, given, SERVED))
    return _panel(current_sale.current(), "sheet-close")


@blueprint.post("/counter/card")
def begin_card() -> AnyResponse:
    """Write down that a card is about to be charged, and ask for the slip's number."""
    sale, payment = current_sale.current(), field("payment")
    check = sale.check
    ask_money(IntendPayment(command_id(), sale.id, payment, CARD, check.due))
    return make_response(render_template("counter/card.html", check=check, payment=payment))


@blueprint.post("/counter/card/<payment>/taken")
def take_card(payment: str) -> AnyResponse:
    """Write down that the card was charged."""
    sale, command = current_sale.current(), command_id()
    check = _to_pay(field("sale"))
    if check.state == SETTLED:
        return _panel(sale, "sheet-close")
    reference = request.form.get("reference", "")
    carry_out(TakePayment(f"{command}-1", check.id, payment, check.due, reference=reference))
    return _handed_over(check.id, command)


@blueprint.post("/counter/card/<payment>/not-taken")
def drop_card(payment: str) -> AnyResponse:
    """Write down that the card was not charged."""
    carry_out(CancelPayment(command_id(), field("sale"), payment, "not charged"))
    return _panel(current_sale.current(), "sheet-close")


@blueprint.post("/counter/next")
def next_customer() -> AnyResponse:
    """Clear the change off the screen."""
    return _panel(replace(current_sale.current(), told=True))


@blueprint.get("/counter/parked")
def show_parked() -> str:
    """Show the sales that wait."""
    sale = current_sale.current()
    return render_template("counter/parked.html", sale=sale, parked=parked(sale))


@blueprint.post("/counter/park")
def park() -> AnyResponse:
    """Let this sale wait and begin another."""
    sale = current_sale.current()
    waits = bool(sale.check.live_lines)
    return _panel(current_sale.fresh(sale.last) if waits else sale, "sheet-close")


@blueprint.post("/counter/recall")
def recall() -> AnyResponse:
    """Go on with a sale that waited; the one at hand waits instead."""
    sale, wanted = current_sale.current(), field("check")
    known = [one for one in parked(sale) if one.id == wanted]
    return _panel(Sale(wanted, last=sale.last) if known else sale, "sheet-close")


@blueprint.post("/counter/drop")
def drop() -> AnyResponse:
    """Throw this sale away, line by line."""
    sale, command = current_sale.current(), command_id()
    lines = [line for line in sale.check.live_lines if line.status == UNSENT]
    carry_out(*_voids(sale, command, [line.id for line in lines]))
    return _panel(sale, "sheet-close")


def _voids(sale: Sale, command: str, lines: Sequence[str]) -> list[Command]:
    return [VoidLine(f"{command}-{i}", sale.id, line, UNDONE) for i, line in enumerate(lines)]


@blueprint.get("/counter/receipt")
def last_receipt() -> str:
    """Show the receipt of the last sale again."""
    check = current_sale.found(current_sale.current().last)
    return render_template(
        "counter/receipt.html", check=check, rows=rows(check), drawn=code_of(check)
    )


@blueprint.post("/counter/receipt")
def print_last() -> AnyResponse:
    """Print the receipt of the last sale once more."""
    sale = current_sale.current()
    carry_out(PrintReceipt(command_id(), sale.last))
    return _panel(sale, "sheet-close")
