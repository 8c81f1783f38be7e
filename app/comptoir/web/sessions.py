"""Session tokens: signed by the terminal that checked the PIN, believed by every peer.

A token is ``cs1.<payload>.<signature>``, both in URL-safe base64; the payload is JSON (terminal,
staff, expiry). It is void once its terminal is retired or its person is no longer active.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping

import msgspec

from comptoir.domain.errors import DomainError
from comptoir.domain.house import Card, Staff, Terminal
from comptoir.journal import Journal, Signer, Verifier

PREFIX = "cs1"
LIFE_MS = 16 * 3600 * 1000
# Signed together with the payload, so that no signature over an event is one over a session
PURPOSE = b"comptoir session\0"


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


def issue(session: Session, signer: Signer) -> str:
    """Return the token of a session, signed by this terminal."""
    payload = msgspec.json.encode(session)
    return f"{PREFIX}.{_text(payload)}.{_text(signer.sign(_digest(payload)))}"


def believe(
    token: str, journal: Journal, trust: Mapping[str, Card], now_ms: int
) -> tuple[Session, Staff]:
    """Return the session and its person; raises SignInNeeded when it must not be believed."""
    session, payload, signature = _parse(token)
    card = _card(session.terminal, journal, trust)
    if not Verifier(card.signing_key).accepts(_digest(payload), signature):
        raise SignInNeeded
    if session.expires <= now_ms:
        raise SignInNeeded("Your session has ended. Sign in again.")
    staff: Staff = journal.state(f"staff:{session.staff}")
    if not (staff.active and staff.name):
        raise SignInNeeded
    return session, staff


def _card(name: str, journal: Journal, trust: Mapping[str, Card]) -> Card:
    terminal: Terminal = journal.state(f"terminal:{name}")
    card = terminal.card or trust.get(name)
    if terminal.retired or card is None:
        raise SignInNeeded("The terminal you signed in on is retired. Sign in again here.")
    return card


def _parse(token: str) -> tuple[Session, bytes, bytes]:
    prefix, _, rest = token.partition(".")
    payload, _, signature = rest.partition(".")
    try:
        raw = _bytes(payload)
        session = msgspec.json.decode(raw, type=Session)
        mark = _bytes(signature)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise SignInNeeded from error
    if prefix != PREFIX:
        raise SignInNeeded
    return session, raw, mark


def _digest(payload: bytes) -> bytes:
    return hashlib.sha256(PURPOSE + payload).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
