"""How values read on a screen: money, times, quantities, in the reader's language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.domain import money
from comptoir.domain.menu import Names, named
from comptoir.web.catalogue import Words, nearest

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


def figure(amount: int, currency: str, words: Words) -> str:
    """Return an amount without its symbol: ``12.50``, in French ``12,50``."""
    return money.plain(amount, currency).replace(".", words("money.mark"))


def price(amount: int, currency: str, words: Words) -> str:
    """Return an amount with its symbol where the language puts it."""
    symbol = SYMBOLS.get(currency, currency)
    sign = "−" if amount < 0 else ""
    shown = figure(abs(amount), currency, words)
    return sign + words("money.pattern", symbol=symbol, amount=shown)


def quantity(qty_milli: int, words: Words) -> str:
    """Return a quantity without needless zeros: 2000 is ``2``, 350 is ``0.35``."""
    whole, rest = divmod(qty_milli, 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{whole}{words('money.mark')}{decimals}" if decimals else str(whole)


def percent(rate_ppm: int, words: Words) -> str:
    """Return a rate: 55000 ppm is ``5.5 %``."""
    return quantity(rate_ppm // 10, words) + " %"


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


def spoken(names: Names, language: str) -> str:
    """Return a name in a language or its nearest relative (``zh`` for ``zh-Hans``), else any."""
    return related(names, language) or named(names, language)


def related(names: Names, language: str) -> str:
    """Return a name in a language or its nearest relative, empty when there is none."""
    return names.get(nearest(language, names), "")
