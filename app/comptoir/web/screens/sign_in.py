"""The PIN pad: who are you? Signing in takes a name and a PIN, or a PIN alone."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import Actor, queries
from comptoir.domain.errors import DomainError
from comptoir.domain.house import CASHIER, KITCHEN, Staff
from comptoir.web import sessions
from comptoir.web.access import field, recall, refuse_forgery, set_session
from comptoir.web.languages import LANGUAGES
from comptoir.web.services import services

blueprint = Blueprint("sign_in", __name__)
blueprint.before_request(recall)
blueprint.before_request(refuse_forgery)
HOMES = {KITCHEN: "/kitchen", CASHIER: "/counter"}


class PinWrong(DomainError):
    """Nobody has this PIN."""

    code = "pin-wrong"
    status = 403

    def __init__(self) -> None:
        super().__init__("This PIN is not right. Tap your name and try again.")


@blueprint.get("/")
def pad() -> str:
    """Show the pad."""
    people = queries.staff(services().journal)
    return render_template("sign_in.html", people=people, languages=LANGUAGES)


@blueprint.post("/sign-in")
def enter() -> AnyResponse:
    """Check the PIN and begin a session."""
    person = identify(request.form.get("pin", ""), field("staff", ""))
    return set_session(redirect(home(person)), token_for(person), sessions.LIFE_MS // 1000)


@blueprint.post("/sign-out")
def leave() -> AnyResponse:
    """End the session on this browser."""
    return set_session(redirect("/"), "", 0)


@blueprint.post("/language")
def speak() -> AnyResponse:
    """Show the sign-in page in another language."""
    chosen = field("language")
    response = redirect("/")
    if chosen in LANGUAGES:
        response.set_cookie("comptoir_language", chosen, max_age=365 * 86400, samesite="Strict")
    return response


@blueprint.get("/strip")
def strip_alone() -> Response:
    """Return the strip, for pages without a live stream."""
    return make_response(render_template("strip.html"))


def home(person: Staff) -> str:
    """Return where a person's work is."""
    return HOMES.get(person.role, "/floor")


def identify(pin: str, only: str) -> Staff:
    """Return the person with this PIN, who is at the screen from now on."""
    person = whose(pin, only)
    g.staff = person
    return person


def whose(pin: str, only: str = "", badge: str = "") -> Staff:
    """Return the person with this PIN or badge; wrong ones slow the next tries down."""
    s = services()
    address = f"address {request.remote_addr}"
    keys = (address, f"staff {only}") if only else (address,)
    s.throttle.check(*keys, now_ms=s.clock.now_ms())
    person = (
        queries.staff_by_badge(s.journal, badge)
        if badge
        else queries.staff_by_pin(s.journal, pin, only)
    )
    if person is None:
        s.throttle.failed(*keys, now_ms=s.clock.now_ms())
        raise PinWrong
    s.throttle.forgive(address)
    s.throttle.succeeded(f"staff {person.id}")
    return person


def manager_of(pin: str) -> Actor | None:
    """Return the person whose PIN approves what somebody else does, when one was typed."""
    if not pin:
        return None
    person = whose(pin)
    return Actor(person.id, person.role)


def token_for(person: Staff) -> str:
    """Return a session token of this terminal."""
    s = services()
    expires = s.clock.now_ms() + sessions.LIFE_MS
    return sessions.issue(sessions.Session(s.identity.terminal, person.id, expires), s.signer)
