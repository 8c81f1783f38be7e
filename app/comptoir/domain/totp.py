"""The second factor: one-time codes by time, as RFC 6238 has them (SHA-1, six digits, 30 seconds).

These are what every authenticator app makes. The whole of it is one HMAC and a truncation, and the
RFC brings its own test vectors, so that no library stands between.
"""

import base64
import hmac

from comptoir.domain.errors import DomainError

STEP_S = 30
DIGITS = 6
DRIFT_STEPS = 1  # a phone's clock may be half a minute off, and a person takes time to type
SECRET_BYTES = 20  # RFC 4226 wants no less than 16


class SecretRefused(DomainError):
    """A shared secret that is no base32 text of enough bytes."""

    code = "secret-refused"

    def __init__(self) -> None:
        super().__init__("This second factor is broken. Give the person a new one.")


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a time step."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_at(now_ms: int) -> int:
    """Return the time step of a moment."""
    return now_ms // 1000 // STEP_S


def matching_step(secret: str, code: str, now_ms: int) -> int | None:
    """Return the step whose code this is, a step early or late allowed; None for a wrong one.

    Whoever asks must note the step: a code is good once.
    """
    key, found = bytes_of(secret), None
    now = step_at(now_ms)
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(key, step).encode(), code.encode()):
            found = step
    return found


def text_of(secret: bytes) -> str:
    """Return a secret as authenticator apps take it."""
    return base64.b32encode(secret).decode().rstrip("=")


def bytes_of(secret: str) -> bytes:
    """Return the bytes of a secret; raises SecretRefused."""
    try:
        found = base64.b32decode(secret + "=" * (-len(secret) % 8))
    except ValueError as error:
        raise SecretRefused from error
    if len(found) < SECRET_BYTES:
        raise SecretRefused
    return found
