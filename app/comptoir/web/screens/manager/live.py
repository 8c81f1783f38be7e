"""The manager's first page: what is sold today, who owes, what was let go; it moves by itself."""

from dataclasses import dataclass

from flask import render_template, url_for

from comptoir.commands import queries
from comptoir.commands.sales import Period, Sales
from comptoir.domain import sales
from comptoir.domain.check import Check
from comptoir.web import figures
from comptoir.web.access import house
from comptoir.web.presentation import local_time, minutes
from comptoir.web.screens.manager.bars import bars
from comptoir.web.screens.manager.charts import Column, columns, trading_hours
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import names, tables
from comptoir.web.screens.manager.period import TODAY, days_of, earlier
from comptoir.web.services import services

blueprint = managers("manager", __name__)
SHOWN = 6
LATE_MINUTES = 90


@dataclass(frozen=True, slots=True)
class Open:
    """An open check as a line."""

    check: Check
    where: str
    server: str
    minutes: int
    late: bool


@blueprint.get("/manager")
def show() -> str:
    """Show what is going on."""
    return render_template("manager/live.html", here="live", **_now())


@blueprint.get("/manager/now")
def now() -> str:
    """Return the figures alone, for a page that is open."""
    return render_template("manager/now.html", **_now())


def _now() -> dict[str, object]:
    found, today, then = figures.sales(), days_of(TODAY), earlier(TODAY)
    sold = found.total(sales.SALES, today)
    return {
        "sold": sold,
        "average": sold.amount // sold.count if sold.count else 0,
        "by_now": _by_now(found, then),
        "whole_then": found.total(sales.SALES, then).amount,
        "hours": _hours(found, today, then),
        "dishes": bars(sales.ITEM, TODAY, SHOWN),
        "servers": bars(sales.SERVER, TODAY, SHOWN),
        "tenders": bars(sales.TENDER, TODAY, SHOWN),
        "losses": [(kind, found.total(kind, today)) for kind in sales.LOSSES],
        "open": _open(),
        "link": url_for("manager_reports.losses", period=TODAY),
    }


def _open() -> list[Open]:
    s = services()
    people, places = names(), tables()
    found = []
    for check in queries.open_checks(s.journal):
        if not check.due:
            continue
        age = minutes(check.opened_ms, s.clock.now_ms())
        where = places.get(check.table, check.table)
        server = people.get(check.server, check.server)
        found.append(Open(check, where, server, age, age >= LATE_MINUTES))
    return found


def _begin() -> int:
    return house().cutoff_minutes // 60


def _amounts(found: Sales, period: Period) -> dict[str, int]:
    return {one.key: one.sum.amount for one in found.slices(sales.HOUR, period)}


def _hours(found: Sales, today: Period, then: Period) -> list[Column]:
    ours, theirs = _amounts(found, today), _amounts(found, then)
    hours = trading_hours(ours, theirs, _begin())
    return columns(hours, [ours.get(h, 0) for h in hours], [theirs.get(h, 0) for h in hours])


def _by_now(found: Sales, then: Period) -> int:
    """Return what the same day a week ago had sold at the end of this hour."""
    clock = local_time(services().clock.now_ms(), house().timezone)
    passed = (clock.hour - _begin()) % 24
    theirs = _amounts(found, then)
    return sum(amount for hour, amount in theirs.items() if (int(hour) - _begin()) % 24 <= passed)
