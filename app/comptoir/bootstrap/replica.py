"""Builds the replica: this terminal's journal, shared with its peers and the cloud."""

from comptoir.bootstrap.peer_names import named
from comptoir.bootstrap.terminal import known_time
from comptoir.bridge_paper import BridgePaper
from comptoir.bus import Address
from comptoir.cloud_link import CloudLink
from comptoir.identity import Identity
from comptoir.journal import Journal
from comptoir.replica import Lan, Member, Pace, PeerBook, Replica, TrustStore
from comptoir.settings import Settings


def open_replica(journal: Journal, identity: Identity, settings: Settings) -> Replica:
    """Return the replica program of this terminal."""
    has_cloud = CloudLink.read(settings.identity_dir) is not None
    member = Member(
        identity.restaurant.id,
        identity.terminal,
        identity.trust,
        has_cloud=has_cloud,
        head_office=identity.cloud,
    )
    clock = known_time(journal, identity.terminal, settings)
    lan = Lan(
        Address(settings.broker_host, settings.broker_port),
        identity.directory / "lan.crt",
        identity.directory / "lan.key",
        PeerBook(settings.peers_file),
        TrustStore.with_marker(settings.peers_dir),
        screens=settings.http_port,
        time_known=lambda: clock.known,
        paper=BridgePaper(identity, settings.renewed_file) if has_cloud else None,
        disk=settings.data_dir,
        named=named(settings),
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
        join_events=settings.join_events,
    )
    return Replica(journal, member, lan, pace, clock)
