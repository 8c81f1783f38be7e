"""Somebody on the LAN with a certificate of his own choice, who says what he likes."""

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

from comptoir.bus import Address, Endpoint, Inbox, PeerTls, Transport, topics, wire
from comptoir.domain.envelope import Sealed
from comptoir.enrolment import NOT_AFTER, NOT_BEFORE
from tests.fakes.restaurant import Terminal


class Thief:
    """A client at a victim's broker, under the ``lan.crt`` and ``lan.key`` of a folder."""

    def __init__(self, victim: Terminal, papers: Path, name: str) -> None:
        self.name = name
        self.inbox = Inbox()
        tls = PeerTls(papers / "lan.crt", papers / "lan.key", victim.name, victim.card.lan_cert)
        address = Address("127.0.0.1", victim.broker.lan_port)
        reply = topics.REPLY.at("r1", name, victim.name)
        self.link = Transport(Endpoint("thief", address, name, tls), self.inbox, [reply])
        self.link.start()

    def connects(self, seconds: float = 60.0) -> bool:
        return self.link.wait_connected(seconds)

    def push(self, batch: list[Sealed], under: str = "") -> bool:
        topic = topics.EV.at("r1", under or self.name)
        return self.link.publish(topic, wire.pack(wire.events_of(batch)))

    def stop(self) -> None:
        self.link.stop()


def papers_issued_by(issuer: Terminal, name: str, folder: Path) -> Path:
    """Make a certificate for another name, signed with a listed terminal's LAN key."""
    folder.mkdir()
    listed = x509.load_pem_x509_certificate(issuer.card.lan_cert.encode())
    pem = (issuer.folder / "identity/lan.key").read_bytes()
    signing = load_pem_private_key(pem, password=None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(listed.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        .sign(signing, hashes.SHA256())
    )
    chain = made.public_bytes(Encoding.PEM) + issuer.card.lan_cert.encode()
    (folder / "lan.crt").write_bytes(chain)
    (folder / "lan.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return folder
