"""D6, T7: a manager approves one command where the waiter stands, by PIN or badge."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import g

from comptoir.commands import SetStaff
from comptoir.commands.desk import SERVICE, Actor, Command, Desk, handles, need_manager
from comptoir.commands.permissions import matrix
from comptoir.domain import events as ev
from comptoir.journal import Writing
from comptoir.web.api.caller import APPROVAL, carry_out, remember_key
from tests.app.web.api.conftest import Caller
from tests.fakes.box import BOSS, StandingClock

BADGE = "0012345678"


@dataclass(frozen=True, slots=True)
class Grave(Command):
    """A command that needs a manager."""


@pytest.fixture(autouse=True)
def grave() -> Iterator[None]:
    """Enter a row, and take it out again: other tests look at the whole table."""

    @handles(Grave, SERVICE)
    def carry(command: Grave, writing: Writing, desk: Desk) -> None:
        del command, desk
        need_manager(writing, "This")
        writing.append(ev.FloorPublished(()))

    yield
    del matrix()[Grave]  # type: ignore[attr-defined]


def approval(caller: Caller, key: str, **who: str) -> str:
    caller.sign_in("lucas")
    body = {"pin": "1234", "staff": "li-wei", "command": key} | who
    answer = caller.post("/approvals", body)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["token"])


def run(caller: Caller, key: str, token: str) -> str | None:
    """Carry out the grave command as the waiter, with this approval; returns the approver."""
    app = caller.till.app()
    with app.test_request_context(headers={APPROVAL: token}):
        g.actor = Actor("lucas", "waiter")
        remember_key(key)
        outcome, _ = carry_out(Grave(key))
    return outcome.events[0].envelope.approver


def test_a_pin_approves_the_command_it_was_given_for(caller: Caller) -> None:
    key = uuid.uuid4().hex
    assert run(caller, key, approval(caller, key)) == "li-wei"


def test_a_badge_approves_too(caller: Caller) -> None:
    caller.till.desk.run(SetStaff("k", "li-wei", "Li", "manager", badge=BADGE), BOSS)
    key = uuid.uuid4().hex
    caller.sign_in("lucas")
    token = caller.post("/approvals", {"badge": BADGE, "command": key}).get_json()["token"]
    assert run(caller, key, token) == "li-wei"


def test_it_is_for_that_one_command_only(caller: Caller) -> None:
    token = approval(caller, "command-1")
    with pytest.raises(Exception, match="not for this"):
        run(caller, "command-2", token)


def test_it_is_too_old_after_two_minutes(caller: Caller) -> None:
    clock = caller.till.use_clock(StandingClock())
    caller = Caller(caller.till)
    token = approval(caller, "command-1")
    clock.ms += 2 * 60 * 1000
    with pytest.raises(Exception, match="too old"):
        run(caller, "command-1", token)


@pytest.mark.parametrize("token", ["", "x", "ca1.e30.e30", "cs1.a.b"])
def test_what_is_no_approval_approves_nothing(caller: Caller, token: str) -> None:
    with pytest.raises(Exception, match=r"approval|manager"):
        run(caller, "command-1", token)


def test_a_session_is_no_approval(caller: Caller) -> None:
    with pytest.raises(Exception, match="not for this"):
        run(caller, "command-1", caller.token)


def test_who_is_no_manager_approves_nothing(caller: Caller) -> None:
    caller.sign_in("lucas")
    body = {"pin": "4567", "staff": "lucas", "command": "command-1"}
    assert caller.post("/approvals", body).status_code == 403


def test_guessing_a_managers_pin_is_slowed_down(caller: Caller) -> None:
    caller.sign_in("lucas")
    body = {"pin": "9999", "staff": "li-wei", "command": "command-1"}
    statuses = [caller.post("/approvals", body).status_code for _ in range(6)]
    assert (statuses[0], statuses[-1]) == (403, 429)


def test_somebody_signs_in_with_a_badge(caller: Caller) -> None:
    body = {"name": "Lucas", "role": "waiter", "badge": BADGE}
    assert caller.put("/staff/lucas", body).status_code == 200
    session = caller.client.post("/api/v1/sessions", json={"badge": BADGE})
    assert session.get_json()["staff"]["id"] == "lucas"
    wrong = caller.client.post("/api/v1/sessions", json={"badge": "99999999"})
    assert wrong.status_code == 403
    caller.put("/staff/lucas", body | {"badge": ""})
    assert caller.client.post("/api/v1/sessions", json={"badge": BADGE}).status_code == 403


def test_neither_pin_nor_badge_is_nobody(caller: Caller) -> None:
    assert caller.client.post("/api/v1/sessions", json={}).status_code == 403
