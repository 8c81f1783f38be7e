"""The manager's reports over any days: dishes, people, days and hours, losses, money, accounts."""

from flask import render_template, request

from comptoir.commands import reports
from comptoir.commands.anomalies import anomalies
from comptoir.commands.declared_tips import by_person, shifts_of
from comptoir.commands.tip_pool import tip_pool
from comptoir.domain import sales
from comptoir.domain.money import half_up
from comptoir.web import figures
from comptoir.web.access import FieldRefused, house, number
from comptoir.web.presentation import worked
from comptoir.web.screens.manager.bars import LOSS_WAYS, bars, categories
from comptoir.web.screens.manager.charts import Column, columns, trading_hours
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import names
from comptoir.web.screens.manager.period import MONTH, PERIODS, WEEK, chosen, days_of, earlier
from comptoir.web.services import services

blueprint = managers("manager_reports", __name__)
DISHES_MAX = 60  # with as many margins and all categories, a page of 1,500 DOM nodes at most
SHIFTS_SHOWN_MAX = 60
ACCOUNTS_MAX = 200


def _page(name: str, period: str, **more: object) -> str:
    return render_template(
        f"manager/{name}.html",
        here=name,
        period=period,
        days=days_of(period),
        periods=PERIODS,
        behind=figures.sales().refresh(),
        **more,
    )


def _totals(cut: str, period: str) -> tuple[sales.Sum, sales.Sum]:
    found = figures.sales()
    return found.total(cut, days_of(period)), found.total(cut, earlier(period))


@blueprint.get("/manager/mix")
def mix() -> str:
    """Show which dishes sell, the best first, and what they leave the house (E6)."""
    period, begin = chosen(), number("begin", 0)
    found, margins = bars(sales.ITEM, period), bars(sales.MARGIN, period)
    margin, cost = (
        sum(one.sum.amount for one in figures.slices(cut, days_of(period)))
        for cut in (sales.MARGIN, sales.COST)
    )
    return _page(
        "mix",
        period,
        dishes=found[begin : begin + DISHES_MAX],
        left_out=len(found) - begin - DISHES_MAX,
        begin=begin,
        rows=DISHES_MAX,
        categories=categories(period),
        margins=margins[begin : begin + DISHES_MAX],
        margin=margin,
        share=_share(margin, cost),
        shares=_shares(period),
    )


def _shares(period: str) -> dict[str, str]:
    """Return what share of its price without taxes each dish leaves the house."""
    margins, costs = (
        {one.key: one.sum.amount for one in figures.slices(cut, days_of(period))}
        for cut in (sales.MARGIN, sales.COST)
    )
    return {key: _share(margin, costs.get(key, 0)) for key, margin in margins.items()}


def _share(margin: int, cost: int) -> str:
    whole = margin + cost
    return f"{half_up(margin * 100, whole)} %" if whole > 0 else ""


@blueprint.get("/manager/people")
def people() -> str:
    """Show what each server did, the tips put together, and those declared in cash (E3, X5)."""
    s, period = services(), chosen()
    found = figures.sales()
    shifts = shifts_of(s.journal, days_of(period))
    return _page(
        "people",
        period,
        servers=found.servers(days_of(period)),
        names=names(),
        bars=bars(sales.SERVER, period),
        pool=tip_pool(s.journal, found, days_of(period), s.clock.now_ms()),
        worked=worked,
        shifts=shifts[:SHIFTS_SHOWN_MAX],
        cash_tips=by_person(shifts),
    )


@blueprint.get("/manager/hours")
def hours() -> str:
    """Show days and hours, beside those before."""
    period = chosen(WEEK)
    now, then = _totals(sales.SALES, period)
    return _page(
        "hours",
        period,
        sold=now,
        before=then,
        days_chart=_days(sales.SALES, period),
        hours_chart=_hours(period),
        types=bars(sales.ORDER_TYPE, period),
    )


def _days(cut: str, period: str) -> list[Column]:
    found = figures.sales()
    ours = found.days(cut, days_of(period))
    theirs = found.days(cut, earlier(period))
    return columns(
        list(ours), [one.amount for one in ours.values()], [one.amount for one in theirs.values()]
    )


def _hours(period: str) -> list[Column]:
    found = figures.sales()
    ours, theirs = (
        {one.key: one.sum.amount for one in found.slices(sales.HOUR, days)}
        for days in (days_of(period), earlier(period))
    )
    shown = trading_hours(ours, theirs, house().cutoff_minutes // 60)
    return columns(shown, [ours.get(h, 0) for h in shown], [theirs.get(h, 0) for h in shown])


@blueprint.get("/manager/losses")
def losses() -> str:
    """Show voids, comps, discounts and refunds: how they go, why, who, who approved, when (E5)."""
    period, kind = chosen(), request.args.get("kind", sales.VOID)
    if kind not in sales.LOSSES:
        raise FieldRefused("kind")
    cuts = {way: bars(sales.loss(kind, way), period) for way in LOSS_WAYS}
    return _page(
        "losses",
        period,
        kind=kind,
        totals={one: _totals(one, period) for one in sales.LOSSES},
        trend=_days(kind, MONTH),
        cuts=cuts,
    )


@blueprint.get("/manager/anomalies")
def cash_anomalies() -> str:
    """Show counts over or short, openings for nothing, late voids; what is beyond marked (D18)."""
    period = chosen()
    found = anomalies(services().journal, figures.sales(), days_of(period))
    return _page("anomalies", period, found=found, names=names())


@blueprint.get("/manager/money")
def money() -> str:
    """Show what was taken by tender, taxes, and what the days' closes say."""
    period = chosen()
    s = services()
    days = days_of(period)
    report = reports.restaurant_z(s.journal, days.last) if days.days == 1 else None
    return _page(
        "money",
        period,
        tenders=bars(sales.TENDER, period),
        tips=_totals(sales.TIP, period)[0],
        taxes=bars(sales.TAX, period),
        service=_totals(sales.SERVICE, period)[0],
        report=report,
        tax_names={tax.id: tax.name for tax in s.journal.state("menu:it").taxes},
    )


@blueprint.get("/manager/accounts")
def accounts() -> str:
    """Show which house accounts drive the sales (S2)."""
    found, begin = figures.sales().regulars(services().desk.business_date()), number("begin", 0)
    return render_template(
        "manager/accounts.html",
        here="accounts",
        regulars=found[begin : begin + ACCOUNTS_MAX],
        begin=begin,
        rows=ACCOUNTS_MAX,
        more=len(found) - begin - ACCOUNTS_MAX,
    )
