"""Makes a terminal's identity: once, at first boot, from what an installer may have left."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from comptoir import durable
from comptoir.domain.errors import EventMalformed
from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from comptoir.identity import CLOUD_CARD, House, Identity, IdentityRefused, Place, read
from comptoir.signer import Signer

# A cold boot may have no clock, and a LAN certificate is trusted by being listed, not by its dates
NOT_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(2099, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cloud:
    """How the bridge reaches the cloud, PEM texts; ``card`` is the head office's, if any."""

    host: str
    port: int
    ca_pem: str
    cert_pem: str
    key_pem: str
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an installer may hand to a new terminal; everything is optional."""

    restaurant: House = field(default_factory=House)
    terminal: Place = field(default_factory=Place)
    trust: tuple[Card, ...] = ()
    peers: Mapping[str, str] = field(default_factory=dict)
    cloud: Cloud | None = None


def read_enrolment(path: Path) -> Enrolment:
    """Read an enrolment file; raises IdentityRefused naming what is wrong in it."""
    try:
        return load(Enrolment, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, EventMalformed) as error:
        raise IdentityRefused(f"{path}: {error}. Write the enrolment file again.") from error


def write_enrolment(path: Path, enrolment: Enrolment) -> None:
    """Write an enrolment file, which holds a key: only its owner reads it."""
    durable.replace(path, _json(dump(enrolment)), durable.PRIVATE)


def create(directory: Path, enrolment: Enrolment, peers_file: Path) -> Identity:
    """Make the keys and write the identity; refuses to replace one.

    ``terminal.json`` is written last: where it is missing, making starts again.
    """
    if (directory / "terminal.json").exists():
        raise IdentityRefused(f"{directory} holds an identity already; it is never replaced.")
    directory.mkdir(parents=True, exist_ok=True)
    signer = Signer.generate()
    place = _placed(enrolment.terminal, signer)
    house = _housed(enrolment.restaurant, signer)
    lan_key, lan_cert = _lan_certificate(place.id)
    card = Card(place.id, place.letter, place.name, signer.public, lan_cert)
    durable.replace(directory / "signing.key", signer.pem(), durable.PRIVATE)
    durable.replace(directory / "lan.key", lan_key, durable.SHARED)
    durable.replace(directory / "lan.crt", lan_cert.encode(), durable.PUBLIC)
    if enrolment.cloud is not None:
        take_cloud(directory, enrolment.cloud)
    write_house(directory, replace(enrolment, restaurant=house), card, peers_file)
    return read(directory)


def write_house(directory: Path, enrolment: Enrolment, card: Card, peers_file: Path) -> None:
    """Write which restaurant a terminal is of, whom it trusts, and under which card it is there."""
    cards = [dump(other) for other in (*enrolment.trust, card)]
    place = Place(card.terminal, card.letter, card.name)
    if enrolment.peers:
        peers_file.parent.mkdir(parents=True, exist_ok=True)
        durable.replace(peers_file, _json(dict(enrolment.peers)))
    durable.replace(directory / "trust.json", _json(cards))
    durable.replace(
        directory / "terminal.json",
        _json({"restaurant": dump(enrolment.restaurant), "terminal": dump(place)}),
    )


def _placed(place: Place, signer: Signer) -> Place:
    name = place.id or "t" + hashlib.sha256(signer.public.encode()).hexdigest()[:8]
    return Place(name, place.letter, place.name)


def _housed(house: House, signer: Signer) -> House:
    name = house.id or "r" + hashlib.sha256(base64.b64decode(signer.public)).hexdigest()[:12]
    return House(name, house.name, house.currency, house.timezone)


def enrol_again(identity: Identity, enrolment: Enrolment) -> None:
    """Give a terminal a new way to its cloud; everything else of it stays."""
    cloud, house = enrolment.cloud, enrolment.restaurant.id
    if cloud is None:
        raise IdentityRefused("This enrolment names no cloud. Write one: comptoir cloud enrol")
    if house and house != identity.restaurant.id:
        raise IdentityRefused(
            f"This enrolment is for {house}; this terminal is of {identity.restaurant.id}."
        )
    take_cloud(identity.directory, cloud)


def take_cloud(directory: Path, cloud: Cloud) -> None:
    """Write how the cloud is reached; ``cloud.json``, which makes the broker look, is the last."""
    durable.replace(directory / "cloud-ca.crt", cloud.ca_pem.encode(), durable.PUBLIC)
    durable.replace(directory / "cloud.crt", cloud.cert_pem.encode(), durable.PUBLIC)
    durable.replace(directory / "cloud.key", cloud.key_pem.encode(), durable.SHARED)
    if cloud.card is not None:
        durable.replace(directory / CLOUD_CARD, _json(dump(cloud.card)))
    durable.replace(directory / "cloud.json", _json({"host": cloud.host, "port": cloud.port}))


def _lan_certificate(terminal: str) -> tuple[bytes, str]:
    """Return (PKCS#8 PEM key, PEM certificate), self-signed, ECDSA P-256, CN = terminal."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, terminal)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        # Listed makes it trusted: as a CA it could also issue names of other terminals
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(terminal)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, certificate.public_bytes(Encoding.PEM).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"
