"""Live pages: one event stream per open page (SSE), fed by the journal's positions.

An event's id is a journal position: a browser that reconnects sends the last one, and is told what
it missed. A stream holds a thread of the server, so that their number is capped.
"""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from flask_babel import force_locale

from comptoir.domain.errors import DomainError
from comptoir.web.access import recall, require_staff
from comptoir.web.languages import current
from comptoir.web.screens import away, hour, strip
from comptoir.web.services import Services, services

blueprint = Blueprint("live", __name__)
blueprint.before_request(recall)
STREAMS = "comptoir.streams"
KEEP_ALIVE_S = 15.0
LOOK_S = 1.0
BATCH = 500
DRAWN = {
    "strip": "strip.html",
    "away": "offline/banner.html",
    "hour": "hour/banner.html",
}
STILL_HERE = ": still here\n\n"


class TooManyStreams(DomainError):
    """As many pages are live as the server can feed."""

    code = "too-many-streams"
    status = 503

    def __init__(self) -> None:
        super().__init__("Too many pages are open on this till. Close one, it reconnects alone.")


class Streams:
    """Counts open streams, up to a cap."""

    def __init__(self, cap: int) -> None:
        self._free = threading.BoundedSemaphore(cap)

    def open(self) -> None:
        """Take one; raises TooManyStreams beyond the cap."""
        if not self._free.acquire(blocking=False):
            raise TooManyStreams

    def close(self) -> None:
        """Give one back."""
        self._free.release()


def respond(messages: Iterator[str]) -> Response:
    """Answer with a stream, within the cap."""
    streams: Streams = current_app.extensions[STREAMS]
    streams.open()
    response = Response(messages, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(streams.close)
    return response


def starting_position(s: Services) -> int:
    """Return where to go on: after the last event the browser saw, else after what it asks."""
    for given in (request.headers.get("Last-Event-ID"), request.args.get("after")):
        if given is not None and given.isascii() and given.isdigit():
            return int(given[:18])
    return s.journal.position()


def message(event: str, data: str, position: int | None = None) -> str:
    """Return one SSE message."""
    mark = "" if position is None else f"id: {position}\n"
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"{mark}event: {event}\n{lines}\n"


@blueprint.get("/live")
def live() -> Response:
    """Stream what concerns a page: ``check`` names the one it shows."""
    require_staff()
    s = services()
    page = Page(request.args.get("check", ""), _drawing(s), left())
    return respond(_news(s, starting_position(s), page))


def _drawing(s: Services) -> Callable[[str], str]:
    """Return what draws a template for hours in this page's language, and asks no request."""
    templates, context, language = current_app.jinja_env, current_app.app_context, current()
    now = {
        "strip_now": functools.partial(strip.now, s),
        "away_now": functools.partial(away.now, s, away.reader()),
        "hour_now": functools.partial(hour.now, s),
    }

    def draw(template: str) -> str:
        with context(), force_locale(language):
            return templates.get_template(template).render(now).strip()

    return draw


@dataclass(frozen=True, slots=True)
class Page:
    """A live page: the check it shows, what draws its parts, and whether it is gone."""

    check: str
    draw: Callable[[str], str]
    gone: Callable[[], bool]


def _news(s: Services, position: int, page: Page) -> Iterator[str]:
    shown: dict[str, str] = {}
    yield "retry: 1000\n\n"
    while not s.changes.closed:
        count = s.changes.count
        changes = s.journal.changes(position, BATCH)
        position = changes[-1].position if changes else position
        touched = {name for change in changes for name in change.aggregates}
        for topic in _topics(touched, page.check):
            yield message(topic, str(position), position)
        for part, template in DRAWN.items():
            if (now := page.draw(template)) != shown.get(part):
                shown[part] = now
                yield message(part, now)
        if len(changes) < BATCH and quiet(s, count, page.gone):
            yield STILL_HERE


def left() -> Callable[[], bool]:
    """Return what tells whether the page of this request is gone: its thread is wanted back."""
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    return gone


def quiet(s: Services, count: int, gone: Callable[[], bool]) -> bool:
    """Wait for news; tells whether there was none for so long that a proxy might give up.

    Also when the page is ``gone``: whatever is said then ends its stream.
    """
    end_s = time.monotonic() + KEEP_ALIVE_S
    while (left_s := end_s - time.monotonic()) > 0 and not gone():
        if s.changes.wait(count, min(LOOK_S, left_s)) != count or s.changes.closed:
            return False
    return not s.changes.closed


def _topics(touched: set[str], check: str) -> list[str]:
    kinds = {name.partition(":")[0] for name in touched}
    topics = sorted(kinds & {"floor", "menu", "staff"})
    if "check" in kinds:
        topics += ["checks"]
    if f"check:{check}" in touched:
        topics += ["check"]
    return topics
