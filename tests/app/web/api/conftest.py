"""A program in front of the API."""

import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.app.web.conftest import PINS
from tests.fakes.till import HostTill


class Caller:
    """A program with a token; commands get a fresh key unless they bring one."""

    def __init__(self, till: HostTill, staff: str = "li-wei") -> None:
        self.till = till
        self.client = till.app().test_client()
        self.token = ""
        self.sign_in(staff)

    def sign_in(self, staff: str) -> None:
        body = {"staff": staff, "pin": PINS[staff]}
        self.token = self.client.post("/api/v1/sessions", json=body).get_json()["token"]

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get("/api/v1" + path, headers=self._headers(), **more)

    def post(
        self, path: str, body: Any = None, key: str = "", method: str = "POST"
    ) -> TestResponse:
        headers = self._headers() | {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.open("/api/v1" + path, method=method, json=body or {}, headers=headers)

    def put(self, path: str, body: Any, key: str = "") -> TestResponse:
        return self.post(path, body, key, method="PUT")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def caller(till: HostTill) -> Caller:
    return Caller(till)
