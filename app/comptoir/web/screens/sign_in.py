"""The PIN pad: who are you? Signing in takes a name and a PIN, or a PIN alone."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import Actor, queries
from comptoir.commands.denials import NoteDenied
from comptoir.domain.errors import DomainError
from comptoir.domain.house import CASHIER, KITCHEN, STOCK, SYSTEM, Staff
from comptoir.web import sessions, training
from comptoir.web.access import field, fresh_id, recall, refuse_forgery, set_session
from comptoir.web.labels import REFUSALS
from comptoir.web.languages import LANGUAGES
from comptoir.web.screens import pairing
from comptoir.web.services import services
from comptoir.web.throttle import TriesExhausted

blueprint = Blueprint("sign_in", __name__)
blueprint.before_request(recall)
blueprint.before_request(refuse_forgery)
BADGE_CHARACTERS_MAX = 64
HOMES = {KITCHEN: "/kitchen", CASHIER: "/counter", STOCK: "/stock"}


class PinWrong(DomainError):
    """Nobody has this PIN."""

    code = "pin-wrong"
    status = 403

    def __init__(self) -> None:
        super().__init__("This PIN is not right. Tap your name and try again.")


@blueprint.get("/")
def pad() -> str:
    """Show the pad."""
    return _pad()


def _pad(refused: str = "", wait_s: int = 0, chosen: str = "") -> str:
    people = queries.staff(services().journal)
    return render_template(
        "sign_in.html",
        people=people,
        languages=LANGUAGES,
        refused=refused,
        wait_s=wait_s,
        chosen=chosen,
        **pairing.shown(),
    )


@blueprint.post("/sign-in")
def enter() -> AnyResponse:
    """Check the PIN or the badge and begin a session; a refusal is told on the pad itself."""
    named = field("staff", "")
    badge = request.form.get("badge", "")[:BADGE_CHARACTERS_MAX]
    try:
        person = whose(request.form.get("pin", ""), "" if badge else named, badge)
    except PinWrong as refusal:
        return make_response(_pad(str(REFUSALS[refusal.code]), chosen=named), refusal.status)
    except TriesExhausted as refusal:
        told = str(REFUSALS[refusal.code])
        return make_response(_pad(told, refusal.wait_s, named), refusal.status)
    g.staff = person
    life_s = sessions.LIFE_MS // 1000
    return _out_of_training(set_session(redirect(home(person)), token_for(person), life_s))


def _out_of_training(response: AnyResponse) -> AnyResponse:
    """Let nobody begin in somebody else's training."""
    response.delete_cookie(training.COOKIE, httponly=True, samesite="Strict")
    return response


@blueprint.post("/sign-out")
def leave() -> AnyResponse:
    """End the session on this browser."""
    return _out_of_training(set_session(redirect("/"), "", 0))


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


def deny(what: str, staff: str, reason: str) -> None:
    """Keep a denied attempt; the throttle bounds how many there can be."""
    g.denial_kept = True
    services().desk.run(NoteDenied(fresh_id(), what, staff, reason), Actor("till", SYSTEM))


def whose(pin: str, only: str = "", badge: str = "", what: str = "sign_in") -> Staff:
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
        deny(what, only, PinWrong.code)
        raise PinWrong
    s.throttle.forgive(address)
    s.throttle.succeeded(f"staff {person.id}")
    return person


def token_for(person: Staff) -> str:
    """Return a session token of this terminal."""
    s = services()
    expires = s.clock.now_ms() + sessions.LIFE_MS
    return sessions.issue(sessions.Session(s.identity.terminal, person.id, expires), s.signer)
