"""The day: X at any time, the Z that closes it, and what the whole restaurant came to."""

from datetime import date as calendar
from datetime import timedelta

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import queries
from comptoir.commands.day import CloseDay
from comptoir.commands.permissions import TILLS
from comptoir.commands.reports import restaurant_z, terminal_x, terminal_zs
from comptoir.domain.cash import OpenDrawers
from comptoir.domain.errors import DayRefused, NotAllowed
from comptoir.domain.events.cash import OPEN_DRAWERS
from comptoir.domain.figures import Close
from comptoir.domain.house import Card
from comptoir.web.access import carry_out, command_id, field, person
from comptoir.web.screens import print_keys
from comptoir.web.screens.floor import go
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("day", __name__)
ZS_SHOWN_MAX = 40
DATE_CHARACTERS = 10


@blueprint.before_request
def _tills_only() -> None:
    if person().role not in TILLS:
        raise NotAllowed(f"A {person().role} may not see this. Ask a manager.")


def _terminal() -> str:
    return field("terminal", "") or services().identity.terminal


@blueprint.get("/day")
def show() -> str:
    """Show the X of this terminal, or of another one."""
    s, terminal = services(), _terminal()
    return render_template(
        "money/x.html",
        report=terminal_x(s.journal, terminal, s.desk.business_date()),
        which=terminal,
        here=terminal == s.identity.terminal,
        terminals=[card.terminal for card in _cards()],
        now_open=queries.open_checks(s.journal),
        drawers=_drawers(terminal),
        **print_keys.ways(),
        **who_is_who(),
    )


def _cards() -> list[Card]:
    return [one.card for one in queries.terminals(services().journal) if one.card is not None]


def _drawers(terminal: str) -> list[str]:
    found: OpenDrawers = services().journal.state(OPEN_DRAWERS)
    return [one.name for one in found.drawers if one.terminal == terminal]


@blueprint.get("/day/close")
def ask() -> str:
    """Ask before the day is closed; name what is still open."""
    s, terminal = services(), _terminal()
    return render_template(
        "money/close_sheet.html",
        which=terminal,
        report=terminal_x(s.journal, terminal, s.desk.business_date()),
        now_open=queries.open_checks(s.journal),
        drawers=_drawers(terminal),
        **who_is_who(),
    )


@blueprint.post("/day/close")
def close() -> AnyResponse:
    """Close the day and show its Z."""
    terminal = _terminal()
    carry_out(CloseDay(command_id(), "" if terminal == services().identity.terminal else terminal))
    return go(f"/day/z/{terminal}/{len(terminal_zs(services().journal, terminal))}")


@blueprint.get("/day/z")
def list_zs() -> str:
    """List the Zs of a terminal, newest first."""
    terminal = _terminal()
    closes = terminal_zs(services().journal, terminal)
    return render_template(
        "money/zs.html",
        closes=list(reversed(list(enumerate(closes, 1))))[:ZS_SHOWN_MAX],
        which=terminal,
        terminals=[card.terminal for card in _cards()],
        **who_is_who(),
    )


@blueprint.get("/day/z/<terminal>/<int:which>")
def show_z(terminal: str, which: int) -> str:
    """Show one Z, as it was made."""
    closes = terminal_zs(services().journal, terminal)
    if not 0 < which <= len(closes):
        raise DayRefused(f"{terminal} has {len(closes)} closed days. Look at their list.")
    found: Close = closes[which - 1]
    return render_template(
        "money/z.html",
        close=found,
        number=which,
        **print_keys.ways(),
        **who_is_who(),
    )


@blueprint.get("/day/restaurant")
def show_restaurant() -> str:
    """Show what the restaurant came to on a day."""
    s = services()
    date = _date(request.args.get("date", ""), s.desk.business_date())
    one = timedelta(days=1)
    return render_template(
        "money/restaurant.html",
        report=restaurant_z(s.journal, date.isoformat()),
        before=(date - one).isoformat(),
        after=(date + one).isoformat() if date.isoformat() < s.desk.business_date() else "",
        **print_keys.ways(),
        **who_is_who(),
    )


def _date(text: str, today: str) -> calendar:
    try:
        return calendar.fromisoformat(text[:DATE_CHARACTERS] or today)
    except ValueError:
        return calendar.fromisoformat(today)
