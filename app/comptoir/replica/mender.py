"""What the disk changed is noticed, and asked for again: of peers in turn, or of the cloud.

The whole journal is looked through a little at a time, again and again; at once when something
could not be read. Nobody believes what was damaged meanwhile: it is refused by whom it is sent to.
"""

import logging
from collections.abc import Collection, Iterable, Mapping

from comptoir.bus import wire
from comptoir.domain.envelope import LogId, Sealed, Vector
from comptoir.journal import Journal, healing
from comptoir.replica.copies import CLOUD
from comptoir.replica.member import Member, Pace, Seconds
from comptoir.replica.voice import Voice

log = logging.getLogger(__name__)
LOOK_S, EVENTS, EVENTS_DOUBTED, EVENTS_IN_HASTE = 10.0, 50, 200, 2000
ANSWER_S = 3.0
MISSING_MAX = 100
CORRELATION = b"mend"


class Mender:
    """Looks after the own journal's events; all calls come from one thread."""

    def __init__(
        self, journal: Journal, member: Member, pace: Pace, voice: Voice, seconds: Seconds
    ) -> None:
        self._journal = journal
        self._member = member
        self._pace = pace
        self._voice = voice
        self._seconds = seconds
        self._place = healing.Place()
        self._look_s = self._ask_s = seconds()
        self._haste = False
        self._missing: list[healing.Place] = []
        self._turn = 0
        self._served: dict[str, tuple[LogId, int]] = {}
        self.mended = 0

    def hurry(self) -> None:
        """Look through everything now: something in the journal could not be read."""
        if not self._haste:
            self._haste, self._place, self._look_s = True, healing.Place(), self._seconds()

    def serves(self, peer: str, at: LogId, first: int) -> None:
        """Note what a peer asks for: if it asks again, it may not believe what it was given."""
        asked = (at, first)
        if self._served.get(peer) == asked:
            self._miss(
                healing.look(self._journal, healing.Place(*at, first - 1), EVENTS_DOUBTED)[0]
            )
        self._served[peer] = asked

    def work(self, claims: Mapping[str, Vector], holders: Collection[str]) -> None:
        """Look at some events, and ask for one that was changed, when it is time."""
        now_s = self._seconds()
        if now_s >= self._look_s:
            self._look()
            self._look_s = now_s if self._haste else now_s + LOOK_S
        if self._missing and now_s >= self._ask_s:
            self._ask(claims, holders)
            self._ask_s = now_s + ANSWER_S

    def _look(self) -> None:
        count = EVENTS_IN_HASTE if self._haste else EVENTS
        found, self._place = healing.look(self._journal, self._place, count)
        self._haste = self._haste and self._place != healing.Place()
        self._miss(found)

    def _miss(self, found: Iterable[healing.Place]) -> None:
        for place in found:
            if place not in self._missing and len(self._missing) < MISSING_MAX:
                self._missing.append(place)
                log.error("the disk changed %s; it is asked for again", "/".join(map(str, place)))

    def _ask(self, claims: Mapping[str, Vector], holders: Collection[str]) -> None:
        """Ask for the first, of the next who claims it; then it is another's turn."""
        place = self._missing.pop(0)
        self._missing.append(place)
        at = (place.terminal, place.epoch)
        able = [
            peer
            for peer in sorted(holders)
            if at in claims.get(peer, {}) and claims[peer][at].seq >= place.seq
        ]
        if not able:
            return
        self._turn += 1
        holder = able[self._turn % len(able)]
        pull = wire.Pull(*place, self._run_from(place), self._pace.bytes_max)
        if holder == CLOUD:
            self._voice.ask_cloud(pull)
        else:
            self._voice.ask(holder, pull, CORRELATION)

    def _run_from(self, place: healing.Place) -> int:
        """Return how many events in a row are missing: a day file that is lost takes many along."""
        missing, count = set(self._missing), 1
        while place._replace(seq=place.seq + count) in missing:
            count += 1
        return count

    def heard(self, batch: Iterable[Sealed]) -> None:
        """Put back what was asked for; whatever else comes changes nothing."""
        if not self._missing:
            return
        member = self._member
        done = healing.mend(
            self._journal, batch, restaurant=member.restaurant, trust=member.authors
        )
        self.mended += len(done)
        for place in done:
            log.warning("%s is as it was again", "/".join(map(str, place)))
        self._missing = [place for place in self._missing if place not in done]
        self._ask_s = self._seconds()
