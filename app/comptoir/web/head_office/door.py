"""Who is signed in at the head office, which restaurants are theirs, and a line for each deed."""

import hashlib
import secrets

from flask import Blueprint, g, request, session
from flask_babel import refresh

from comptoir.commands.overview import Overview
from comptoir.domain.head_office import DENIED, SAW, Entry, OfficeNotAllowed, SiteNotFound, User
from comptoir.web.access import refuse_forged
from comptoir.web.head_office.services import services
from comptoir.web.languages import LANGUAGES, nearest
from comptoir.web.sessions import SignInNeeded

LIFE_MS = 12 * 3600 * 1000
LANGUAGE_COOKIE = "comptoir_language"
DETAIL_CHARACTERS_MAX = 500


def room(name: str, module: str) -> Blueprint:
    """Return a blueprint whose every view has a person with rights behind it."""
    blueprint = Blueprint(name, module)
    blueprint.before_request(recall)
    blueprint.before_request(require_user)
    blueprint.before_request(refuse_forgery)
    return blueprint


def recall() -> None:
    """Note who is signed in, and their language."""
    g.user = None
    s = services()
    name, since_ms = session.get("user", ""), session.get("since", 0)
    if name and s.clock.now_ms() - since_ms < LIFE_MS:
        user = s.people.user(name)
        if user is not None and user.active and stamp(user) == session.get("stamp"):
            g.user = user
    wanted = g.user.language if g.user else request.cookies.get(LANGUAGE_COOKIE)
    g.language = wanted or _browser_language()
    refresh()


def _browser_language() -> str:
    """Return the first of the browser's languages that there is a catalogue for."""
    asked = [tag for tag, _ in request.accept_languages]
    return next((found for tag in asked if (found := nearest(tag, LANGUAGES))), "en")


def sign_in(user: User) -> None:
    """Begin a session, void as soon as the password or the second factor is another."""
    session.clear()
    session["user"], session["stamp"] = user.name, stamp(user)
    session["since"] = services().clock.now_ms()
    session["csrf"] = secrets.token_hex(16)


def stamp(user: User) -> str:
    """Return what changes with a person's password and second factor, and tells neither."""
    about = f"{user.password_hash}\0{user.secret}"
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def csrf() -> str:
    """Return what our pages send back; made at the first page, before anybody signs in."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(16)
    return str(session["csrf"])


def refuse_forgery() -> None:
    """Raise RequestForged for a writing request that is not from our own page."""
    refuse_forged(csrf())


def require_user() -> None:
    """Raise SignInNeeded when nobody is signed in."""
    if g.user is None:
        raise SignInNeeded


def user() -> User:
    """Return who is signed in."""
    require_user()
    found: User = g.user
    return found


def sites() -> list[Overview]:
    """Return the restaurants of who is signed in, by name."""
    mine = user()
    found = [site for site in services().chain.sites().values() if mine.sees(site.id)]
    return sorted(found, key=lambda site: (site.name.casefold(), site.id))


def site(restaurant: str) -> Overview:
    """Return one restaurant; raises SiteNotFound for one that is not theirs, as for none."""
    found = services().chain.sites().get(restaurant)
    if found is None or not user().sees(restaurant):
        note(DENIED, restaurant[:64], request.path)
        raise SiteNotFound
    return found


def auditors_only() -> None:
    """Raise OfficeNotAllowed for who may not read the audit."""
    if not user().audits:
        note(DENIED, detail=request.path)
        raise OfficeNotAllowed


def publishers_only() -> None:
    """Raise OfficeNotAllowed for who may not change a price anywhere."""
    if not user().publishes:
        note(DENIED, detail=request.path)
        raise OfficeNotAllowed


def saw(restaurant: str = "") -> None:
    """Write down that somebody opened a page; a page that renews itself is no new view."""
    note(SAW, restaurant, request.path)


def note(action: str, restaurant: str = "", detail: str = "", who: str = "") -> None:
    """Write a line of the audit."""
    name = who or (g.user.name if g.get("user") else "")
    address = request.remote_addr or ""
    entry = Entry(
        services().clock.now_ms(),
        name,
        action,
        restaurant,
        detail[:DETAIL_CHARACTERS_MAX],
        address,
    )
    services().people.note(entry)
