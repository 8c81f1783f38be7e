"""The till's web application: typed in, built in named steps."""

from flask import Flask

from comptoir.settings import Settings
from comptoir.web import errors, figures, health, languages, live, look, training
from comptoir.web.api import blueprint as api
from comptoir.web.screens import (
    adjust,
    counter,
    display,
    floor,
    frame,
    hour,
    kitchen,
    lines,
    manager,
    money,
    moving,
    next_terminal,
    office,
    order_pad,
    pairing,
    places,
    printers,
    receipt,
    sign_in,
    split,
    stock,
)
from comptoir.web.services import EXTENSION, Services

BODY_BYTES_MAX = 5 * 1024 * 1024  # a menu file of 4 MB and its wrapping
STATIC_MAX_AGE_S = 3600
# a page of this very computer may show tills side by side, hence the ancestors
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
)
SCREENS = (
    sign_in.blueprint,
    floor.blueprint,
    hour.blueprint,
    order_pad.blueprint,
    lines.blueprint,
    split.blueprint,
    places.blueprint,
    adjust.blueprint,
    moving.blueprint,
    kitchen.blueprint,
    counter.blueprint,
    display.blueprint,
    printers.blueprint,
    next_terminal.blueprint,
    pairing.blueprint,
    stock.blueprint,
)


def create_app(settings: Settings, services: Services) -> Flask:
    """Build the application; it reads no file and no environment."""
    app = Flask("comptoir.web", static_folder="static", template_folder="templates")
    _setup_limits(app)
    _setup_services(app, settings, services)
    _setup_routes(app)
    _setup_headers(app)
    return app


def _setup_limits(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_MAX_AGE_S
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _setup_services(app: Flask, settings: Settings, services: Services) -> None:
    app.extensions[EXTENSION] = services
    services.journal.on_commit(services.changes.notify)
    app.extensions[live.STREAMS] = live.Streams(settings.sse_streams_max)
    training.setup(app, services)
    languages.setup(app)
    figures.setup(app, services.journal)
    frame.setup(app, services.version)


def _setup_routes(app: Flask) -> None:
    for blueprint in (
        *SCREENS,
        *money.BLUEPRINTS,
        *manager.BLUEPRINTS,
        *office.BLUEPRINTS,
        receipt.blueprint,
        live.blueprint,
        look.blueprint,
    ):
        app.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(api.blueprint)
    errors.setup(app)
    display.setup(app)


def _setup_headers(app: Flask) -> None:
    @app.after_request
    def harden(response: errors.Response) -> errors.Response:
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = next_terminal.policy(POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response
