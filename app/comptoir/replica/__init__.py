"""Terminals share their journals: push, pull, copies counted, uplink. No terminal is special."""

from comptoir.replica.member import Lan, Member, Pace
from comptoir.replica.peerbook import PeerBook
from comptoir.replica.replica import Replica
from comptoir.replica.truststore import TrustStore

__all__ = [
    "Lan",
    "Member",
    "Pace",
    "PeerBook",
    "Replica",
    "TrustStore",
]
