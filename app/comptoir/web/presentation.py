"""How values read on a screen: money, times, quantities, in the reader's language."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.numbers import format_decimal, get_decimal_symbol

from comptoir.domain import money
from comptoir.domain.menu import Names, named
from comptoir.web.languages import nearest

NBSP = "\N{NO-BREAK SPACE}"
NUMBER = re.compile(r"[#0][#0,.]*")
POINTED = Locale("en")
FRACTIONS = {
    200: "⅕", 250: "¼", 333: "⅓", 334: "⅓", 500: "½", 666: "⅔", 667: "⅔", 750: "¾", 1500: "1½",
}  # fmt: skip
SYMBOLS = {
    "AUD": "$",
    "CAD": "$",
    "CNY": "¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "$",
    "JPY": "¥",
    "MXN": "$",
    "USD": "$",
}


def numbers(locale: Locale, currency: str) -> Locale:
    """Return whose way of writing numbers a reader expects in a house of this currency."""
    pointed = money.decimal_mark(locale.language, currency) == "."
    return POINTED if pointed and locale.language in money.COMMA else locale


def figure(amount: int, currency: str, locale: Locale) -> str:
    """Return an amount without its symbol: ``12.50``, in French ``12,50``."""
    digits = money.exponent(currency)
    value = Decimal(amount).scaleb(-digits)
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return format_decimal(value, pattern, numbers(locale, currency))


def price(amount: int, currency: str, locale: Locale) -> str:
    """Return an amount with its symbol where the language puts it, by the CLDR."""
    locale = numbers(locale, currency)
    shown = locale.currency_formats["standard"].pattern.split(";")[0].replace(NBSP, " ")
    sign = "−" if amount < 0 else ""
    number = figure(abs(amount), currency, locale)
    return sign + NUMBER.sub(number, shown).replace("¤", SYMBOLS.get(currency, currency))


def quantity(qty_milli: int, locale: Locale) -> str:
    """Return a quantity without needless zeros: 2000 is ``2``, 350 is ``0.35``."""
    return format_decimal(Decimal(qty_milli).scaleb(-3), "0.###", locale)


def portion(qty_milli: int, locale: Locale) -> str:
    """Return what a guest has of a dish: a third of one is ``⅓``."""
    return FRACTIONS.get(qty_milli) or quantity(qty_milli, locale)


def percent(rate_ppm: int, locale: Locale) -> str:
    """Return a rate: 55000 ppm is ``5.5 %``."""
    return format_decimal(Decimal(rate_ppm).scaleb(-4), "0.####", locale) + " %"


def decimal_mark(locale: Locale) -> str:
    """Return what stands between the whole and its decimals."""
    return get_decimal_symbol(locale)


def local_time(now_ms: int, timezone: str) -> datetime:
    """Return wall time in the restaurant's zone, UTC when the zone is unknown here."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.fromtimestamp(now_ms // 1000, UTC).astimezone(zone)


def minutes(since_ms: int, now_ms: int) -> int:
    """Return whole minutes gone by, never negative."""
    return max(0, now_ms - since_ms) // 60_000


def worked(worked_ms: int) -> str:
    """Return a time of work in hours and minutes: ``7:05``."""
    hours, minute = divmod(worked_ms // 60_000, 60)
    return f"{hours}:{minute:02d}"


def spoken(names: Names, language: str) -> str:
    """Return a name in a language or its nearest relative (``zh`` for ``zh-Hans``), else any."""
    return related(names, language) or named(names, language)


def related(names: Names, language: str) -> str:
    """Return a name in a language or its nearest relative, empty when there is none."""
    return names.get(nearest(language, names), "")
