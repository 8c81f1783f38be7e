"""Session tokens: signed by the terminal that checked the PIN, believed by every peer.

A token says terminal, staff and expiry. It is void once its terminal is retired or its person is
no longer active.
"""

from collections.abc import Mapping

import msgspec

from comptoir.domain.errors import DomainError
from comptoir.domain.house import Card, Staff
from comptoir.journal import Journal, Signer
from comptoir.web.tokens import Kind, TerminalRetired, TokenUnreadable

PREFIX = "cs1"
LIFE_MS = 16 * 3600 * 1000


class SignInNeeded(DomainError):
    """No session, or one that is no longer believed."""

    code = "sign-in-needed"
    status = 401

    def __init__(self, why: str = "Sign in with your PIN.") -> None:
        super().__init__(why)


class Session(msgspec.Struct, frozen=True):
    """Who signed in where; ``expires`` in milliseconds since 1970."""

    terminal: str
    staff: str
    expires: int


_KIND = Kind(PREFIX, b"comptoir session\0", Session)


def issue(session: Session, signer: Signer) -> str:
    """Return the token of a session, signed by this terminal."""
    return _KIND.issue(session, signer)


def believe(
    token: str, journal: Journal, trust: Mapping[str, Card], now_ms: int
) -> tuple[Session, Staff]:
    """Return the session and its person; raises SignInNeeded when it must not be believed."""
    try:
        session = _KIND.read(token, journal, trust)
    except TerminalRetired as error:
        why = "The terminal you signed in on is retired. Sign in again here."
        raise SignInNeeded(why) from error
    except TokenUnreadable as error:
        raise SignInNeeded from error
    if session.expires <= now_ms:
        raise SignInNeeded("Your session has ended. Sign in again.")
    staff: Staff = journal.state(f"staff:{session.staff}")
    if not (staff.active and staff.name):
        raise SignInNeeded
    return session, staff
