"""Who lives: a peer is dead when nothing was heard of it for some heartbeats."""


class Liveness:
    """Remembers when each peer was heard last; times are monotonic seconds."""

    def __init__(self, dead_after_s: float) -> None:
        self._dead_after_s = dead_after_s
        self._heard: dict[str, float] = {}
        self._cloud: dict[str, bool] = {}

    def heard(self, peer: str, now_s: float) -> None:
        """Note a sign of life."""
        self._heard[peer] = now_s

    def says(self, peer: str, *, cloud: bool) -> None:
        """Note whether a peer says that the cloud answers it."""
        self._cloud[peer] = cloud

    def forget(self, peer: str) -> None:
        """Drop a peer that is out for ever."""
        self._heard.pop(peer, None)
        self._cloud.pop(peer, None)

    def live(self, now_s: float) -> set[str]:
        """Return the peers that live."""
        return {p for p, at_s in self._heard.items() if now_s - at_s < self._dead_after_s}

    def online(self, now_s: float) -> set[str]:
        """Return the live peers that reach the cloud."""
        return {peer for peer in self.live(now_s) if self._cloud.get(peer)}
