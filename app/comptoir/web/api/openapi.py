"""The OpenAPI 3.1 document, from the same declarations as the routes."""

import dataclasses
import inspect
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from comptoir.web.api.caller import APPROVAL
from comptoir.web.api.operation import IDEMPOTENCY_KEY, Access, Operation
from comptoir.web.problems import MEDIA_TYPE, Problem

Json = dict[str, Any]
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
ABOUT = """\
Everything a screen can do. Send `Authorization: Bearer` with a session's token (POST /sessions)
or with one that a manager made for your program (PUT /clients/{client}). Every command needs an
`Idempotency-Key` of your own making: sent again, to any terminal of the restaurant, it does nothing
twice; used for something else, it is refused (422). What needs a manager answers
`approval-needed`: send it again with a `Comptoir-Approval` from POST /approvals.
Amounts are integers in minor units, quantities in thousandths, times in ms since 1970.
Errors are problem+json (RFC 9457)."""


def document(operations: Iterable[Operation], version: str) -> Json:
    """Return the document of these operations."""
    operations = tuple(operations)
    kinds = [kind for o in operations for kind in (o.body, o.answer) if _is_typed(kind)]
    unique = list(dict.fromkeys([*kinds, Problem]))
    schemas, components = msgspec.json.schema_components(
        unique, ref_template="#/components/schemas/{name}"
    )
    by_kind = dict(zip(unique, schemas, strict=True))
    paths: dict[str, Json] = {}
    for operation in operations:
        path = PLACEHOLDER.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, by_kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Comptoir till", "version": version, "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _is_typed(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) or (
        inspect.isclass(kind) and issubclass(kind, msgspec.Struct)
    )


def _operation(operation: Operation, schemas: dict[Any, Json]) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "security": [{"token": []}] if operation.access is Access.TOKEN else [],
        "responses": _responses(operation, schemas),
    }
    if operation.body is not None:
        content = {media: _content(operation.body, schemas) for media in operation.media}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _content(kind: Any, schemas: dict[Any, Json]) -> Json:
    return {"schema": schemas.get(kind) or {"type": "string", "description": inspect.getdoc(kind)}}


def _parameters(operation: Operation) -> list[Json]:
    text = {"type": "string"}
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": text}
        for name in PLACEHOLDER.findall(operation.path)
    ]
    found += [
        {"name": query.name, "in": "query", "description": query.about, "schema": text}
        for query in operation.query
    ]
    if operation.command:
        key = {"type": "string", "minLength": 8, "maxLength": 64}
        found.append({"name": IDEMPOTENCY_KEY, "in": "header", "required": True, "schema": key})
        found.append({"name": APPROVAL, "in": "header", "required": False, "schema": text})
    return found


def _responses(operation: Operation, schemas: dict[Any, Json]) -> Json:
    fine = {
        "description": HTTPStatus(operation.status).phrase,
        "content": {operation.answers: _content(operation.answer, schemas)},
    }
    problem = {
        "description": "A problem: what happened, and what to do",
        "content": {MEDIA_TYPE: {"schema": schemas[Problem]}},
    }
    return {str(int(operation.status)): fine, "default": problem}
