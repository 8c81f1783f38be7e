"""The one question about the time, while nothing confirms this terminal's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.clock_setting import SetClock
from comptoir.domain.errors import ClockRefused
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.presentation import local_time
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import Services, services

blueprint = workplace("hour", __name__)


def now(s: Services) -> datetime | None:
    """Return what the terminal takes for the time, None when it knows it."""
    if s.desk.time_known():
        return None
    return local_time(s.clock.now_ms(), s.journal.state("restaurant:it").timezone)


@blueprint.get("/hour")
def ask() -> str:
    """Ask for date and hour."""
    s = services()
    zone = s.journal.state("restaurant:it").timezone
    return render_template("hour/sheet.html", about=local_time(s.clock.now_ms(), zone))


@blueprint.post("/hour")
def answer() -> AnyResponse:
    """Take the answer."""
    s = services()
    carry_out(SetClock.now(command_id(), _typed(s), s.machine))
    return AnyResponse(status=204, headers={"HX-Refresh": "true"})


def _typed(s: Services) -> int:
    """Return what was typed, in the restaurant's zone, as milliseconds since 1970."""
    zone = s.journal.state("restaurant:it").timezone
    try:
        at = datetime.fromisoformat(f"{field('day', '')}T{field('hour', '')}")
        return int(at.replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    except (ValueError, KeyError, OverflowError) as error:
        raise ClockRefused from error
