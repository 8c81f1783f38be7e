"""Renews the certificates of restaurants' bridges, as long as their terminals take part.

It signs with an authority of its own, which only the cloud's broker believes: the one that says to
terminals and databases who is the cloud lies on no server.
"""

import re
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from comptoir.bus import wire
from comptoir.cloud.papers import APP, BRIDGE_DAYS, RENEWER, Papers
from comptoir.cloud.store import Store
from comptoir.domain.errors import Refusal

FOLDER = "renewing"
_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,64}")


class RenewalRefused(Refusal):
    """A request that is not its terminal's, or of one that takes part no more."""


class Renewer:
    """Signs what a terminal that takes part asks for, in its restaurant's name and no other."""

    def __init__(self, papers: Papers, store: Store) -> None:
        self._papers = papers
        self._store = store

    @classmethod
    def of(cls, folder: Path, store: Store) -> Self | None:
        """Return the renewer whose authority lies in a folder; None where it does not."""
        here = folder / FOLDER
        if not (here / "ca.key").exists():
            return None
        return cls(Papers(here, RENEWER), store)

    def renewed(self, restaurant: str, terminal: str, asked: wire.Renew) -> bytes:
        """Return the certificate, PEM; raises RenewalRefused."""
        card = self._store.taking_part(restaurant, terminal)
        if card is None or restaurant == APP:
            raise RenewalRefused(f"{restaurant}/{terminal} takes no part, so nothing is renewed.")
        text = wire.renewal_text(restaurant, terminal, asked.request)
        if not _signed(card.lan_cert, text, asked.signature):
            raise RenewalRefused(f"{restaurant}/{terminal} did not ask for this itself.")
        key, client = _read(asked.request)
        if not _CLIENT.fullmatch(client) or not client.startswith(f"{restaurant}."):
            raise RenewalRefused(f"{client!r} is no client id of {restaurant}.")
        return self._papers.sign(key, restaurant, days=BRIDGE_DAYS, client=client)


def _signed(pem: str, text: bytes, signature: bytes) -> bool:
    """Tell whether the key of a LAN certificate signed the text."""
    try:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(signature, text, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(request: bytes) -> tuple[ec.EllipticCurvePublicKey, str]:
    """Return the key that asks, proven by its own signature, and the client id it asks for."""
    try:
        read = x509.load_der_x509_csr(request)
        names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key, own = read.public_key(), read.is_signature_valid
    except (ValueError, x509.ExtensionNotFound) as error:
        raise RenewalRefused(f"no request for a certificate: {error}") from error
    if not own or not isinstance(key, ec.EllipticCurvePublicKey):
        raise RenewalRefused("the request is not signed by the key that it brings.")
    return key, next(iter(names.get_values_for_type(x509.DNSName)), "")
