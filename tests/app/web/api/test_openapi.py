"""The document and the routes say the same, both ways, and the document is valid OpenAPI."""

import re
from typing import Any

import msgspec
import pytest
from flask import Flask
from openapi_spec_validator import validate

from comptoir.web.api.blueprint import OPERATIONS
from tests.fakes.till import HostTill

PREFIX = "/api/v1"
UNDOCUMENTED = {("GET", "/api/openapi.json")}


@pytest.fixture
def app(till: HostTill) -> Flask:
    return till.app()


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    return found


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_a_broken_document_would_be_noticed(document: dict[str, Any]) -> None:
    document["paths"]["/checks"]["post"]["responses"] = {"200": {}}
    with pytest.raises(Exception, match="description"):
        validate(document)


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }


def test_every_route_is_described_and_every_description_has_its_route(
    app: Flask, document: dict[str, Any]
) -> None:
    described = {
        (method.upper(), PREFIX + path)
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == routes(app) - UNDOCUMENTED


def test_every_operation_has_its_own_name_and_a_sentence(document: dict[str, Any]) -> None:
    all_of_them = [o for methods in document["paths"].values() for o in methods.values()]
    assert len({o["operationId"] for o in all_of_them}) == len(all_of_them) == len(OPERATIONS)
    assert all(len(o["summary"]) > 10 for o in all_of_them)


def test_every_writing_operation_needs_a_key_but_saying_who_one_is(
    document: dict[str, Any],
) -> None:
    keyless = {
        o["operationId"]
        for methods in document["paths"].values()
        for method, o in methods.items()
        if method != "get" and not any(p["in"] == "header" for p in o["parameters"])
    }
    assert keyless == {"sign_in", "approve", "knock", "invite"}


def test_only_these_need_no_token(document: dict[str, Any]) -> None:
    open_ones = {
        o["operationId"]
        for methods in document["paths"].values()
        for o in methods.values()
        if not o["security"]
    }
    assert open_ones == {"sign_in", "read_card", "knock", "read_visit", "invite"}


def test_every_body_refuses_fields_it_does_not_know() -> None:
    bodies = {o.body for o in OPERATIONS if o.body is not None and not o.raw}
    assert bodies
    for body in bodies:
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(b'{"no_such_field": 1}', type=body)
