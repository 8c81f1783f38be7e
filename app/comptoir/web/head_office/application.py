"""The head office's web application, apart from the till's; it shares its looks and languages."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from comptoir.domain.errors import DomainError, Refusal
from comptoir.domain.house import Restaurant
from comptoir.web import languages, presentation
from comptoir.web.application import POLICY, STATIC_MAX_AGE_S
from comptoir.web.head_office import audit, door, menu, sign_in, sites, updates
from comptoir.web.head_office.services import EXTENSION, OfficeServices, services
from comptoir.web.labels import REFUSALS, called
from comptoir.web.sessions import SignInNeeded

BODY_BYTES_MAX = 256 * 1024
BLUEPRINTS = (
    sign_in.blueprint,
    sites.blueprint,
    menu.blueprint,
    updates.blueprint,
    audit.blueprint,
)
log = logging.getLogger(__name__)


def create_office(office: OfficeServices) -> Flask:
    """Build the application; it reads no file and no environment."""
    app = Flask("comptoir.web", static_folder="static", template_folder="templates")
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_BYTES_MAX,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_MAX_AGE_S,
        SECRET_KEY=office.secret,
        SESSION_COOKIE_NAME="__Host-comptoir-office",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.extensions[EXTENSION] = office
    _setup_looks(app, office.version)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(Refusal, _unavailable)
    app.register_error_handler(HTTPException, _not_served)
    app.register_error_handler(Exception, _failed)
    app.after_request(_harden)
    return app


def _setup_looks(app: Flask, version: str) -> None:
    languages.setup(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(version=version)
    app.jinja_env.filters.update(
        price=_price,
        figure=_figure,
        quantity=_quantity,
        called=called,
        hour_of=sites.hour_of,
        gigabytes=_gigabytes,
    )
    app.context_processor(_shared)


def _currency(given: str) -> str:
    house: Restaurant = g.get("house") or Restaurant()
    return given or house.currency


def _price(amount: int, currency: str = "") -> str:
    return presentation.price(amount, _currency(currency), languages.current())


def _figure(amount: int, currency: str = "") -> str:
    return presentation.figure(amount, _currency(currency), languages.current())


def _quantity(qty_milli: int) -> str:
    return presentation.quantity(qty_milli, languages.current())


def _gigabytes(size: int) -> str:
    return presentation.quantity(size // 100_000_000 * 100, languages.current())


def _shared() -> dict[str, Any]:
    s = services()
    return {
        "language": languages.tag(languages.current()),
        "user": g.get("user"),
        "csrf": door.csrf(),
        "now_ms": s.clock.now_ms(),
        "fault": s.chain.fault,
    }


def _refused(error: DomainError) -> AnyResponse:
    if isinstance(error, SignInNeeded):
        if "HX-Request" in request.headers:
            status = HTTPStatus.UNAUTHORIZED
            return Response(status=status, headers={"HX-Redirect": "/sign-in"})
        return redirect("/sign-in")
    english = languages.tag(languages.current()) == languages.ENGLISH
    return _told(error.status, str(error if english else REFUSALS.get(error.code, error)))


def _unavailable(error: Refusal) -> AnyResponse:
    """Answer while the cloud's store does not: who may see what stands in it too."""
    log.warning("%s", error)
    g.setdefault("user", None)
    return _told(HTTPStatus.SERVICE_UNAVAILABLE, str(REFUSALS["office-unavailable"]))


def _not_served(error: HTTPException) -> AnyResponse:
    if "user" not in g:  # no page of ours has this address, so that nobody was asked for
        door.recall()
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    missing = status == HTTPStatus.NOT_FOUND
    return _told(status, str(REFUSALS["not-found"] if missing else error.description))


def _failed(error: Exception) -> AnyResponse:
    """Answer a fault of ours; the details go to the log, never to the page."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _told(HTTPStatus.INTERNAL_SERVER_ERROR, str(REFUSALS["office-failed"]))


def _told(status: int, text: str) -> AnyResponse:
    if "HX-Request" in request.headers:
        return Response(text, status, mimetype="text/plain")
    return make_response(render_template("head_office/refused.html", text=text), status)


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    return response
