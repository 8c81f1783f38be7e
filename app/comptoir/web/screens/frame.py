"""What every page shares: filters, the page's own words, the strip's data."""

from functools import partial
from typing import Any

from babel import Locale
from flask import Flask, g

from comptoir.domain.menu import Names
from comptoir.domain.tax import TaxTotal
from comptoir.web import access, languages, presentation
from comptoir.web.labels import called, spoken
from comptoir.web.screens import away, hour, strip
from comptoir.web.screens.station_names import station_name
from comptoir.web.services import services


def setup(app: Flask, version: str) -> None:
    """Register filters and the values that templates may use."""
    app.jinja_env.filters.update(
        price=_price, figure=_figure, quantity=_quantity, portion=_portion, tax_name=_tax_name
    )
    app.jinja_env.filters.update(percent=_percent, moment=_moment)
    app.jinja_env.filters.update(name=spoken, second_name=_second_name, called=called)
    app.jinja_env.filters.update(station_name=station_name)
    app.jinja_env.globals.update(fresh_id=access.fresh_id, version=version)
    app.context_processor(_shared)


def _currency() -> str:
    return access.house().currency


def _numbers() -> Locale:
    return presentation.numbers(languages.current(), _currency())


def _price(amount: int) -> str:
    return presentation.price(amount, _currency(), languages.current())


def _figure(amount: int) -> str:
    return presentation.figure(amount, _currency(), languages.current())


def _quantity(qty_milli: int) -> str:
    return presentation.quantity(qty_milli, _numbers())


def _percent(rate_ppm: int) -> str:
    return presentation.percent(rate_ppm, _numbers())


def _moment(at_ms: int) -> str:
    """Return the hour in the restaurant."""
    at = presentation.local_time(at_ms, access.house().timezone)
    return f"{at:%H:%M}"


def _portion(qty_milli: int) -> str:
    return presentation.portion(qty_milli, _numbers())


def _tax_name(tax: TaxTotal) -> str:
    """Return a tax's name with its rate, which many houses write into the name already."""
    rate = presentation.percent(tax.rate_ppm, _numbers())
    return tax.name if "%" in tax.name else f"{tax.name} {rate}"


def _second_name(names: Names) -> str:
    """Return the name in the house's other language, empty when it says the same."""
    first = spoken(names)
    for language in access.house().languages:
        other = presentation.related(names, language)
        if other and other != first:
            return other
    return ""


def _shared() -> dict[str, Any]:
    s = services()
    return {
        "language": languages.tag(languages.current()),
        "decimal_mark": presentation.decimal_mark(_numbers()),
        "staff": g.get("staff"),
        "house": access.house(),
        "training": g.get("playground") is not None,
        "terminal": s.identity.place,
        "position": s.journal.position(),
        "now_ms": s.clock.now_ms(),
        "csrf": access.csrf_token(),
        "strip_now": partial(strip.now, s, access.last_level()),
        "away_now": partial(away.now, s, away.reader()),
        "hour_now": partial(hour.now, s),
    }
