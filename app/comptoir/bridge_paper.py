"""The certificate with which the bridge comes in at the cloud, and how the next one is asked for.

The enrolled one stays as it was given; what the cloud renews lies beside it, key and certificate in
one file, so that a power cut leaves the old pair or the new one.
"""

import logging
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from comptoir import durable
from comptoir.bus import wire
from comptoir.cloud_link import CloudLink, CloudLinkRefused, client_id, ends_ms, origin
from comptoir.identity import Identity

log = logging.getLogger(__name__)
BEGUN = "begun"


class BridgePaper:
    """Reads when the bridge's certificate ends, asks for the next, and puts it in its place."""

    def __init__(self, identity: Identity, renewed: Path) -> None:
        self._identity = identity
        self._renewed = renewed
        self._key: ec.EllipticCurvePrivateKey | None = None

    def ends_ms(self) -> int:
        """Return when it ends, in milliseconds since 1970; 0 where the cloud wants none."""
        link = self._link()
        if link is None or link.certificate is None or not link.certificate.exists():
            return 0
        self._tell_bridge(link)
        try:
            return ends_ms(link.certificate)
        except CloudLinkRefused as error:  # there is no bridge, and nothing to renew
            log.warning("%s", error)
            return 0

    def names_client(self) -> bool:
        """Tell whether it says its bridge's client id, without which RabbitMQ 4 refuses it."""
        link = self._link()
        return link is not None and bool(client_id(link))

    def ask(self) -> wire.Renew:
        """Return a request for a new key, which is the same until it was answered."""
        if self._key is None:
            self._key = ec.generate_private_key(ec.SECP256R1())
        house, me = self._identity.restaurant.id, self._identity.terminal
        link = self._link()
        client = (client_id(link) if link else "") or f"{house}.{me}"
        made = (
            x509.CertificateSigningRequestBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, house)]))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(client)]), critical=False)
            .sign(self._key, hashes.SHA256())
            .public_bytes(Encoding.DER)
        )
        return wire.Renew(made, self._signed(wire.renewal_text(house, me, made)))

    def take(self, certificate: bytes) -> bool:
        """Put an answer in its place if it fits what was asked for.

        Nothing else is ever removed or replaced, whatever this machine believes the time to be.
        """
        link = self._link()
        if self._key is None or link is None or not _fits(certificate, self._key):
            return False
        private = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            content = origin(self._enrolled) + certificate + private
            durable.replace(self._renewed, content, durable.SHARED)
        except OSError as error:  # asked for again later; the one that is here is good for days
            log.error("the renewed certificate of the bridge: %s", error)  # noqa: TRY400 - a full disk is no fault of the code
            return False
        self._key = None
        self._tell_bridge(self._link())
        return True

    def _tell_bridge(self, link: CloudLink | None) -> None:
        """Say once of each enrolment that its bridge is to show the renewed one from now on.

        What was cut off between the renewed file and this is made good at the next look.
        """
        if link is None or link.certificate != self._renewed:
            return
        begun, enrolment = self._renewed.parent / BEGUN, origin(self._enrolled)
        try:
            if not begun.exists() or begun.read_bytes() != enrolment:
                durable.replace(begun, enrolment)
        except OSError as error:
            log.error("the bridge is not told of its renewed certificate: %s", error)  # noqa: TRY400 - a full disk is no fault of the code

    @property
    def _enrolled(self) -> Path:
        return self._identity.directory / "cloud.crt"

    def _link(self) -> CloudLink | None:
        return CloudLink.read(self._identity.directory, self._renewed)

    def _signed(self, text: bytes) -> bytes:
        key = load_pem_private_key((self._identity.directory / "lan.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("lan.key is no key on a curve")
        return key.sign(text, ec.ECDSA(hashes.SHA256()))


def _fits(certificate: bytes, key: ec.EllipticCurvePrivateKey) -> bool:
    """Tell whether a certificate is for a key."""
    try:
        shown = x509.load_pem_x509_certificate(certificate).public_key()
    except ValueError:
        return False
    return shown == key.public_key()
