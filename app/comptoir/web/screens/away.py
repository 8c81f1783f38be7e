"""The line on every page while the house is offline, and to managers when it is back."""

from dataclasses import dataclass

from flask import g, request

from comptoir.commands.offline import offline
from comptoir.domain.house import MANAGER, Staff
from comptoir.web.presentation import local_time
from comptoir.web.services import Services

HELD, LOST, BACK = "held", "lost", "back"
SEEN = "comptoir_back"
MS_DIGITS_MAX = 15
DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Banner:
    """What the line says: who or what keeps the house offline, and since when."""

    state: str
    since: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: only managers hear of a return, until they have looked at it."""

    manager: bool = False
    seen_ms: int = 0


def reader() -> Reader:
    """Return who reads the page of this request."""
    staff: Staff | None = g.get("staff")
    seen = request.cookies.get(SEEN, "")
    known = seen.isascii() and seen.isdigit() and len(seen) <= MS_DIGITS_MAX
    return Reader(staff is not None and staff.role == MANAGER, int(seen) if known else 0)


def now(s: Services, who: Reader) -> Banner | None:
    """Return the line, None when there is nothing to say."""
    state, away_ms = offline(s.journal), s.safety.away_since_ms
    if state.on:
        by: Staff = s.journal.state(f"staff:{state.by}")
        return Banner(HELD, clock(s, state.since_ms), by.name or state.by)
    if away_ms:
        return Banner(LOST, clock(s, away_ms))
    unseen_ms = max(who.seen_ms, s.clock.now_ms() - DAY_MS)
    if who.manager and state.back_ms > unseen_ms:
        return Banner(BACK, clock(s, state.back_ms))
    return None


def clock(s: Services, at_ms: int) -> str:
    """Return the hour in the restaurant, and the day when it is not today."""
    zone = s.journal.state("restaurant:it").timezone
    at, today = local_time(at_ms, zone), local_time(s.clock.now_ms(), zone)
    return f"{at:%H:%M}" if at.date() == today.date() else f"{at:%d/%m %H:%M}"
