"""The way to the cloud: the block that makes this terminal's Mosquitto forward what we upload."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509

from comptoir.domain.errors import Refusal

log = logging.getLogger(__name__)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CloudLinkRefused(Refusal):
    """What an enrolment left here is no certificate."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is no certificate. Enrol this terminal with the cloud again.")


@dataclass(frozen=True, slots=True)
class CloudLink:
    """Where the cloud's broker is (host:port), and the files that prove us; none: plain TCP.

    Of a cluster all hosts are named, with commas: host,host,host:port.
    """

    address: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @classmethod
    def read(cls, directory: Path, renewed: Path | None = None) -> Self | None:
        """Return the link that an enrolment left in the identity's folder; None for no cloud.

        Without a CA file the link is plain TCP, as a demonstration on one computer wants it. What
        the cloud ``renewed`` is shown instead of the enrolled certificate that it continues.
        """
        file = directory / "cloud.json"
        if not file.exists():
            return None
        about = json.loads(file.read_text(encoding="utf-8"))
        address = f"{about['host']}:{int(about['port'])}"
        ca = directory / "cloud-ca.crt"
        if not ca.exists() or not ca.stat().st_size:
            return cls(address)
        enrolled = directory / "cloud.crt"
        if renewed is not None and continues(renewed, enrolled):
            return cls(address, ca, renewed, renewed)
        return cls(address, ca, enrolled, directory / "cloud.key")


def _every(address: str) -> str:
    """Return each host with the port: of a name with several addresses the first alone is tried."""
    hosts, _, port = address.rpartition(":")
    return " ".join(f"{host}:{port}" for host in hosts.split(","))


def client_id(link: CloudLink) -> str:
    """Return the client id that the certificate names; empty for none.

    It begins with the restaurant's id and a dot, which no id has, and is no other certificate's.
    """
    if link.certificate is None or not link.certificate.exists():
        return ""
    try:
        names = (
            _read(link.certificate)
            .extensions.get_extension_for_class(x509.SubjectAlternativeName)
            .value
        )
    except x509.ExtensionNotFound:
        return ""
    return next(iter(names.get_values_for_type(x509.DNSName)), "")


def ends_ms(certificate: Path) -> int:
    """Return when a certificate ends, in milliseconds since 1970."""
    return milliseconds(_read(certificate))


def milliseconds(certificate: x509.Certificate) -> int:
    """Return when a certificate ends, in milliseconds since 1970."""
    return (certificate.not_valid_after_utc - EPOCH) // timedelta(milliseconds=1)


def origin(enrolled: Path) -> bytes:
    """Return the line that says in a renewed file from which enrolment it comes."""
    return b"enrolled " + hashlib.sha256(enrolled.read_bytes()).hexdigest().encode() + b"\n"


def continues(renewed: Path, enrolled: Path) -> bool:
    """Tell whether a renewed file is whole, and of the enrolment that is here now."""
    if not (renewed.exists() and enrolled.exists()):
        return False
    try:
        _read(renewed)
    except CloudLinkRefused as error:
        log.warning("%s", error)
        return False
    return renewed.read_bytes().startswith(origin(enrolled))


def _read(certificate: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError as error:
        raise CloudLinkRefused(certificate) from error


def bridge_block(restaurant: str, terminal: str, link: CloudLink) -> str:
    """Return the ``connection`` block for mosquitto.conf.

    Each line was chosen against a fault: a clean session or an unset ``try_private`` loses or
    refuses, ``restart_timeout`` bounds the way back, notifications would be retained for ever.
    """
    name = f"{restaurant}-{terminal}"
    lines = [
        "connection cloud",
        f"address {_every(link.address)}",
        f"remote_clientid {client_id(link) or f'{restaurant}.{terminal}'}",
        f"local_clientid {name}-bridge",
        f"topic r/{restaurant}/up/# out 1",
        f"topic r/{restaurant}/down/# in 1",
        "cleansession false",
        "notifications false",
        "try_private false",
        "restart_timeout 1 5",
        "keepalive_interval 10",
        "bridge_attempt_unsubscribe false",
    ]
    if link.ca is not None:
        lines += [
            f"bridge_cafile {link.ca}",
            f"bridge_certfile {link.certificate}",
            f"bridge_keyfile {link.key}",
        ]
    return "\n".join(lines) + "\n"
