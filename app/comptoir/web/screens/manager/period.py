"""Which days a report is about, as the page's keys and links say it."""

from collections.abc import Mapping
from datetime import date

from flask import request
from flask_babel import lazy_gettext as _

from comptoir.commands.sales import Period, last_days
from comptoir.web.access import FieldRefused
from comptoir.web.services import services

TODAY, YESTERDAY, WEEK, MONTH, YEAR = "today", "yesterday", "week", "month", "year"
PERIODS: Mapping[str, object] = {
    TODAY: _("Today"),
    YESTERDAY: _("Yesterday"),
    WEEK: _("7 days"),
    MONTH: _("28 days"),
    YEAR: _("1 year"),
}
LENGTHS = {TODAY: 1, WEEK: 7, MONTH: 28, YEAR: 364}
WEEK_DAYS = 7


def chosen(default: str = TODAY) -> str:
    """Return the period that the page asks for: one of the keys, or a day as ISO date."""
    name = request.args.get("period", default)
    if name not in PERIODS and not _is_day(name):
        raise FieldRefused("period")
    return name


def days_of(name: str) -> Period:
    """Return the business days of a period, today's included."""
    today = services().desk.business_date()
    if name == YESTERDAY:
        return last_days(today, 1).before(1)
    return last_days(today, LENGTHS[name]) if name in LENGTHS else Period(name, name)


def earlier(name: str) -> Period:
    """Return what to compare with: as many days before, on the same days of the week."""
    period = days_of(name)
    weeks = -(-period.days // WEEK_DAYS)
    return period.before(weeks * WEEK_DAYS)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
