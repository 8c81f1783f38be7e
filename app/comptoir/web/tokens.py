"""Tokens that one terminal signs and every peer believes: ``<prefix>.<payload>.<signature>``.

Both parts in URL-safe base64; the payload is JSON and names its terminal. What the signature is
for goes under it, so that no signature over an event, or another kind of token, is one over this.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from comptoir.domain.house import Card, Terminal
from comptoir.journal import Journal, Signer, Verifier


class Record(Protocol):
    """What a token says; it names the terminal that signed it."""

    @property
    def terminal(self) -> str:
        """Return the signing terminal's id."""
        ...


R = TypeVar("R", bound=Record)


class TokenUnreadable(Exception):
    """No token of this kind, or one that nobody of this restaurant signed."""


class TerminalRetired(TokenUnreadable):
    """The terminal that signed takes part no more."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """A kind of token: how it begins, what its signature is for, what it says."""

    prefix: str
    purpose: bytes
    record: type[R]

    def issue(self, record: R, signer: Signer) -> str:
        """Return a token signed by this terminal."""
        payload = msgspec.json.encode(record)
        return f"{self.prefix}.{_text(payload)}.{_text(signer.sign(self._digest(payload)))}"

    def read(self, token: str, journal: Journal, trust: Mapping[str, Card]) -> R:
        """Return what a token says; raises TokenUnreadable when it must not be believed."""
        record, payload, signature = self._parse(token)
        card = _card(record.terminal, journal, trust)
        if not Verifier(card.signing_key).accepts(self._digest(payload), signature):
            raise TokenUnreadable
        return record

    def _parse(self, token: str) -> tuple[R, bytes, bytes]:
        prefix, _, rest = token.partition(".")
        payload, _, signature = rest.partition(".")
        try:
            raw = _bytes(payload)
            record = msgspec.json.decode(raw, type=self.record)
            mark = _bytes(signature)
        except (binascii.Error, ValueError, msgspec.DecodeError) as error:
            raise TokenUnreadable from error
        if prefix != self.prefix:
            raise TokenUnreadable
        return record, raw, mark

    def _digest(self, payload: bytes) -> bytes:
        return hashlib.sha256(self.purpose + payload).digest()


def _card(name: str, journal: Journal, trust: Mapping[str, Card]) -> Card:
    terminal: Terminal = journal.state(f"terminal:{name}")
    card = terminal.card or trust.get(name)
    if (terminal.retired and not terminal.suspended) or card is None:
        raise TerminalRetired
    return card


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
