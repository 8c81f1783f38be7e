"""Projections compared: equal vectors must show the same restaurant, or somebody folds wrongly.

Who differs looks through its own aggregates, names those that are not what their events fold to,
and folds them anew.
"""

import logging
from collections.abc import Iterator

from comptoir.bus import wire
from comptoir.domain.envelope import Head, LogId, Vector
from comptoir.journal import Journal, folding, joining

log = logging.getLogger(__name__)
EVERY_S = 20.0
DIFFERENCES_MAX = 100


class Comparison:
    """Keeps the newest hash over the own projections; all calls come from one thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._vector: dict[LogId, Head] = {}
        self._digest = ""
        self._made_s: float | None = None
        self._looking: Iterator[list[str]] | None = None
        self._told: set[tuple[str, str]] = set()
        self.mended: list[str] = []

    def digest(self, own: Vector, now_s: float) -> str:
        """Return the hash at this vector; empty while the last one is younger than 20 s."""
        if own != self._vector:
            if self._made_s is not None and now_s - self._made_s < EVERY_S:
                return ""
            self._made_s = now_s
            if not joining.settled(self._journal):
                return ""
            self._vector, self._digest = folding.folded(self._journal)
        return self._digest if own == self._vector else ""

    def heard(self, peer: str, vector: wire.Vector, own: Vector, now_s: float) -> None:
        """Compare a peer's hash with the own one, if both are of the same events and code."""
        comparable = vector.whole and vector.folded and vector.fold == folding.version()
        if not comparable or wire.heads_of(vector.heads) != own:
            return
        mine = self.digest(own, now_s)
        key = (peer, mine + vector.folded)
        if not mine or mine == vector.folded or key in self._told:
            return
        if len(self._told) < DIFFERENCES_MAX:
            self._told.add(key)
            log.error("%s shows other projections of the same events; looking for mine", peer)
            self._looking = self._looking or folding.stale(self._journal)

    def look(self) -> None:
        """Look through the next aggregates, while a difference is being looked for."""
        if self._looking is None:
            return
        wrong = next(self._looking, None)
        if wrong is None:
            self._looking = None
        elif wrong:
            log.error("folded anew, they were not what their events say: %s", ", ".join(wrong))
            folding.refold(self._journal, wrong)
            self.mended += wrong[: DIFFERENCES_MAX - len(self.mended)]
            self._vector, self._made_s = {}, None
