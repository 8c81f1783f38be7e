"""Offline, for a manager: the switch, and on one page what was sent, what waits, what to decide."""

from dataclasses import dataclass

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import reports
from comptoir.commands.offline import (
    SetOffline,
    SetOfflineLimits,
    offline,
    taken_lately,
)
from comptoir.domain import hlc
from comptoir.domain.offline import Offline
from comptoir.journal import reading
from comptoir.web.access import carry_out, command_id
from comptoir.web.own_screen import at_the_till
from comptoir.web.safety import Standing, key
from comptoir.web.screens import away, questions
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.services import services

blueprint = managers("offline", __name__)
SEEN_S = 14 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Sent:
    """What a terminal wrote since the internet went: events, and how many the cloud has."""

    terminal: str
    written: int
    sent: int

    @property
    def waits(self) -> int:
        """Return how many the cloud has not got."""
        return self.written - self.sent


@dataclass(frozen=True, slots=True)
class Time:
    """The time that is reconciled: since when, until when (empty while it lasts)."""

    since: str
    until: str
    sent: tuple[Sent, ...]


@blueprint.get("/manager/offline")
def show() -> AnyResponse:
    """Show the switch and the reconciliation; who has come here has seen the return."""
    limits = offline(services().journal)
    page = render_template(
        "offline/page.html",
        here="offline",
        each=forms.plain(limits.each_max),
        total=forms.plain(limits.total_max),
        kiosk=at_the_till(),
        saved="saved" in request.args,
        **_found(),
    )
    response = make_response(page)
    seen = str(limits.back_ms)
    response.set_cookie(away.SEEN, seen, max_age=SEEN_S, httponly=True, samesite="Strict")
    return response


@blueprint.get("/manager/offline/found")
def found() -> str:
    """Return what moves by itself, for a page that is open."""
    return render_template("offline/found.html", **_found())


@blueprint.post("/manager/offline/switch")
def switch() -> AnyResponse:
    """Keep the house off the internet, or let it back."""
    carry_out(SetOffline(command_id(), forms.text("offline") == "yes"))
    return go("/manager/offline")


@blueprint.post("/manager/offline/limits")
def limits() -> AnyResponse:
    """Say up to what card and account are taken meanwhile."""
    each = forms.amount("each", _("One payment"))
    carry_out(SetOfflineLimits(command_id(), each, forms.amount("total", _("All of one terminal"))))
    return go("/manager/offline?saved=1")


def _found() -> dict[str, object]:
    s = services()
    state = offline(s.journal)
    standing = s.safety.standing(s.journal.vector())
    taken = taken_lately(s.journal, s.clock.now_ms())
    today = reports.restaurant_z(s.journal, s.desk.business_date())
    return {
        "state": state,
        "standing": standing,
        "time": _time(state, standing),
        "taken": taken,
        "at_risk": sum(one.payment.with_tip for one in taken),
        "moment_of": lambda at_ms: away.clock(s, at_ms),
        "late": today,
        "aside": len(s.journal.quarantined()),
        "asked": questions.questions(),
        **questions.who_is_who(),
    }


def _time(state: Offline, standing: Standing) -> Time | None:
    """Return the time without the internet that is, or that was last; None when none ever was."""
    s = services()
    lasts = state.on or bool(standing.away_since_ms)
    if lasts:
        since_ms = state.since_ms if state.on else standing.away_since_ms
    elif state.back_ms:
        since_ms = state.began_ms
    else:
        return None
    until = "" if lasts else away.clock(s, state.back_ms)
    return Time(away.clock(s, since_ms), until, tuple(_sent(since_ms)))


def _sent(since_ms: int) -> list[Sent]:
    """Return by terminal what was written since then, and how much of it the cloud has."""
    s = services()
    report = s.safety.report
    marks = report.cloud if report else {}
    written: dict[str, list[int]] = {}
    for log, head in s.journal.vector().items():
        first = reading.first_since(s.journal, log, hlc.reading(since_ms))
        sums = written.setdefault(log[0], [0, 0])
        sums[0] += head.seq + 1 - first
        sums[1] += max(0, min(marks.get(key(log), 0), head.seq) + 1 - first)
    return [Sent(name, *sums) for name, sums in sorted(written.items()) if sums[0]]
