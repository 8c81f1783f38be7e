"""Who lives: a peer is dead when nothing was heard of it for some heartbeats."""

from collections.abc import Mapping

from comptoir.bus import Address

CLOCKS_MIN = 3
OFF_MS_MIN = 5000  # less is how long messages take, and no reason to jump


class Liveness:
    """Remembers when each peer was heard last; times are monotonic seconds."""

    def __init__(self, dead_after_s: float) -> None:
        self._dead_after_s = dead_after_s
        self._heard: dict[str, float] = {}
        self._cloud: dict[str, bool] = {}
        self._ahead_ms: dict[str, int] = {}
        self._screens: dict[str, int] = {}
        self._sure: dict[str, bool] = {}
        self._speaks: dict[str, int] = {}

    def heard(self, peer: str, now_s: float) -> None:
        """Note a sign of life."""
        self._heard[peer] = now_s

    def says(
        self, peer: str, *, cloud: bool, ahead_ms: int = 0, screens: int = 0, sure: bool = True
    ) -> None:
        """Note whether a peer says that the cloud answers it, and how far its clock is ahead.

        And at which port its till answers browsers, and whether it is ``sure`` of the time.
        """
        self._sure[peer] = sure
        self._cloud[peer] = cloud
        self._ahead_ms[peer] = ahead_ms
        self._screens[peer] = screens

    def understands(self, peer: str, language: int) -> None:
        """Note the newest language of events that a peer, or the cloud, understands."""
        self._speaks[peer] = language

    def speaks(self, own: int) -> int:
        """Return the newest language that everybody understands who was heard, now or before.

        Who is away comes back as it was, until it says otherwise or is out for ever.
        """
        return min([own, *self._speaks.values()])

    def forget(self, peer: str) -> None:
        """Drop a peer that is out for ever."""
        self._heard.pop(peer, None)
        self._cloud.pop(peer, None)
        self._ahead_ms.pop(peer, None)
        self._screens.pop(peer, None)
        self._sure.pop(peer, None)
        self._speaks.pop(peer, None)

    def live(self, now_s: float) -> set[str]:
        """Return the peers that live."""
        return {p for p, at_s in self._heard.items() if now_s - at_s < self._dead_after_s}

    def screens(self, brokers: Mapping[str, Address]) -> dict[str, str]:
        """Return where browsers find the tills of peers, dead ones too: beside their brokers.

        A browser finds no address that means another network on each machine.
        """
        return {
            peer: str(Address(at.host, port))
            for peer, at in brokers.items()
            if (port := self._screens.get(peer)) and "%" not in at.host
        }

    def knows_time(self, now_s: float) -> bool:
        """Tell whether a live peer is sure of the time."""
        return bool(self._sure_ones(now_s))

    def _sure_ones(self, now_s: float) -> set[str]:
        return {peer for peer in self.live(now_s) if self._sure.get(peer)}

    def off_ms(self, now_s: float, *, unsure: bool = False) -> int:
        """Return what the own clock lacks to the median of all clocks, the own one among them.

        Of two clocks neither is right, unless this one is ``unsure``: then the peers' median is,
        of those that are sure of the time if there are any. A sure one asks no other.
        """
        asked = self._sure_ones(now_s) or (self.live(now_s) if unsure else set())
        peers = sorted(self._ahead_ms[p] for p in asked if p in self._ahead_ms)
        if unsure and peers:
            return peers[len(peers) // 2]
        if len(peers) < CLOCKS_MIN - 1:
            return 0
        off_ms = sorted([0, *peers])[len(peers) // 2]
        return off_ms if abs(off_ms) >= OFF_MS_MIN else 0

    def online(self, now_s: float) -> set[str]:
        """Return the live peers that reach the cloud."""
        return {peer for peer in self.live(now_s) if self._cloud.get(peer)}
