"""The cloud's own authority: certificates for its servers and workers, and for restaurants.

It lives in a folder of whoever runs the cloud, on no server: who takes a server cannot let
restaurants in.
"""

import ipaddress
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comptoir import durable
from comptoir.cloud.store import checked_id
from comptoir.domain.errors import Refusal

APP = "comptoir-cloud"  # whom brokers and databases let in as the cloud's own programs
DAYS = 730
BRIDGE_DAYS = 7  # who lost it gets no other, so it ends soon by itself
DAYS_LEFT = 30
AUTHORITY_DAYS = 7300
AUTHORITY, RENEWER = "Comptoir cloud authority", "Comptoir renewing authority"
SINCE = datetime(1970, 1, 1, tzinfo=UTC)  # a terminal may start without a clock


def _now() -> datetime:
    return datetime.now(UTC)


class PaperRefused(Refusal):
    """A certificate that must not be made, or an authority that is broken."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate and its key, PEM."""

    certificate: bytes
    key: bytes


class Papers:
    """``ca.crt`` and ``ca.key`` of a folder, made at first use; ``<name>.crt`` and ``.key``."""

    def __init__(
        self, folder: Path, authority: str = AUTHORITY, now: Callable[[], datetime] = _now
    ) -> None:
        self._folder = folder
        self._name = authority
        self._now = now
        self._ca = folder / "ca.crt"

    def keep(self, name: str, hosts: Sequence[str] = (), days: int = DAYS) -> bool:
        """Have a lasting certificate for a name in the folder; tells whether it was made now.

        ``hosts`` are the names and addresses at which a server is found.
        """
        file = self._folder / f"{name}.crt"
        if self._good(file, hosts):
            return False
        paper = self.issue(name, hosts, days)
        durable.replace(file.with_suffix(".key"), paper.key, durable.PRIVATE)
        durable.replace(file, paper.certificate, durable.PUBLIC)
        return True

    def for_restaurant(self, restaurant: str, days: int = BRIDGE_DAYS) -> Paper:
        """Return what lets a restaurant's terminals upload, and hear, in its name alone."""
        if checked_id(restaurant) == APP:
            raise PaperRefused(
                f"{APP} is the cloud's own name; call the restaurant something else."
            )
        if (self._folder / f"{restaurant}.crt").exists():
            raise PaperRefused(f"{restaurant} is a server; call the restaurant something else.")
        return self.issue(restaurant, (), days, f"{restaurant}.{secrets.token_hex(4)}")

    def authority(self) -> bytes:
        """Return the authority's certificate, made at first use."""
        self._found()
        return self._ca.read_bytes()

    def issue(
        self, name: str, hosts: Sequence[str] = (), days: int = DAYS, client: str = ""
    ) -> Paper:
        """Return a certificate of this authority, good for ``days`` from now.

        ``client`` is the one client id that RabbitMQ takes from who shows it.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        return Paper(self.sign(key.public_key(), name, hosts, days, client), _pem(key))

    def sign(
        self,
        key: ec.EllipticCurvePublicKey,
        name: str,
        hosts: Sequence[str] = (),
        days: int = DAYS,
        client: str = "",
    ) -> bytes:
        """Return a certificate, PEM, for a key that its owner keeps."""
        issuer, signer = self._found()
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH]
        until = self._now() + timedelta(days=days)
        builder = _builder(_named(name), issuer.subject, key, until).add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        if hosts:
            uses.append(ExtendedKeyUsageOID.SERVER_AUTH)
        if names := [_place(host) for host in hosts] or ([x509.DNSName(client)] if client else []):
            found_at = x509.SubjectAlternativeName(names)
            builder = builder.add_extension(found_at, critical=False)
        made = (
            builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(_known_by(signer), critical=False)
            .sign(signer, hashes.SHA256())
        )
        return made.public_bytes(Encoding.PEM)

    def _found(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        file = self._folder / "ca.key"
        if not file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            durable.replace(file, _pem(ec.generate_private_key(ec.SECP256R1())), durable.PRIVATE)
        key = load_pem_private_key(file.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise PaperRefused(f"{file}: not a key of this authority. Restore it.")
        if not self._ca.exists():
            durable.replace(self._ca, _self_signed(key, self._name, self._now()), durable.PUBLIC)
        return x509.load_pem_x509_certificate(self._ca.read_bytes()), key

    def _good(self, file: Path, hosts: Sequence[str]) -> bool:
        """Tell whether a certificate there is this authority's, lasts, and names these hosts."""
        if not (file.exists() and file.with_suffix(".key").exists()):
            return False
        found = x509.load_pem_x509_certificate(file.read_bytes())
        try:
            found.verify_directly_issued_by(self._found()[0])
        except (InvalidSignature, TypeError, ValueError):
            return False
        lasts = found.not_valid_after_utc > self._now() + timedelta(days=DAYS_LEFT)
        return lasts and _hosts_of(found) == {_place(host) for host in hosts}


def _hosts_of(certificate: x509.Certificate) -> set[x509.GeneralName]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return set()
    return set(found.value)


def _place(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _self_signed(key: ec.EllipticCurvePrivateKey, called: str, now: datetime) -> bytes:
    name = _named(called)
    may = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        _builder(name, name, key.public_key(), now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(may, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(until)
    )


def _known_by(signer: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
