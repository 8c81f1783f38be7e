"""Errors for programs: ``application/problem+json`` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from flask import Response, request

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, omit_defaults=True):
    """What every error answer looks like; ``code`` is stable, ``detail`` is for people."""

    title: str
    status: int
    detail: str
    code: str
    instance: str
    type: str = "about:blank"


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error answer."""
    body = Problem(HTTPStatus(status).phrase, int(status), detail, code, request.path)
    response = Response(msgspec.json.encode(body), status, mimetype=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response
