"""Where peers are looked for: at the address that is written down, and by name on this network.

Names are answered by the peers themselves (mDNS), so they hold without a router, and after one has
given out other addresses. Who answers must show the peer's certificate, wherever that was.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from comptoir.bus import Address
from comptoir.replica.peerbook import PeerBook

TURN_S = 10.0  # at one place without a link, before the other is tried
Named = Callable[[str], Address]


def places(peer: str, written: Mapping[str, Address], named: Named | None) -> list[Address]:
    """Return where a peer may be: at its address, and by its name if names are asked for."""
    found = [written[peer]] if peer in written else []
    return [*found, named(peer)] if named else found


@dataclass(slots=True)
class _Search:
    since_s: float
    turn: int = 0


class Whereabouts:
    """Picks the place of each peer; one that is linked keeps its own."""

    def __init__(self, book: PeerBook, named: Named | None) -> None:
        self._book = book
        self._named = named
        self._searches: dict[str, _Search] = {}

    def addresses(
        self, peers: Collection[str], linked: Collection[str], now_s: float
    ) -> Mapping[str, Address]:
        """Return where each of these peers is to be looked for now; without a place it is not."""
        written = self._book.addresses()
        found: dict[str, Address] = {}
        for peer in peers:
            if may_be := places(peer, written, self._named):
                turn = self._turn(peer, now_s, linked=peer in linked)
                found[peer] = may_be[turn % len(may_be)]
        return found

    def _turn(self, peer: str, now_s: float, *, linked: bool) -> int:
        search = self._searches.setdefault(peer, _Search(now_s))
        if linked:
            search.since_s = now_s
        elif now_s - search.since_s >= TURN_S:
            search.since_s, search.turn = now_s, search.turn + 1
        return search.turn
