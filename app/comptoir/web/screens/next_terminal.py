"""When its terminal dies, a tablet or a kitchen screen goes on at the next one.

A page learns beforehand where the others answer, and holds a pass: this terminal's word for who is
signed in there, good for minutes and once at each terminal. What was tapped and not saved, and what
was typed, travels in the address' fragment, which no server sees.
"""

import secrets
import threading
from collections import OrderedDict
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec
from flask import Blueprint, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response as AnyResponse

from comptoir.domain.errors import DomainError
from comptoir.domain.house import Staff
from comptoir.journal import Signer
from comptoir.web import access, sessions
from comptoir.web.own_screen import at_the_till
from comptoir.web.services import services
from comptoir.web.tokens import Kind, TokenUnreadable

blueprint = Blueprint("next_terminal", __name__)
LIFE_MS = 3 * 60 * 1000
PASS_CHARACTERS_MAX = 1000
USED_MAX = 1000
EXTENSION = "comptoir-passes"
JSON, SAME = "application/json", "same-origin"


class PassRefused(DomainError):
    """A pass that is too old, used before, or of nobody here."""

    code = "pass-refused"
    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("Your terminal does not answer. Sign in here to go on.")


class Pass(msgspec.Struct, frozen=True):
    """Who is signed in on which terminal; times in milliseconds since 1970.

    ``expires`` is the pass' own end, ``until`` that of the session.
    """

    terminal: str
    staff: str
    id: str
    expires: int
    until: int


_KIND = Kind("cp1", b"comptoir pass\0", Pass)


def issue(made: Pass, signer: Signer) -> str:
    """Return a pass as it travels, signed by its terminal."""
    return _KIND.issue(made, signer)


class Used:
    """Which passes were shown here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: OrderedDict[str, None] = OrderedDict()

    def first(self, name: str) -> bool:
        """Tell whether a pass is shown for the first time; forgets the oldest."""
        with self._lock:
            if name in self._ids:
                return False
            self._ids[name] = None
            while len(self._ids) > USED_MAX:
                self._ids.popitem(last=False)
            return True


def others() -> list[str]:
    """Return where this browser finds the other terminals.

    A terminal's own screen stays where it is: only a restaurant on one computer is an exception.
    """
    report = services().safety.report
    known = sorted((report.screens if report else {}).values())
    return [f"http://{at}" for at in known if not at_the_till() or _on_this_computer(at)]


def _on_this_computer(address: str) -> bool:
    host = urlsplit(f"//{address}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def policy(base: str) -> str:
    """Return a page's policy: it may ask the other terminals whether they live."""
    return f"{base}; connect-src 'self' {' '.join(others())}".rstrip()


@blueprint.get("/moving/alive")
def alive() -> AnyResponse:
    """Answer at once: this till serves."""
    return AnyResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


@blueprint.get("/moving")
def moving() -> AnyResponse:
    """Tell a page where to go on, and give it a pass."""
    access.recall()
    access.require_staff()
    return _told({"pass": _pass(), "to": others()})


def _pass() -> str:
    s = services()
    token, now_ms = request.cookies[access.cookie_name()], s.clock.now_ms()
    session, person = sessions.believe(token, s.journal, s.identity.trust, now_ms)
    until = session.expires
    name, expires = secrets.token_hex(16), min(now_ms + LIFE_MS, until)
    return issue(Pass(s.identity.terminal, person.id, name, expires, until), s.signer)


@blueprint.get("/arrive")
def arriving() -> str:
    """Show the page that takes in what another terminal's page carried here."""
    access.recall()
    return render_template("arrive.html")


@blueprint.post("/arrive")
def arrive() -> AnyResponse:
    """Begin a session for who shows a pass; the page may then send what was not saved."""
    access.recall()
    if request.headers.get("Sec-Fetch-Site", SAME) != SAME:
        raise access.RequestForged
    shown, person = _believe(request.form.get("pass", "")[:PASS_CHARACTERS_MAX])
    s = services()
    token = sessions.issue(sessions.Session(s.identity.terminal, person.id, shown.until), s.signer)
    g.language = person.language
    refresh()
    said = _("Your terminal does not answer. You go on at %(name)s.", name=s.identity.place.name)
    life_s = max(0, shown.until - s.clock.now_ms()) // 1000
    answer = _told({"said": said, "csrf": access.csrf_of(token)})
    return access.set_session(answer, token, life_s)


def _believe(text: str) -> tuple[Pass, Staff]:
    """Return what a pass says, and its person; raises PassRefused."""
    s = services()
    try:
        shown = _KIND.read(text, s.journal, s.identity.trust)
    except TokenUnreadable as error:
        raise PassRefused from error
    person: Staff = s.journal.state(f"staff:{shown.staff}")
    used: Used = current_app.extensions.setdefault(EXTENSION, Used())
    if shown.expires <= s.clock.now_ms() or not person.active or not used.first(shown.id):
        raise PassRefused
    return shown, person


def _told(what: dict[str, object]) -> AnyResponse:
    return AnyResponse(msgspec.json.encode(what), mimetype=JSON)
