"""Restaurants side by side, and what is going on in one of them."""

from dataclasses import dataclass

from flask import g, render_template

from comptoir.commands import queries
from comptoir.commands.overview import Overview, unpaid
from comptoir.commands.sales import Period, Sales
from comptoir.domain import sales
from comptoir.domain.check import Check
from comptoir.journal import Journal
from comptoir.web.head_office import conditions, door
from comptoir.web.head_office.services import services
from comptoir.web.labels import spoken
from comptoir.web.presentation import local_time, minutes
from comptoir.web.screens.manager.charts import Bar, Column, columns, lengths, trading_hours

blueprint = door.room("office_sites", __name__)
SITES_MAX = 200
CHECKS_MAX, DISHES_MAX = 50, 20
WEEK_DAYS = 7
LATE_MINUTES = 90


@dataclass(frozen=True, slots=True)
class Total:
    """What all restaurants of one currency have sold today and still have open."""

    currency: str
    sold: int
    guests: int
    open_due: int


@dataclass(frozen=True, slots=True)
class Open:
    """An open check as a line."""

    check: Check
    where: str
    minutes: int
    late: bool


@blueprint.get("/")
def show() -> str:
    """Show every restaurant of who is signed in."""
    door.saw()
    return render_template("head_office/sites.html", **_sites())


@blueprint.get("/now")
def now() -> str:
    """Return the figures alone, for a page that is open."""
    return render_template("head_office/sites_now.html", **_sites())


@blueprint.get("/r/<restaurant>")
def show_one(restaurant: str) -> str:
    """Show one restaurant."""
    site = door.site(restaurant)
    door.saw(restaurant)
    return render_template("head_office/site.html", **_site(site))


@blueprint.get("/r/<restaurant>/now")
def now_one(restaurant: str) -> str:
    """Return its figures alone, for a page that is open."""
    return render_template("head_office/site_now.html", **_site(door.site(restaurant)))


def _sites() -> dict[str, object]:
    found = door.sites()
    return {"sites": found[:SITES_MAX], "more": len(found[SITES_MAX:]), "totals": totals(found)}


def totals(found: list[Overview]) -> list[Total]:
    """Return the sums per currency: money of two kinds is never added."""
    sums: dict[str, Total] = {}
    for site in found:
        currency = site.house.currency
        before = sums.get(currency, Total(currency, 0, 0, 0))
        sums[currency] = Total(
            currency,
            before.sold + site.sold.amount,
            before.guests + site.sold.qty_milli // 1000,
            before.open_due + site.open_due,
        )
    return sorted(sums.values(), key=lambda one: (-one.sold, one.currency))


def _site(site: Overview) -> dict[str, object]:
    g.house = site.house
    with services().chain.journal(site.id) as journal:
        found = Sales(journal)
        try:
            more = {"open": _open(journal), "conditions": conditions.rows(site, journal)}
            return {"site": site, **_figures(site, found), **more}
        finally:
            found.close()


def _figures(site: Overview, found: Sales) -> dict[str, object]:
    today = Period(site.day, site.day)
    then = today.before(WEEK_DAYS)
    dishes = found.slices(sales.ITEM, today)
    amounts = lengths([one.sum.amount for one in dishes])
    shown = [
        Bar(one.key, spoken(one.names), one.sum.amount, length, one.sum.count,
            one.sum.qty_milli)
        for one, length in zip(dishes, amounts, strict=True)
    ]  # fmt: skip
    return {
        "hours": _hours(found, today, then, site.house.cutoff_minutes // 60),
        "whole_then": found.total(sales.SALES, then).amount,
        "dishes": shown[:DISHES_MAX],
        "more_dishes": len(shown[DISHES_MAX:]),
        "average": site.sold.amount // site.sold.count if site.sold.count else 0,
    }


def _hours(found: Sales, today: Period, then: Period, begin: int) -> list[Column]:
    ours, theirs = (
        {one.key: one.sum.amount for one in found.slices(sales.HOUR, period)}
        for period in (today, then)
    )
    hours = trading_hours(ours, theirs, begin)
    return columns(hours, [ours.get(h, 0) for h in hours], [theirs.get(h, 0) for h in hours])


def _open(journal: Journal) -> list[Open]:
    """Return the checks that are open longest."""
    now_ms = services().clock.now_ms()
    tables = {one.table.id: f"{one.area.name} {one.table.label}" for one in queries.floor(journal)}
    found = []
    for check in unpaid(journal)[:CHECKS_MAX]:
        age = minutes(check.opened_ms, now_ms)
        where = tables.get(check.table, check.table)
        found.append(Open(check, where, age, age >= LATE_MINUTES))
    return found


def hour_of(at_ms: int, timezone: str) -> str:
    """Return when that was, with the day when it was not today."""
    at = local_time(at_ms, timezone)
    today = local_time(services().clock.now_ms(), timezone)
    return f"{at:%H:%M}" if at.date() == today.date() else f"{at:%Y-%m-%d %H:%M}"
