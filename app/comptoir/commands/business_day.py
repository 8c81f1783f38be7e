"""The business day: a night's trade belongs to the evening it began in."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.domain.house import Restaurant


def business_date(now_ms: int, restaurant: Restaurant) -> str:
    """Return the ISO date of the business day at ``now_ms``, cut off ``cutoff_minutes`` after 0:00.

    The cut-off is wall time, so it stays put when the clocks change.
    """
    return _date(now_ms // 60_000, restaurant.timezone, restaurant.cutoff_minutes)


@lru_cache(maxsize=8)
def _date(minute: int, timezone: str, cutoff_minutes: int) -> str:
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
    begins = local.replace(hour=0, minute=0, fold=0) + timedelta(minutes=cutoff_minutes)
    # by the watch, and by the instant: an hour that the clocks repeat brings no day back
    early = local < begins and local.timestamp() < begins.timestamp()
    return (local.date() - timedelta(days=early)).isoformat()
