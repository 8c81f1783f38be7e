"""Builds everything: the one module that knows all parts and puts them together."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir import identity as identities
from comptoir import samples
from comptoir.bus import Address, CloudTls, Endpoint
from comptoir.cloud import EmbeddedStore, Ingest, Store
from comptoir.commands import (
    Actor,
    AttestRetired,
    Desk,
    FoundRestaurant,
    PublishFloor,
    PublishMenu,
    SetStaff,
    fiscal_archive,
    queries,
)
from comptoir.domain.house import SYSTEM
from comptoir.identity import Identity
from comptoir.journal import Journal, OwnLog, Signer, Verdict, verify
from comptoir.replica import (
    CloudLink,
    Lan,
    Member,
    Pace,
    PeerBook,
    Replica,
    TrustStore,
    bridge_block,
)
from comptoir.settings import Settings
from comptoir.web.changes import Changes
from comptoir.web.printers import PrinterBoard
from comptoir.web.program import Till
from comptoir.web.safety import SafetyBoard
from comptoir.web.services import Services
from comptoir.web.throttle import Throttle

if TYPE_CHECKING:
    from comptoir.devices import Devices

SYSTEM_ACTOR = Actor(SYSTEM, SYSTEM)


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000


def open_journal(settings: Settings) -> Journal:
    """Return the journal; ``comptoir migrate`` has made its tables."""
    return Journal(settings.journal_file)


def migrate(settings: Settings) -> list[str]:
    """Make or update the journal's tables; returns the names of the migrations applied."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    journal = open_journal(settings)
    try:
        return journal.migrate()
    finally:
        journal.close()


def open_desk(journal: Journal, identity: Identity) -> Desk:
    """Return the desk of this terminal; its own log is not open yet."""
    clock = SystemClock()
    signer = Signer.load(identity.directory / "signing.key")
    log = OwnLog(
        journal, signer, clock, restaurant=identity.restaurant.id, terminal=identity.terminal
    )
    return Desk(log, clock, letter=identity.place.letter)


def found_if_new(desk: Desk, identity: Identity, settings: Settings) -> None:
    """Found the restaurant when this terminal knows no other and nothing was founded yet.

    The command ids are fixed, so a power cut in the middle is made good at the next start.
    """
    if not identity.founder or not settings.sample:
        return
    journal = desk.log.journal
    if queries.restaurant(journal).id and queries.staff(journal):
        return
    sample = samples.load(settings.sample)
    house = identity.restaurant
    about = sample.restaurant
    key = f"found-{identity.terminal}"
    for command in (
        FoundRestaurant(
            f"{key}-restaurant",
            house.name or about.name,
            house.currency or about.currency,
            house.timezone or about.timezone,
            about.languages,
            identity.card,
        ),
        PublishMenu(f"{key}-menu", sample.menu),
        PublishFloor(f"{key}-floor", sample.areas),
        *(
            SetStaff(f"{key}-staff-{p.id}", p.id, p.name, p.role, p.pin, p.language)
            for p in sample.staff
        ),
    ):
        desk.run(command, SYSTEM_ACTOR)


def open_till(journal: Journal, identity: Identity, settings: Settings) -> Till:
    """Return the till program of this terminal."""
    desk = open_desk(journal, identity)
    changes = Changes()
    services = Services(
        settings=settings,
        desk=desk,
        journal=journal,
        identity=identity,
        clock=desk.clock,
        signer=Signer.load(identity.directory / "signing.key"),
        changes=changes,
        safety=SafetyBoard(changes.notify),
        printers=PrinterBoard(changes.notify),
        throttle=Throttle(settings.data_dir / "wrong-pins.json"),
    )
    broker = Endpoint(
        "own broker", Address(settings.broker_host, settings.broker_port), "comptoir-till"
    )
    return Till(
        services,
        broker,
        on_open=lambda: found_if_new(desk, identity, settings),
        on_news=lambda: attest_retired(desk),
    )


def open_devices(journal: Journal, identity: Identity, settings: Settings) -> "Devices":
    """Return the devices program of this terminal."""
    from comptoir.devices import Devices, Look  # noqa: PLC0415 - drawing libraries, for one program only

    broker = Endpoint(
        "own broker", Address(settings.broker_host, settings.broker_port), "comptoir-devices"
    )
    look = Look(settings.print_font, settings.receipt_url)
    return Devices(journal, identity.terminal, SystemClock(), broker, look)


