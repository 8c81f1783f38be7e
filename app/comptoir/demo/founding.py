"""How the demo's restaurant comes to be: identities, menu, staff, and the robots' access."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comptoir import samples
from comptoir.bootstrap.desk import found_if_new, open_desk
from comptoir.bootstrap.terminal import open_journal
from comptoir.commands import AdmitTerminal, SetClient
from comptoir.commands.desk import SYSTEM_ACTOR
from comptoir.demo.certificates import CloudAuthority
from comptoir.demo.layout import LOCALHOST, Spot, settings_text
from comptoir.domain.house import MANAGER, WAITER, Card
from comptoir.enrolment import Cloud, Enrolment, create
from comptoir.identity import House, Identity, Place
from comptoir.journal import Journal

RESTAURANT = "demo"
SAMPLE = "chinese"
WRITTEN = (
    "data_dir", "identity_dir", "peers_dir", "peers_file", "update_note", "http_host", "http_port",
    "broker_port", "lan_port", "sse_streams_max", "sample",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """Tokens by which the robots and the demo itself use the tills' API."""

    robot: str
    manager: str


@dataclass(frozen=True, slots=True)
class Wiring:
    """Where a terminal reaches its peers (by id) and the cloud: ports of its cables."""

    peers: Mapping[str, int]
    cloud: int


def enrol(
    spot: Spot, wiring: Wiring, authority: CloudAuthority, trust: tuple[Card, ...]
) -> Identity:
    """Make a terminal's folders, identity and settings."""
    settings = spot.settings()
    for folder in (settings.data_dir, settings.peers_dir):
        folder.mkdir(parents=True)
    certificate, key = authority.issue(f"{RESTAURANT}/{spot.id}")
    spot.settings_file.write_text(settings_text(settings, WRITTEN), encoding="utf-8")
    sample = samples.load(SAMPLE).restaurant
    enrolment = Enrolment(
        restaurant=House(RESTAURANT, sample.name, sample.currency, sample.timezone),
        terminal=Place(spot.id, spot.letter, spot.name),
        trust=trust,
        peers={peer: f"{LOCALHOST}:{port}" for peer, port in wiring.peers.items()},
        cloud=Cloud(LOCALHOST, wiring.cloud, authority.ca_pem, certificate, key),
    )
    return create(settings.identity_dir, enrolment, settings.peers_file)


def found(first: Spot, identities: Sequence[Identity]) -> Access:
    """Found the restaurant on its first terminal and admit the others."""
    access = Access(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    settings = first.settings()
    journal: Journal = open_journal(settings)
    try:
        journal.migrate()
        desk = open_desk(journal, identities[0])
        desk.log.open(peers_answered=False)
        found_if_new(desk, identities[0], settings)
        for other in identities[1:]:
            admit = AdmitTerminal(f"admit-{other.terminal}", other.card)
            desk.run(admit, SYSTEM_ACTOR)
        for name, role, token in (
            ("robots", WAITER, access.robot),
            ("demo", MANAGER, access.manager),
        ):
            desk.run(SetClient(f"client-{name}", name, name, role, token), SYSTEM_ACTOR)
        desk.log.close()
    finally:
        journal.close()
    return access


def people() -> list[dict[str, str]]:
    """Return the sample's staff with their PINs, for the page."""
    staff = samples.load(SAMPLE).staff
    return [{"name": person.name, "role": person.role, "pin": person.pin} for person in staff]
