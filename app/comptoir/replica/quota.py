"""How much a peer may say: what comes beyond is not looked at, and vectors repair what was true."""

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)
MESSAGES_S, MESSAGES_BURST = 200, 1000
BYTES_S, BYTES_BURST = 256 * 1024, 4 * 1024 * 1024
REFUSED_MAX = 1000  # messages, until the link to who sends them is closed
REST_S = 30.0


@dataclass(slots=True)
class _Account:
    """What a peer may still send now, what was refused, and until when it is not listened to."""

    seen_s: float
    messages: float = MESSAGES_BURST
    size: float = BYTES_BURST
    refused: int = 0
    rests_s: float = 0.0

    def refill(self, now_s: float) -> None:
        passed_s, self.seen_s = now_s - self.seen_s, now_s
        self.messages = min(MESSAGES_BURST, self.messages + passed_s * MESSAGES_S)
        self.size = min(BYTES_BURST, self.size + passed_s * BYTES_S)
        if self.messages >= MESSAGES_BURST and self.size >= BYTES_BURST:
            self.refused = 0


class Quota:
    """Messages and bytes that nobody asked for, counted for each peer; times are monotonic."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}

    def takes(self, peer: str, size: int, now_s: float) -> bool:
        """Tell whether one more message of ``size`` bytes is looked at."""
        account = self._accounts.setdefault(peer, _Account(now_s))
        account.refill(now_s)
        if account.messages >= 1 and account.size >= size:
            account.messages -= 1
            account.size -= size
            return True
        account.refused += 1
        if account.refused == 1:
            log.warning("%s sends more than a terminal may: not all of it is looked at", peer)
        if account.refused % REFUSED_MAX == 0:
            account.rests_s = now_s + REST_S
        return False

    def resting(self, now_s: float) -> set[str]:
        """Return the peers to whose brokers no link is kept for now: they flood."""
        return {peer for peer, account in self._accounts.items() if account.rests_s > now_s}

    def forget(self, peer: str) -> None:
        """Drop a peer that is out for ever."""
        self._accounts.pop(peer, None)
