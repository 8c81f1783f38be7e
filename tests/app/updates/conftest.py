"""Terminals with real LAN certificates, each with a door for bundles."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.bus import Address, PeerTls
from comptoir.enrolment import Enrolment, create
from comptoir.identity import Identity, Place
from comptoir.updates.bundles import Content, Held, whole
from comptoir.updates.door import Door
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Source

FAST = 1 << 30


class Neighbour:
    """A terminal that gives bundles to those it knows."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.identity: Identity = create(
            folder / "identity", Enrolment(terminal=Place(name)), folder / "peers.json"
        )
        self.known: list[Neighbour] = []
        self.held: dict[str, Content] = {}
        self.asked = 0
        self.door = Door(("127.0.0.1", 0), self._find, Rate(FAST), self._context, self._listed)

    @property
    def name(self) -> str:
        return self.identity.terminal

    @property
    def pem(self) -> str:
        return self.identity.card.lan_cert

    def _find(self, bundle: str) -> Content | None:
        self.asked += 1
        return self.held.get(bundle)

    def _context(self) -> ssl.SSLContext | None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        here = self.identity.directory
        context.load_cert_chain(here / "lan.crt", here / "lan.key")
        context.verify_mode = ssl.CERT_REQUIRED
        if self.known:
            context.load_verify_locations(cadata="".join(one.pem for one in self.known))
        return context

    def _listed(self, shown: bytes) -> bool:
        return shown in [ssl.PEM_cert_to_DER_cert(one.pem) for one in self.known]

    def has(self, file: Path) -> Held:
        """Let it have the bundle of a file."""
        held = whole(file)
        self.held[held.about.bundle] = held
        return held

    def seen_by(self, other: "Neighbour", pem: str = "") -> Source:
        """Return it as a source of another one, who expects this certificate."""
        here = other.identity.directory
        tls = PeerTls(here / "lan.crt", here / "lan.key", self.name, pem or self.pem)
        at = Address("127.0.0.1", self.door.server_port)
        return Source(self.name, at, tls.context, tls.accepts)


@pytest.fixture
def neighbours(tmp_path: Path) -> Iterator[list[Neighbour]]:
    """Three terminals that know each other."""
    made = [Neighbour(tmp_path / name, name) for name in ("t1", "t2", "t3")]
    for one in made:
        one.known = [other for other in made if other is not one]
        one.door.start()
    yield made
    for one in made:
        one.door.stop()
