"""Who is at the screen, may they, and what became of what they asked."""

import hashlib
import hmac
import re
import uuid
from urllib.parse import urlsplit

from flask import g, request
from flask_babel import refresh
from werkzeug.wrappers import Response

from comptoir.commands import Actor, Command, queries
from comptoir.domain.errors import DomainError
from comptoir.domain.events import Event
from comptoir.domain.house import Restaurant, Staff
from comptoir.web import approvals, sessions, training
from comptoir.web.claims import Intent, hold
from comptoir.web.safety import Level
from comptoir.web.services import services

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
COMMAND_ID = re.compile(r"[0-9a-f]{32}(-\d+)?")
NAME = re.compile(r"[\w.:-]{1,64}")


class RequestForged(DomainError):
    """A request that did not come from one of our pages."""

    code = "request-forged"
    status = 403

    def __init__(self) -> None:
        super().__init__("This did not come from the till's own page. Reload the page.")


class FieldRefused(DomainError):
    """A form field that no page of ours would send."""

    code = "field-refused"
    status = 400

    def __init__(self, name: str) -> None:
        super().__init__(f"The field {name!r} is missing or wrong. Reload the page.")


def cookie_name() -> str:
    """Return the session cookie's name; cookies know no ports, so that it carries the port."""
    port = urlsplit(request.host_url).port or 80
    return f"comptoir_{port}"


def recall() -> None:
    """Note who is signed in, and their language; nobody is, is no error yet."""
    g.staff = None
    g.level = None
    token = request.cookies.get(cookie_name(), "")
    if token:
        s = services()
        try:
            _, g.staff = sessions.believe(token, s.journal, s.identity.trust, s.clock.now_ms())
        except sessions.SignInNeeded as refusal:
            g.refusal = refusal
    training.enter_if_asked()
    g.language = language()
    refresh()


def language() -> str:
    """Return the language of the person, of the choice on the sign-in page, of the house."""
    if g.staff is not None:
        return str(g.staff.language)
    return request.cookies.get("comptoir_language") or house().languages[0]


def house() -> Restaurant:
    """Return the restaurant, read once per request."""
    if "house" not in g:
        g.house = queries.restaurant(services().journal)
    found: Restaurant = g.house
    return found


def require_staff() -> None:
    """Raise SignInNeeded when nobody is signed in."""
    if g.staff is None:
        raise g.get("refusal") or sessions.SignInNeeded


def person() -> Staff:
    """Return who is signed in."""
    require_staff()
    staff: Staff = g.staff
    return staff


def csrf_token() -> str:
    """Return what a page of this session sends back; only the session's holder can know it."""
    return csrf_of(request.cookies.get(cookie_name(), ""))


def csrf_of(token: str) -> str:
    """Return what a page of another session sends back, one just begun."""
    return hashlib.sha256(b"csrf\0" + token.encode()).hexdigest()


def refuse_forgery() -> None:
    """Raise RequestForged for a writing request that is not from our own page."""
    refuse_forged(csrf_token())


def refuse_forged(token: str) -> None:
    """Raise RequestForged for a writing request without the token that our own page has."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise RequestForged
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise RequestForged
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not hmac.compare_digest(sent, token):
        raise RequestForged


def field(name: str, default: str | None = None) -> str:
    """Return an id-like form field; raises FieldRefused for anything else."""
    value = request.values.get(name, default)
    if value is None or not (value == default or NAME.fullmatch(value)):
        raise FieldRefused(name)
    return value


def number(name: str, default: int | None = None) -> int:
    """Return a whole number that is not negative, from a form field."""
    value = request.values.get(name, "" if default is None else str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise FieldRefused(name)
    return int(value)


def command_id() -> str:
    """Return the id that the page gave to this command."""
    value = request.form.get("command", "")
    if not COMMAND_ID.fullmatch(value):
        raise FieldRefused("command")
    return value


def fresh_id() -> str:
    """Return a new id for a form, a check, a line or a payment."""
    return uuid.uuid4().hex


def carry_out(*commands: Command) -> list[Event]:
    """Carry out commands for who is signed in, and wait a little for them to be SAFE.

    The request may carry a manager's approval of its command.
    """
    s, staff = services(), person()
    approver = _approver()
    actor = Actor(staff.id, staff.role)
    outcomes = [s.desk.run(command, actor, approver) for command in commands]
    events = [event for outcome in outcomes for event in outcome.events]
    g.level = s.safety.wait(events, s.settings.safe_wait_ms)
    return events


def ask_money(command: Intent) -> None:
    """Write an intent, and wait until nobody else can be taking that money."""
    hold(services(), command, carry_out(command), carry_out)


def _approver() -> Actor | None:
    token = request.headers.get(approvals.HEADER, "")
    return approvals.approver(token, command_id()) if token else None


def last_level() -> Level | None:
    """Return how safe this request's own events are, None when it made none."""
    level: Level | None = g.get("level")
    return level


def set_session(response: Response, token: str, life_s: int) -> Response:
    """Give the session to the browser."""
    response.set_cookie(
        cookie_name(), token, max_age=life_s, httponly=True, samesite="Strict", path="/"
    )
    return response
