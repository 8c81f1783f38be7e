"""The envelope of an event: what is hashed, signed, stored and relayed byte for byte."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from comptoir.domain.errors import EventMalformed
from comptoir.domain.records import canonical, load

PAYLOAD_BYTES_MAX = 64 * 1024
COUNT_MAX = 1 << 63  # what SQLite and PostgreSQL count to
GENESIS = ""
MARK_CHARACTERS = 32
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One fact of one terminal.

    ``seq`` counts 1..n without a hole within (terminal, epoch); ``hlc`` is a hybrid logical clock
    reading; ``business_date`` is ISO 8601; ``prev_hash`` is the hex SHA-256 of the event before, or
    empty for the first of an epoch. ``command`` is the id under which a browser asked for it,
    ``asked`` a mark of what was asked for, so that an id used again for something else is noticed.
    ``prev_signature`` is the mark of the signature of the event before, so that a chained range
    proves its signatures too; absent in the first of an epoch and in events of older versions.
    """

    restaurant: str
    terminal: str
    epoch: int
    seq: int
    hlc: int
    business_date: str
    actor: str
    kind: str
    v: int
    body: Mapping[str, Any]
    prev_hash: str
    approver: str | None = None
    command: str | None = None
    asked: str | None = None
    prev_signature: str | None = None

    @property
    def order(self) -> tuple[int, str, int, int]:
        """Return the key by which every terminal folds: (hlc, terminal, epoch, seq)."""
        return self.hlc, self.terminal, self.epoch, self.seq


class Head(NamedTuple):
    """How far a log is held: the highest contiguous seq and the hash at it."""

    seq: int
    hash: str


LogId = tuple[str, int]
Vector = Mapping[LogId, Head]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event as it travels: the payload's exact bytes and the terminal's Ed25519 signature.

    The signature is over the 32 bytes of the payload's SHA-256.
    """

    payload: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """Return the SHA-256 of the payload, 32 bytes."""
        return hashlib.sha256(self.payload).digest()

    @property
    def mark(self) -> str:
        """Return what the next event says of this one's signature: half of its SHA-256, hex."""
        return hashlib.sha256(self.signature).hexdigest()[:MARK_CHARACTERS]


def encode(envelope: Envelope) -> bytes:
    """Return the canonical bytes of an envelope, at most 64 KiB."""
    fields = {name: getattr(envelope, name) for name in Envelope.__slots__}
    payload = canonical(fields)
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise EventMalformed(
            f"{envelope.kind} is {len(payload)} bytes, the limit is {PAYLOAD_BYTES_MAX}"
        )
    return payload


def decode(payload: bytes) -> Envelope:
    """Read an envelope; raises EventMalformed for anything that is none."""
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise EventMalformed(f"event of {len(payload)} bytes, the limit is {PAYLOAD_BYTES_MAX}")
    try:
        fields = json.loads(payload)
        if _HALF_CHARACTER.search(payload):
            json.dumps(fields, ensure_ascii=False).encode()  # raises for half a character
    except (ValueError, RecursionError) as error:
        raise EventMalformed(f"event is not JSON: {error}") from error
    envelope = load(Envelope, fields)
    counts = (envelope.epoch, envelope.seq, envelope.v, envelope.hlc + 1)
    if not all(1 <= count < COUNT_MAX for count in counts):
        raise EventMalformed(f"event of {envelope.terminal} counts out of range")
    return envelope
