"""Who this replica is, what it is connected to, and how fast it works."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from comptoir.bus import Address, Endpoint, Inbox, Link, Transport
from comptoir.domain.house import Card
from comptoir.replica.peerbook import PeerBook
from comptoir.replica.renewal import Paper
from comptoir.replica.truststore import TrustStore
from comptoir.replica.whereabouts import Named


class Clock(Protocol):
    """Tells the time of day."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        ...


Connect = Callable[[Endpoint, Inbox, Sequence[str]], Link]
Seconds = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Member:
    """A terminal of a restaurant, and the cards it trusted from the start, its own too.

    ``head_office`` is an author too, but no terminal: nothing is kept there, nobody connects to it.
    """

    restaurant: str
    terminal: str
    trust: Mapping[str, Card]
    has_cloud: bool = False
    head_office: Card | None = None

    @property
    def authors(self) -> Mapping[str, Card]:
        """Return the cards of all whose events are believed from the start."""
        if self.head_office is None:
            return self.trust
        return {**self.trust, self.head_office.terminal: self.head_office}


@dataclass(frozen=True, slots=True)
class Lan:
    """This terminal's own broker, its certificate, its peers and whom its broker trusts.

    ``connect`` makes the links, ``seconds`` is a clock that never runs back; ``screens`` is the
    port at which the till answers browsers; ``time_known`` tells whether the clock is confirmed;
    ``paper`` is what the bridge shows the cloud; ``disk`` a folder on the disk of the journal;
    ``named`` is where a peer is found by name.
    """

    broker: Address
    certificate: Path
    key: Path
    peers: PeerBook
    trust_store: TrustStore
    connect: Connect = Transport
    seconds: Seconds = time.monotonic
    screens: int = 0
    time_known: Callable[[], bool] = lambda: True
    paper: Paper | None = None
    disk: Path | None = None
    named: Named | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Intervals in seconds, and bounds; who lacks ``join_events`` asks for the present first."""

    heartbeat_s: float = 0.5
    heartbeats_missed: int = 3
    vector_s: float = 2.0
    poll_s: float = 0.25
    safe_copies: int = 2
    events_max: int = 200
    bytes_max: int = 256 * 1024
    uplink_window: int = 2000
    mark_stall_s: float = 10.0
    join_events: int = 2000
