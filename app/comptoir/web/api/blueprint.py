"""Puts the declared operations under ``/api/v1`` and the document under ``/api/openapi.json``."""

import functools

import msgspec
from flask import Blueprint, Response

from comptoir.web.api import openapi
from comptoir.web.api.bills import bills
from comptoir.web.api.menu import menu
from comptoir.web.api.money import money
from comptoir.web.api.operation import JSON, Operation
from comptoir.web.api.pairing import pairing
from comptoir.web.api.printing import printing
from comptoir.web.api.reports import reports
from comptoir.web.api.running import running
from comptoir.web.api.service import service
from comptoir.web.api.serving import serving
from comptoir.web.api.shifts import shifts
from comptoir.web.api.stock import stock
from comptoir.web.api.taxes import taxes
from comptoir.web.api.updates import updates
from comptoir.web.api.visits import visits
from comptoir.web.api.watching import watching
from comptoir.web.services import services

VERSION_PREFIX = "/api/v1"
OPERATIONS = (
    *service.operations,
    *bills.operations,
    *serving.operations,
    *menu.operations,
    *money.operations,
    *shifts.operations,
    *running.operations,
    *visits.operations,
    *pairing.operations,
    *watching.operations,
    *taxes.operations,
    *printing.operations,
    *reports.operations,
    *stock.operations,
    *updates.operations,
)
blueprint = Blueprint("api", __name__)


def _route(operation: Operation) -> None:
    blueprint.add_url_rule(
        VERSION_PREFIX + operation.path,
        endpoint=operation.name,
        view_func=operation.respond,
        methods=[operation.method],
        provide_automatic_options=False,
    )


for _operation in OPERATIONS:
    _route(_operation)


@functools.cache
def _document(version: str) -> bytes:
    return msgspec.json.encode(openapi.document(OPERATIONS, version))


@blueprint.get("/api/openapi.json")
def describe() -> Response:
    """Return the OpenAPI 3.1 document."""
    return Response(_document(services().version), mimetype=JSON)
