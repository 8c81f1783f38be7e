"""A terminal that gives bundles at a door of its own, over mTLS with a real LAN certificate."""

import ssl
from pathlib import Path

from comptoir.bus import Address, PeerTls
from comptoir.domain.house import Card
from comptoir.identity import Identity
from comptoir.updates.bundles import Content, Held, whole
from comptoir.updates.door import Door
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Source

FAST = 1 << 30


class Neighbour:
    """Gives what it ``has`` to those it knows."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.known: list[Card] = []
        self.held: dict[str, Content] = {}
        self.asked = 0
        self.door = Door(("127.0.0.1", 0), self._find, Rate(FAST), self._context, self._listed)

    @property
    def name(self) -> str:
        return self.identity.terminal

    @property
    def card(self) -> Card:
        return self.identity.card

    def _find(self, bundle: str) -> Content | None:
        self.asked += 1
        return self.held.get(bundle)

    def _context(self) -> ssl.SSLContext | None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        here = self.identity.directory
        context.load_cert_chain(here / "lan.crt", here / "lan.key")
        context.verify_mode = ssl.CERT_REQUIRED
        if self.known:
            context.load_verify_locations(cadata="".join(one.lan_cert for one in self.known))
        return context

    def _listed(self, shown: bytes) -> bool:
        return shown in [ssl.PEM_cert_to_DER_cert(one.lan_cert) for one in self.known]

    def has(self, file: Path) -> Held:
        """Let it have the bundle of a file."""
        held = whole(file)
        self.held[held.about.bundle] = held
        return held

    def seen_by(self, other: "Neighbour", pem: str = "") -> Source:
        """Return it as a source of another one, who expects this certificate."""
        here = other.identity.directory
        tls = PeerTls(here / "lan.crt", here / "lan.key", self.name, pem or self.card.lan_cert)
        at = Address("127.0.0.1", self.door.server_port)
        return Source(self.name, at, tls.context, tls.accepts)
