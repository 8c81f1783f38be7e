"""Terminals share their journals: push, pull, copies counted, uplink. No terminal is special."""

from comptoir.replica.bridge import CloudLink, bridge_block
from comptoir.replica.member import Lan, Member, Pace
from comptoir.replica.peerbook import PeerBook
from comptoir.replica.replica import Replica
from comptoir.replica.truststore import TrustStore

__all__ = [
    "CloudLink",
    "Lan",
    "Member",
    "Pace",
    "PeerBook",
    "Replica",
    "TrustStore",
    "bridge_block",
]