def attest_retired(desk: Desk) -> None:
    """Attest how far every retired terminal's log is held here; done once for each."""
    mine = desk.log.terminal
    for terminal in queries.terminals(desk.log.journal):
        heard = any(seen.by == mine for seen in terminal.last_seen)
        if terminal.retired and not heard:
            desk.run(AttestRetired(f"attest-{mine}-{terminal.id}", terminal.id), SYSTEM_ACTOR)


def make_identity(settings: Settings, enrolment_file: Path | None) -> Identity:
    """Make this terminal's identity, from an enrolment file when there is one."""
    enrolment = (
        identities.read_enrolment(enrolment_file)
        if enrolment_file is not None
        else identities.Enrolment()
    )
    return identities.create(settings.identity_dir, enrolment, settings.peers_file)


def verify_journal(settings: Settings) -> Verdict:
    """Check the journal against the identity's trust."""
    journal = open_journal(settings)
    try:
        verdict = verify(journal, identities.read(settings.identity_dir).trust)
        verdict.faults += fiscal_archive.series_faults(journal)
        return verdict
    finally:
        journal.close()


def archive_series(settings: Settings, file: Path) -> int:
    """Write the fiscal series held here as an archive signed by this terminal."""
    identity = identities.read(settings.identity_dir)
    journal = open_journal(settings)
    try:
        signer = Signer.load(identity.directory / "signing.key")
        return fiscal_archive.write(journal, identity.terminal, signer, file)
    finally:
        journal.close()


def check_archive(settings: Settings, file: Path) -> tuple[int, list[str]]:
    """Check an archive of the fiscal series by the cards known here."""
    identity = identities.read(settings.identity_dir)
    journal = open_journal(settings)
    try:
        known = {one.id: one.card for one in queries.terminals(journal) if one.card is not None}
        return fiscal_archive.check(file, known | dict(identity.trust))
    finally:
        journal.close()


def open_replica(journal: Journal, identity: Identity, settings: Settings) -> Replica:
    """Return the replica program of this terminal."""
    has_cloud = CloudLink.read(settings.identity_dir) is not None
    member = Member(identity.restaurant.id, identity.terminal, identity.trust, has_cloud=has_cloud)
    lan = Lan(
        Address(settings.broker_host, settings.broker_port),
        identity.directory / "lan.crt",
        identity.directory / "lan.key",
        PeerBook(settings.peers_file),
        TrustStore.with_marker(settings.peers_dir),
    )
    pace = Pace(
        heartbeat_s=settings.heartbeat_ms / 1000,
        heartbeats_missed=settings.heartbeats_missed,
        vector_s=settings.vector_ms / 1000,
        safe_copies=settings.safe_copies,
        events_max=settings.pull_events_max,
        bytes_max=settings.pull_bytes_max,
        uplink_window=settings.uplink_window,
        mark_stall_s=settings.mark_stall_s,
    )
    return Replica(journal, member, lan, pace, SystemClock())


def bridge_config(settings: Settings) -> str:
    """Return the broker's way to the cloud; empty when this terminal has no cloud."""
    identity = identities.read(settings.identity_dir)
    link = CloudLink.read(identity.directory)
    return bridge_block(identity.restaurant.id, identity.terminal, link) if link else ""


def open_store(settings: Settings) -> Store:
    """Return the cloud's store: PostgreSQL where a DSN is set, else the embedded one."""
    if settings.cloud_store:
        from comptoir.cloud.postgres import PostgresStore  # noqa: PLC0415 - terminals ship no psycopg

        return PostgresStore(settings.cloud_store)
    return EmbeddedStore(settings.data_dir / "cloud")


def open_ingest(store: Store, settings: Settings) -> Ingest:
    """Return an ingest worker of the cloud."""
    tls = None
    if settings.cloud_tls_dir:
        folder = Path(settings.cloud_tls_dir)
        tls = CloudTls(folder / "ca.crt", folder / "client.crt", folder / "client.key")
    address = Address(settings.cloud_host, settings.cloud_port)
    return Ingest(store, Endpoint("cloud broker", address, f"ingest-{os.getpid()}", tls))
