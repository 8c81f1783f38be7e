"""A cut of the figures as a list of bars, each one a way in to the checks behind it."""

from flask import url_for

from comptoir.domain import sales
from comptoir.domain.menu import Names
from comptoir.web import figures
from comptoir.web.access import house
from comptoir.web.languages import current, tag
from comptoir.web.presentation import related, spoken
from comptoir.web.screens.manager.charts import Bar, lengths
from comptoir.web.screens.manager.people import label, names
from comptoir.web.screens.manager.period import days_of


def bars(cut: str, period: str, limit: int | None = None) -> list[Bar]:
    """Return the slices of a cut over a period, with bars by amount."""
    found = figures.slices(cut, days_of(period))[:limit]
    people = names()
    return [
        Bar(
            one.key,
            label(cut, one, people),
            one.sum.amount,
            length,
            one.sum.count,
            one.sum.qty_milli,
            url_for("manager_audit.checks", cut=cut, key=one.key, period=period),
            _second(one.names),
        )
        for one, length in zip(found, lengths([one.sum.amount for one in found]), strict=True)
    ]


def categories(period: str) -> list[Bar]:
    """Return what each category sold."""
    dishes = figures.slices(sales.ITEM, days_of(period))
    found = figures.sales().categories(dishes)
    amounts = lengths([one.sum.amount for one in found])
    language = tag(current())
    return [
        Bar(
            one.key,
            spoken(one.names, language) if one.names else "",
            one.sum.amount,
            length,
            one.sum.count,
            one.sum.qty_milli,
            second=_second(one.names),
        )
        for one, length in zip(found, amounts, strict=True)
    ]


def _second(all_names: Names) -> str:
    """Return the name in the house's other language, empty when it says the same."""
    first = spoken(all_names, tag(current())) if all_names else ""
    others = (related(all_names, language) for language in house().languages)
    return next((other for other in others if other and other != first), "")


LOSS_WAYS = ("", sales.BY, sales.APPROVED, sales.AT)
