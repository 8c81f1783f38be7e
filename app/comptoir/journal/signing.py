"""Everyone checks what terminals have signed with Ed25519 (RFC 8032)."""

import base64
from collections.abc import Sequence
from itertools import pairwise

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comptoir.domain.envelope import Envelope, Sealed


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
