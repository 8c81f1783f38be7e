"""A technician's visit: who may come in with which key, and until when by whose clock."""

import base64
import binascii
import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from comptoir.domain.code_letters import code_letters
from comptoir.domain.errors import DomainError
from comptoir.domain.events import Event, VisitEnded, VisitGranted
from comptoir.domain.events.visits import VISIT
from comptoir.domain.hlc import milliseconds

__all__ = ["VISIT", "Visit", "code_of", "fold_visit", "left_ms", "public_key"]

MINUTES_MAX = 60
AHEAD_MS_MAX = 10 * 60_000  # as far as a terminal's clock may be ahead of another's
KEY_CHARACTERS_MAX = 1000
KEY_TYPES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa")


class KeyRefused(DomainError):
    """What a technician sent is no public SSH key that a terminal understands."""

    code = "key-refused"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            f"This is no public SSH key ({', '.join(KEY_TYPES)}). Send the file that ends in .pub."
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """The visit as last granted; ``id`` is empty before the first, ``by`` the manager.

    ``terminal`` is the one at which it was granted.
    """

    id: str = ""
    technician: str = ""
    key: str = ""
    by: str = ""
    terminal: str = ""
    granted_ms: int = 0
    until_ms: int = 0
    ended: bool = False


def fold_visit(_: str, events: Sequence[Event]) -> Visit:
    """Fold the visits: the last one granted counts, until somebody ends it."""
    state = Visit()
    for event in events:
        match event.body:
            case VisitGranted() as body:
                state = _granted(event, body)
            case VisitEnded() as body if body.visit == state.id:
                state = replace(state, ended=True)
            case _:
                pass
    return state


def _granted(event: Event, body: VisitGranted) -> Visit:
    at, envelope = milliseconds(event.envelope.hlc), event.envelope
    name = f"{envelope.terminal}-{envelope.epoch}-{envelope.seq}"
    minutes = max(0, min(body.minutes, MINUTES_MAX))
    until_ms = at + minutes * 60_000
    return Visit(name, body.technician, body.key, envelope.actor, envelope.terminal, at, until_ms)


def left_ms(visit: Visit, now_ms: int, newest_ms: int = 0) -> int:
    """Return how long a visit lasts yet, by a clock that is known to be right; 0 when it is over.

    Granted in a future that no clock of the restaurant can have reached, it does not begin. It is
    over for a terminal that itself wrote something, at ``newest_ms``, well after its end, even
    where somebody has set the clock back.
    """
    if visit.ended or now_ms < visit.granted_ms - AHEAD_MS_MAX:
        return 0
    if newest_ms > visit.until_ms + AHEAD_MS_MAX:
        return 0
    return max(0, min(visit.until_ms - now_ms, visit.until_ms - visit.granted_ms))


def public_key(text: str) -> str:
    """Return a public SSH key without its comment; raises KeyRefused for anything else."""
    kind, _, rest = text.strip().partition(" ")
    encoded = rest.strip().partition(" ")[0]
    if len(text) > KEY_CHARACTERS_MAX or kind not in KEY_TYPES or not encoded.isascii():
        raise KeyRefused
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyRefused from error
    name = kind.encode()
    if raw[: 4 + len(name)] != len(name).to_bytes(4, "big") + name:
        raise KeyRefused
    return f"{kind} {encoded}"


@functools.lru_cache(maxsize=64)
def code_of(key: str) -> str:
    """Return what the manager and the technician compare: letters made of the key."""
    return code_letters(base64.b64decode(key.partition(" ")[2]), b"comptoir visit")
