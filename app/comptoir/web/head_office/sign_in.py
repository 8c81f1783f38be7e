"""Signing in: a name, a password and the code of the moment, all three judged together."""

import functools

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.pins import hash_pin, pin_fits
from comptoir.domain.head_office import REFUSED, SIGNED_IN, SIGNED_OUT, WAITING, User
from comptoir.domain.totp import matching_step
from comptoir.web.head_office import door
from comptoir.web.head_office.services import services
from comptoir.web.languages import LANGUAGES
from comptoir.web.throttle import TriesExhausted

blueprint = Blueprint("office_sign_in", __name__)
blueprint.before_request(door.recall)
blueprint.before_request(door.refuse_forgery)
NAME_CHARACTERS_MAX, PASSWORD_CHARACTERS_MAX = 64, 256
YEAR_S = 365 * 24 * 3600


@blueprint.get("/sign-in")
def show() -> str | AnyResponse:
    """Show the three fields."""
    if g.user is not None:
        return redirect(url_for("office_sites.show"))
    return render_template("head_office/sign_in.html", languages=LANGUAGES)


@blueprint.post("/sign-in")
def check() -> AnyResponse | tuple[str, int]:
    """Let a person in, or say no more than that something was wrong."""
    s = services()
    name = request.form.get("name", "").strip()[:NAME_CHARACTERS_MAX]
    keys, now_ms = (f"user:{name}", f"from:{request.remote_addr}"), s.clock.now_ms()
    if wait := _wait(keys, now_ms):
        return _refused(name, _told_to_wait(wait), wait.status)
    found = _person(name, request.form.get("password", ""), request.form.get("code", ""))
    if found is None:
        s.throttle.failed(*keys, now_ms=now_ms)
        door.note(REFUSED, who=name)
        if _wait(keys, now_ms):  # once for each wait: who goes on trying fills no audit
            door.note(WAITING, who=name)
        return _refused(name, _("Name, password or code is wrong. A code works once."), 401)
    s.throttle.succeeded(*keys)
    door.sign_in(found)
    door.note(SIGNED_IN, who=found.name)
    return redirect(url_for("office_sites.show"))


def _wait(keys: tuple[str, ...], now_ms: int) -> TriesExhausted | None:
    """Return what stands in the way of another try; None for nothing."""
    try:
        services().throttle.check(*keys, now_ms=now_ms)
    except TriesExhausted as wait:
        return wait
    return None


def _told_to_wait(wait: TriesExhausted) -> str:
    return str(
        _("Too many wrong tries. Wait %(count)s seconds, then try again.", count=wait.wait_s)
    )


def _person(name: str, password: str, code: str) -> User | None:
    """Return who this is; an unknown name takes as long as a wrong password."""
    s = services()
    known = s.people.user(name)
    usable = known is not None and known.active and bool(known.secret)
    kept = known.password_hash if known is not None and usable else _nobodys_hash()
    fits = pin_fits(kept, password[:PASSWORD_CHARACTERS_MAX])
    if known is None or not (usable and fits):
        return None
    digits = "".join(code.split())
    step = matching_step(known.secret, digits, s.clock.now_ms())
    return known if step is not None and s.people.use_code(name, step) else None


@functools.cache
def _nobodys_hash() -> str:
    return hash_pin("nobody has this password")


def _refused(name: str, text: str, status: int) -> tuple[str, int]:
    page = render_template("head_office/sign_in.html", languages=LANGUAGES, name=name, refused=text)
    return page, status


@blueprint.post("/sign-out")
def leave() -> AnyResponse:
    """End the session."""
    if g.user is not None:
        door.note(SIGNED_OUT)
    session.clear()
    return redirect(url_for("office_sign_in.show"))


@blueprint.post("/language")
def speak() -> AnyResponse:
    """Speak another language to who is not signed in yet."""
    wanted = request.form.get("language", "")
    answer = redirect(url_for("office_sign_in.show"))
    if wanted in LANGUAGES:
        answer.set_cookie(
            door.LANGUAGE_COOKIE, wanted, max_age=YEAR_S, secure=True, httponly=True,
            samesite="Strict",
        )  # fmt: skip
    return answer
