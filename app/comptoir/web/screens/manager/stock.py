"""Variances of the stock: what counts found more or less than should be there, down to events."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from comptoir.commands.variances import (
    item_names,
    item_variances,
    variance_after,
    variances,
)
from comptoir.domain import events as ev
from comptoir.domain.availability import Count
from comptoir.domain.errors import StockRefused
from comptoir.domain.hlc import milliseconds
from comptoir.domain.menu import Names
from comptoir.domain.money import plain
from comptoir.web import csv_table, figures
from comptoir.web.access import house
from comptoir.web.labels import spoken
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import names
from comptoir.web.screens.manager.period import PERIODS, WEEK, chosen, days_of
from comptoir.web.services import services

blueprint = managers("manager_stock", __name__)
ITEMS_MAX = 60
COUNTS_MAX = 30
EVENTS_MAX = 120
WHAT = {
    ev.ItemCounted: "counted",
    ev.StockReceived: "received",
    ev.StockWasted: "wasted",
    ev.StockUndone: "undone",
    ev.StockRecounted: "recounted",
    ev.LineAdded: "sold",
    ev.LineQtySet: "sold-now",
    ev.LineVoided: "sold-back",
}


@blueprint.get("/manager/stock")
def show() -> str:
    """Show what the counts of a period found, what lost most first; beyond the limits marked."""
    period = chosen(WEEK)
    found = variances(services().journal, days_of(period))
    return render_template(
        "manager/stock.html",
        here="stock",
        period=period,
        periods=PERIODS,
        behind=figures.sales().refresh(),
        found=found,
        items=found.items[:ITEMS_MAX],
        left_out=len(found.items) - ITEMS_MAX,
        names=names(),
    )


@blueprint.get("/manager/stock.csv")
def table() -> Response:
    """Return the same as a table: a row for each count."""
    period = days_of(chosen(WEEK))
    people, currency = names(), house().currency
    head = (
        "item", "name", "business_date", "counted_by", "counted", "expected", "variance",
        "amount", "at", "beyond", "wasted", "count",
    )  # fmt: skip
    rows = (
        (
            one.item,
            _title(one.names, one.item),
            one.business_date,
            people.get(one.by, one.by),
            csv_table.milli(one.counted_milli),
            csv_table.milli(one.expected_milli) if one.before else "",
            csv_table.milli(one.variance_milli) if one.before else "",
            plain(one.amount, currency) if one.before else "",
            "cost" if one.at_cost else "price",
            "yes" if one.beyond else "no",
            csv_table.milli(one.wasted_milli),
            one.count,
        )
        for item in variances(services().journal, period).items
        for one in item.counts
    )
    return csv_table.answer(f"stock-{period.first}-{period.last}", head, rows)


def _title(names_of: Names, item: str) -> str:
    """Return what an item is called; its id once it left the menu."""
    return spoken(names_of) if names_of else item


@blueprint.get("/manager/stock/item/<path:item>")
def of_item(item: str) -> str:
    """Show an item's last counts, whatever the day."""
    found = item_variances(services().journal, item, COUNTS_MAX)
    if not found:
        raise StockRefused(f"{item!r} was never counted.")
    title = _title(found[0].names, item)
    return render_template(
        "manager/stock_item.html", here="stock", title=title, counts=found, names=names()
    )


@blueprint.get("/manager/stock/count/<name>")
def of_count(name: str) -> str:
    """Show the events that what should have been there is made of, newest first."""
    journal = services().journal
    count: Count = journal.state(f"count:{name}")
    if not count.item:
        raise StockRefused("There is no such count. Go back to the list.")
    events = journal.events(f"count:{name}")
    return render_template(
        "manager/stock_count.html",
        here="stock",
        count=count,
        title=_title(item_names(journal.state("menu:it"), count.item), count.item),
        ended=variance_after(journal, count),
        events=[_row(event) for event in events[: -EVENTS_MAX - 1 : -1]],
        left_out=len(events) - EVENTS_MAX,
        names=names(),
    )


def _row(event: ev.Event) -> dict[str, object]:
    """Return an event of a count as the page shows it."""
    body, envelope = event.body, event.envelope
    check = str(getattr(body, "check", ""))
    return {
        "what": WHAT.get(type(body), envelope.kind) if body else _("made by a newer version"),
        "qty_milli": getattr(body, "qty_milli", getattr(body, "left_milli", None)),
        "reason": getattr(body, "reason", getattr(body, "note", "")),
        "wasted": isinstance(body, ev.StockWasted),
        "link": url_for("manager_audit.history", name=check) if check else "",
        "envelope": envelope,
        "at_ms": milliseconds(envelope.hlc),
    }
