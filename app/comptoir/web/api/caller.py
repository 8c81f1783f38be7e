"""Who calls the API: a person's session or a program's token, and the id of their command."""

from collections.abc import Iterable

from flask import g, request

from comptoir.commands import Actor, Command, Outcome, queries
from comptoir.domain.errors import DomainError
from comptoir.domain.events import Event
from comptoir.web import approvals, sessions
from comptoir.web.claims import Intent, hold
from comptoir.web.services import services

APPROVAL = approvals.HEADER


class TokenRefused(DomainError):
    """No token, or one that nobody holds."""

    code = "token-refused"
    status = 401

    def __init__(self, why: str) -> None:
        super().__init__(why)


def identify() -> None:
    """Find out whose the bearer token is; raises TokenRefused."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused(
            "Send Authorization: Bearer and a token, from POST /api/v1/sessions"
            " or made for your program by a manager."
        )
    g.actor = _person(token) if token.startswith(f"{sessions.PREFIX}.") else _program(token)


def _person(token: str) -> Actor:
    s = services()
    _, staff = sessions.believe(token, s.journal, s.identity.trust, s.clock.now_ms())
    return Actor(staff.id, staff.role)


def _program(token: str) -> Actor:
    client = queries.client_by_token(services().journal, token)
    if client is None:
        raise TokenRefused("No program here has this token. Ask a manager for a new one.")
    return Actor(client.id, client.role)


def actor() -> Actor:
    """Return who calls."""
    found: Actor = g.actor
    return found


def remember_key(key: str) -> None:
    """Note the id that the caller gave to this command."""
    g.command = key


def command_id() -> str:
    """Return the command's id."""
    return str(g.command)


def carry_out(command: Command) -> tuple[Outcome, str]:
    """Carry out a command; returns what it became, and how safe its events are by now."""
    s = services()
    approval = request.headers.get(APPROVAL)
    by = approvals.approver(approval, command_id()) if approval else None
    outcome = s.desk.run(command, actor(), by)
    return outcome, settle(outcome.events)


def ask_money(command: Intent) -> tuple[Outcome, str]:
    """Carry out an intent, and wait until nobody else can be taking that money."""
    outcome, safety = carry_out(command)
    hold(services(), command, outcome.events, carry_out)
    return outcome, safety


def settle(events: Iterable[Event]) -> str:
    """Wait a little for events to be SAFE; returns their level."""
    s = services()
    return str(s.safety.wait(events, s.settings.safe_wait_ms))
