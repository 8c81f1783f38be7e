"""Ed25519: the terminal signs its events, everyone checks them (RFC 8032)."""

import base64
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from comptoir.domain.envelope import Envelope, Sealed


class Signer:
    """Holds a terminal's private key; only the till process ever builds one."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> "Signer":
        """Make a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """Read a PKCS#8 PEM file."""
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path} holds no Ed25519 key; restore the identity or enrol again")
        return cls(key)

    def pem(self) -> bytes:
        """Return the key as PKCS#8 PEM."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, digest: bytes) -> bytes:
        """Sign a 32-byte digest; the signature is 64 bytes."""
        return self._key.sign(digest)

    @property
    def public(self) -> str:
        """Return the raw public key in base64, as a card carries it."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()


class Verifier:
    """Checks signatures of one terminal; a card without a usable key signs nothing."""

    def __init__(self, public: str) -> None:
        try:
            raw = base64.b64decode(public, validate=True)
            self._key: Ed25519PublicKey | None = Ed25519PublicKey.from_public_bytes(raw)
        except ValueError:
            self._key = None

    def accepts(self, digest: bytes, signature: bytes) -> bool:
        """Tell whether the signature over a digest is the terminal's."""
        if self._key is None:
            return False
        try:
            self._key.verify(signature, digest)
        except InvalidSignature:
            return False
        return True


def proven(run: Sequence[tuple[Envelope, Sealed]], verifier: Verifier) -> int:
    """Return how many of a chained run, from its first on, carry their author's signature.

    The last one's is checked, and by it the chain. Each event names the signature of the one
    before, so that the others need a hash; what an older version wrote needs a check of its own.
    """
    if not run or not verifier.accepts(run[-1][1].digest, run[-1][1].signature):
        return 0
    for place, ((_, one), (following, _)) in enumerate(pairwise(run)):
        named = following.prev_signature == one.mark
        if not named and not verifier.accepts(one.digest, one.signature):
            return place
    return len(run)
