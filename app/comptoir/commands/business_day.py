"""The business day: a night's trade belongs to the evening it began in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.domain.house import Restaurant


def business_date(now_ms: int, restaurant: Restaurant) -> str:
    """Return the ISO date of the business day at ``now_ms``, cut off ``cutoff_minutes`` after 0:00.

    The cut-off is wall time, so it stays put when the clocks change.
    """
    try:
        zone = ZoneInfo(restaurant.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = datetime.fromtimestamp(now_ms // 1000, UTC).astimezone(zone)
    early = local.hour * 60 + local.minute < restaurant.cutoff_minutes
    return (local.date() - timedelta(days=early)).isoformat()
