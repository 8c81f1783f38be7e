"""How an operation is declared: method, path, body and answer types, and who may call it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response, request

from comptoir.domain.errors import DomainError
from comptoir.web.api import caller

JSON = "application/json"
IDEMPOTENCY_KEY = "Idempotency-Key"
KEY_CHARACTERS_MAX = 64


class Access(StrEnum):
    """Who may call: anyone, or somebody with a token."""

    OPEN = "open"
    TOKEN = "token"  # noqa: S105 - the name of a kind of access, no secret


class BodyRefused(DomainError):
    """The request's body is not what the operation takes; the message has the path."""

    code = "body-refused"
    status = 422


class KeyMissing(DomainError):
    """A command without an id: a retry could do it twice."""

    code = "idempotency-key-missing"
    status = 400

    def __init__(self) -> None:
        super().__init__(
            f"Send {IDEMPOTENCY_KEY}: an id of your own making, 8 to {KEY_CHARACTERS_MAX} letters,"
            " digits, dots or dashes, the same one when you try again."
        )


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter of the query string."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; ``path`` in Flask's notation below ``/api/v1``.

    A ``raw`` one reads the body itself, because it is no JSON of one type.
    """

    method: str
    path: str
    name: str
    summary: str
    tag: str
    view: Callable[..., Any]
    answer: Any
    body: Any = None
    media: tuple[str, ...] = (JSON,)
    raw: bool = False
    access: Access = Access.TOKEN
    command: bool = False
    query: tuple[Query, ...] = ()
    status: int = HTTPStatus.OK
    answers: str = JSON

    def respond(self, **path: str) -> Response:
        """Answer a request: who is it, what do they send, then the view."""
        if self.access is Access.TOKEN:
            caller.identify()
        if self.command:
            caller.remember_key(_key())
        if self.body is not None and not self.raw:
            path["body"] = read_body(self.body)
        answer = self.view(**path)
        if isinstance(answer, Response):
            return answer
        return Response(msgspec.json.encode(answer), self.status, mimetype=JSON)


def read_body(kind: Any) -> Any:
    """Return the request's JSON as ``kind``; raises BodyRefused naming the path."""
    try:
        return msgspec.json.decode(request.get_data() or b"{}", type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BodyRefused(f"{error}. See /api/openapi.json.") from error


def _key() -> str:
    key = request.headers.get(IDEMPOTENCY_KEY, "")
    fits = 8 <= len(key) <= KEY_CHARACTERS_MAX and key.isascii()
    if not (fits and all(letter.isalnum() or letter in "-._:" for letter in key)):
        raise KeyMissing
    return key


class Registry:
    """The operations of one tag, collected as they are declared."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.operations: list[Operation] = []

    def reads(self, path: str, answer: Any, **more: Any) -> Callable[[Any], Any]:
        """Declare a GET; the summary is the first line of the view's docstring."""
        return functools.partial(self._declare, "GET", path, answer, more)

    def commands(self, path: str, answer: Any, **more: Any) -> Callable[[Any], Any]:
        """Declare a command: a POST (or ``method``) with an idempotency key."""
        method = more.pop("method", "POST")
        return functools.partial(self._declare, method, path, answer, {"command": True} | more)

    def _declare(
        self, method: str, path: str, answer: Any, more: dict[str, Any], view: Callable[..., Any]
    ) -> Callable[..., Any]:
        summary = (view.__doc__ or "").partition("\n")[0].rstrip(".")
        name = view.__name__
        made = Operation(method, path, name, summary, self.tag, view, answer, **more)
        self.operations.append(made)
        return view
