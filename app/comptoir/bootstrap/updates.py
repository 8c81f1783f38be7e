"""Builds the updates program: this terminal's bundles, its peers', and whose turn it is."""

import configparser
import ssl
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from comptoir.bootstrap.peer_names import named
from comptoir.bootstrap.terminal import BOOT_ID, SystemClock
from comptoir.bus import Address, CloudTls, Endpoint, PeerTls
from comptoir.cloud_link import CloudLink
from comptoir.domain.errors import Refusal
from comptoir.domain.house import Card
from comptoir.identity import Identity
from comptoir.journal import Journal
from comptoir.replica import PeerBook
from comptoir.replica.roster import Roster
from comptoir.replica.whereabouts import places
from comptoir.settings import Settings
from comptoir.updates import Links, Place, Program
from comptoir.updates.bundles import Content
from comptoir.updates.door import Door
from comptoir.updates.install import Files, Install
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Source
from comptoir.updates.store import Shelf

EVERYWHERE, HERE = "::", "127.0.0.1"
ROOTS = (Path("/dev/comptoir/root-a"), Path("/dev/comptoir/root-b"))


class NoUpdates(Refusal):
    """This machine has no RAUC that would install anything."""


def open_updates(journal: Journal, identity: Identity, settings: Settings) -> Program:
    """Return the updates program of this terminal."""
    folder = settings.data_dir / "updates"
    folder.mkdir(exist_ok=True)
    shelf = Shelf(folder)
    shelf.refresh()
    serving: dict[str, Content] = {}
    peers = _Peers(journal, identity, settings)
    door = Door(
        (EVERYWHERE, settings.update_port),
        shelf.find,
        Rate(settings.update_bytes_s),
        peers.context,
        peers.listed,
    )
    tap = Door((HERE, settings.update_tap_port), serving.get, Rate(settings.update_bytes_s))
    links = Links(
        Endpoint(
            "own broker", Address(settings.broker_host, settings.broker_port), "comptoir-updates"
        ),
        peers.roster,
        peers.sources,
        tap,
        door,
        Rate(settings.update_bytes_s),
    )
    boot = BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""
    files = Files(
        folder, settings.update_orders, settings.update_result, settings.update_note, boot
    )
    install = Install(files, lambda about, content: serving.update({about.bundle: content}))
    clock, kind = SystemClock(), compatible(settings.rauc_config)
    place = Place(identity.terminal, version("comptoir"), kind, clock, root=running(ROOTS))
    return Program(journal, place, links, shelf, install)


def running(roots: Sequence[Path], top: Path = Path("/")) -> Path | None:
    """Return which of two partitions the running system was booted from; None on none of them."""
    here = top.stat().st_dev
    return next((one for one in roots if one.exists() and one.stat().st_rdev == here), None)


def compatible(config: Path) -> str:
    """Return for which updates this terminal is made, as its RAUC is configured."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    if not read.read(config, encoding="utf-8") or not read.has_option("system", "compatible"):
        raise NoUpdates(f"{config} does not say for which updates this terminal is. Flash it anew.")
    return read.get("system", "compatible")


class _Peers:
    """Who may ask for bundles here, and who may be asked."""

    def __init__(self, journal: Journal, identity: Identity, settings: Settings) -> None:
        self._journal = journal
        self._identity = identity
        self._port = settings.update_port
        self._book = PeerBook(settings.peers_file)
        self._named = named(settings)
        self._certificate = identity.directory / "lan.crt"
        self._key = identity.directory / "lan.key"
        self._renewed = settings.renewed_file

    def roster(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return who takes part, and who never does again."""
        roster = self._now()
        return frozenset(roster.admitted), roster.retired

    def context(self) -> ssl.SSLContext | None:
        """Return a context that lets listed certificates in, and no other."""
        pems = [card.lan_cert for card in self._others().values()]
        if not pems:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self._certificate, self._key)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata="\n".join(pems))
        return context

    def listed(self, shown: bytes) -> bool:
        """Tell whether a certificate is one of the listed ones itself."""
        listed = [ssl.PEM_cert_to_DER_cert(card.lan_cert) for card in self._others().values()]
        return shown in listed

    def sources(self, live: Sequence[str]) -> list[Source]:
        """Return who may have a bundle: live peers, those after this one first, then the cloud."""
        cards, book, me = self._others(), self._book.addresses(), self._identity.terminal
        order = sorted(live, key=lambda name: (name < me, name))
        peers = [
            self._peer(name, cards[name], at)
            for name in order
            if name in cards
            for at in places(name, book, self._named)
        ]
        return [*peers, *self._clouds()]

    def _peer(self, name: str, card: Card, broker: Address) -> Source:
        tls = PeerTls(self._certificate, self._key, name, card.lan_cert)
        return Source(name, Address(broker.host, self._port), tls.context, tls.accepts)

    def _clouds(self) -> list[Source]:
        link = CloudLink.read(self._identity.directory, self._renewed)  # it is renewed meanwhile
        if link is None or link.ca is None or link.certificate is None or link.key is None:
            return []
        tls = CloudTls(link.ca, link.certificate, link.key)
        hosts = link.address.rpartition(":")[0].split(",")
        accepts: Callable[[bytes | None], bool] = tls.accepts
        return [
            Source("cloud", Address(host, self._port), tls.context, accepts, host) for host in hosts
        ]

    def _now(self) -> Roster:
        return Roster.of(self._identity.trust, self._journal.states("terminal"))

    def _others(self) -> Mapping[str, Card]:
        me = self._identity.terminal
        return {n: c for n, c in self._now().admitted.items() if n != me and c.lan_cert}
