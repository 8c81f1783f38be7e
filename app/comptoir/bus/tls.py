"""TLS of the links: on the LAN exactly one listed certificate is right, in the cloud its CA's."""

import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class CertificateRefused(ValueError):
    """A certificate that does not say what its card says."""


def common_name(pem: str) -> str:
    """Return the CN of a certificate that can issue none, whose subject is nothing but a CN."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        issuer = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, x509.ExtensionNotFound) as error:
        raise CertificateRefused(f"no certificate of a terminal: {error}") from error
    if issuer:
        raise CertificateRefused("it could issue certificates in the names of others")
    subject = certificate.subject
    names = [attribute.value for attribute in subject]
    oids = [attribute.oid for attribute in subject]
    if oids != [NameOID.COMMON_NAME] or not isinstance(names[0], str):
        raise CertificateRefused(f"subject must be one common name, not {subject.rfc4514_string()}")
    return names[0]


def check_made_out_to(terminal: str, pem: str) -> None:
    """Raise CertificateRefused unless the CN is the terminal, a name fit for a topic."""
    name = common_name(pem)
    if not _NAME.fullmatch(name):
        raise CertificateRefused(f"{name!r} is no terminal's name")
    if name != terminal:
        raise CertificateRefused(f"the certificate of {terminal} is made out to {name}")


@dataclass(frozen=True, slots=True)
class PeerTls:
    """This terminal's certificate, and the only one that the peer may show."""

    certificate: Path
    key: Path
    terminal: str
    peer_pem: str

    def context(self) -> ssl.SSLContext:
        """Return a context that trusts the listed certificate alone; its CN must be the peer."""
        check_made_out_to(self.terminal, self.peer_pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # addresses change; the certificate is pinned instead
        context.load_verify_locations(cadata=self.peer_pem)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def accepts(self, shown: bytes | None) -> bool:
        """Tell whether the DER certificate that the peer showed is the listed one."""
        return shown == ssl.PEM_cert_to_DER_cert(self.peer_pem)


@dataclass(frozen=True, slots=True)
class CloudTls:
    """A client certificate of the cloud's own CA, for its own broker."""

    ca: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return a context that checks the broker's name against the cloud's CA."""
        context = ssl.create_default_context(cafile=str(self.ca))
        context.load_cert_chain(self.certificate, self.key)
        return context

    def accepts(self, shown: bytes | None) -> bool:
        """Tell whether a certificate was shown at all; the context has checked it."""
        return shown is not None
