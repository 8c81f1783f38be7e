"""Every refusal reaches a person as one line that says what to do, and a program as a problem."""

import logging
from http import HTTPStatus

from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from comptoir.domain.errors import (
    ApprovalNeeded,
    BeingPaid,
    DomainError,
    NobodyAnswered,
    NotAllowed,
)
from comptoir.journal import JournalUnusable
from comptoir.journal.own_log import EpochNotOpen
from comptoir.web import approvals, languages, refusals
from comptoir.web.labels import REFUSALS
from comptoir.web.problems import problem
from comptoir.web.sessions import SignInNeeded

__all__ = ["Response", "setup"]
API_PREFIX = "/api/"
CALLED_OFF = "Comptoir-Called-Off"
log = logging.getLogger(__name__)


def setup(app: Flask) -> None:
    """Register one handler per family of errors."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(HTTPException, not_served)
    app.register_error_handler(JournalUnusable, unusable)
    app.register_error_handler(EpochNotOpen, opening)
    app.register_error_handler(Exception, failed)


def refused(error: DomainError) -> AnyResponse:
    """Answer a broken rule; want of permission is kept as a fact."""
    if isinstance(error, NotAllowed):
        refusals.keep()
    if request.path.startswith(API_PREFIX):
        return problem(error.status, error.code, str(error))
    if isinstance(error, SignInNeeded):
        return _to_sign_in()
    answer = _told(error.status, _in_their_language(error))
    if isinstance(error, ApprovalNeeded):
        answer.headers[approvals.HEADER] = approvals.NEEDED
    if isinstance(error, BeingPaid | NobodyAnswered):
        answer.headers[CALLED_OFF] = "yes"  # the page's next try is another payment
    return answer


def not_served(error: HTTPException) -> AnyResponse:
    """Answer a wrong address or method."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    detail = error.description or HTTPStatus(status).phrase
    if request.path.startswith(API_PREFIX):
        code = HTTPStatus(status).phrase.lower().replace(" ", "-")
        return problem(status, code, detail, headers=dict(error.get_headers()))
    return _told(status, _their("not-found") if status == HTTPStatus.NOT_FOUND else detail)


def unusable(error: JournalUnusable) -> AnyResponse:
    """Answer when the disk fails: nothing was kept, and the person must know."""
    log.error("%s", error)
    if request.path.startswith(API_PREFIX):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "journal-unusable", str(error))
    return _told(HTTPStatus.SERVICE_UNAVAILABLE, _their("journal-unusable"))


def opening(error: EpochNotOpen) -> AnyResponse:
    """Answer in the first seconds, while the till asks its peers for its own events."""
    if request.path.startswith(API_PREFIX):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "till-opening", f"{error}. Try again.")
    return _told(HTTPStatus.SERVICE_UNAVAILABLE, _their("till-opening"))


def failed(error: Exception) -> AnyResponse:
    """Answer a fault of ours; the details go to the log, never to the screen."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    if request.path.startswith(API_PREFIX):
        detail = "The till failed here; nothing more was done. Its log has the details."
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail)
    return _told(HTTPStatus.INTERNAL_SERVER_ERROR, _their("internal"))


def _told(status: int, text: str) -> AnyResponse:
    """Answer a tap with the toast's text, a page with a page."""
    if "HX-Request" in request.headers:
        return Response(text, status, mimetype="text/plain")
    return make_response(render_template("refused.html", text=text), status)


def _to_sign_in() -> AnyResponse:
    if "HX-Request" in request.headers:
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": "/"})
    return redirect("/")


def _their(key: str) -> str:
    return str(REFUSALS[key])


def _in_their_language(error: DomainError) -> str:
    """Return the translated sentence for a refusal; English says it with its details."""
    if languages.tag(languages.current()) == languages.ENGLISH:
        return str(error)
    text = str(REFUSALS.get(error.code, error))
    return text % error.words if error.words else text
