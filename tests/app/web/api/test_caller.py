import uuid

import pytest

from comptoir.commands import SetClient
from tests.app.web.api.conftest import Caller
from tests.fakes.box import BOSS
from tests.fakes.till import HostTill


@pytest.mark.parametrize(
    "header", ["", "Basic eA==", "Bearer", "Bearer nonsense", "Bearer cs1.x.y"]
)
def test_without_a_believed_token_nothing_is_told(till: HostTill, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    response = till.app().test_client().get("/api/v1/checks", headers=headers)
    assert response.status_code == 401
    assert response.get_json()["code"] in {"token-refused", "sign-in-needed"}


def test_a_program_has_a_token_of_its_own(till: HostTill) -> None:
    token = "t" * 40
    till.desk.run(SetClient("command-1", "web", "Web orders", "waiter", token), BOSS)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "command-2"}
    client = till.app().test_client()
    assert client.post("/api/v1/checks", json={"check": "c1"}, headers=headers).status_code == 201
    assert till.journal.state("check:c1").server == "web"
    assert token not in str(till.journal.states("client"))


def test_a_program_that_lost_access_is_refused(till: HostTill) -> None:
    token = "t" * 40
    for active in (True, False):
        command = SetClient(uuid.uuid4().hex, "web", "Web", "waiter", token, active)
        till.desk.run(command, BOSS)
    headers = {"Authorization": f"Bearer {token}"}
    assert till.app().test_client().get("/api/v1/checks", headers=headers).status_code == 401


def test_a_role_that_may_not_is_refused(till: HostTill) -> None:
    cook = Caller(till, "chen-qiang")
    response = cook.post("/checks", {"check": "c1"})
    assert (response.status_code, response.get_json()["code"]) == (403, "not-allowed")


def test_a_screens_cookie_opens_no_api(till: HostTill) -> None:
    """A page of another site could make a browser send cookies; it cannot send our header."""
    client = till.app().test_client()
    client.set_cookie("comptoir_80", Caller(till).token)
    assert client.get("/api/v1/checks").status_code == 401
