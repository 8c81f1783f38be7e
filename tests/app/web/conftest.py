"""A till with the sample restaurant, and people in front of its screens."""

import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from comptoir.web import approvals
from tests.fakes.till import HostTill

PINS = {
    "li-wei": "1234",
    "sophie": "2345",
    "wang-fang": "3456",
    "lucas": "4567",
    "chen-qiang": "5678",
}


class Screen:
    """A browser without JavaScript: keeps cookies, sends what our pages send."""

    def __init__(self, till: HostTill, client: FlaskClient) -> None:
        self.till = till
        self.client = client

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, **form: Any) -> TestResponse:
        """Send a form with a fresh command id, unless it says otherwise."""
        data = {"command": uuid.uuid4().hex, "csrf": self.csrf()} | form
        return self.client.post(path, data=data, headers={"HX-Request": "true"})

    def approved(self, path: str, **form: Any) -> TestResponse:
        """Send what this person may not alone, then again with the manager's approval of it."""
        data = {"command": uuid.uuid4().hex, "csrf": self.csrf()} | form
        headers = {"HX-Request": "true"}
        alone = self.client.post(path, data=data, headers=headers)
        assert (alone.status_code, alone.headers[approvals.HEADER]) == (403, "needed"), alone.text
        proof = {"command": data["command"], "pin": PINS["li-wei"], "csrf": data["csrf"]}
        given = self.client.post("/approval", data=proof, headers=headers)
        headers[approvals.HEADER] = given.headers[approvals.HEADER]
        return self.client.post(path, data=data, headers=headers)

    def csrf(self) -> str:
        found = re.search(r'"X-CSRF-Token": "(\w+)"', self.client.get("/").text)
        assert found
        return found[1]

    def sign_in(self, staff: str = "lucas") -> "Screen":
        response = self.post("/sign-in", staff=staff, pin=PINS[staff])
        assert response.status_code == 302, response.text
        return self

    def open_check(self, table: str = "hall-3", covers: int = 2) -> str:
        name = uuid.uuid4().hex
        assert self.post("/checks", check=name, table=table, covers=covers).status_code == 204
        return name

    def add(self, check: str, item: str = "har-gow-steamed", **form: Any) -> TestResponse:
        response = self.post(f"/checks/{check}/items/{item}", **form)
        assert response.status_code == 200, response.text
        return response


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a till that was founded once; tests work on copies."""
    folder = tmp_path_factory.mktemp("founded")
    HostTill(folder).stop()
    return folder


@pytest.fixture
def till(tmp_path: Path, founded: Path) -> Iterator[HostTill]:
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    till = HostTill(tmp_path)
    yield till
    till.stop()


@pytest.fixture
def screen(till: HostTill) -> Screen:
    return Screen(till, till.app().test_client())


@pytest.fixture
def waiter(screen: Screen) -> Screen:
    return screen.sign_in()
