"""What is known about copies: which events are SAFE, which are in the cloud, who is alive.

The replica program says so in the retained message ``local/safety``; here it is looked up.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from comptoir.bus.wire import Newest, Safety, unpack_json
from comptoir.domain.envelope import LogId, Vector
from comptoir.domain.events import FIRST_LANGUAGE, Event

NOTHING = Newest(0, 0)


class Level(StrEnum):
    """How safe an event is: on this disk; on no other, as far as is known; on enough; in the cloud.

    LOCAL is said while the replica program has told nothing at all.
    """

    LOCAL = "local"
    SOLO = "solo"
    SAFE = "safe"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class Standing:
    """The strip's figures: events not yet safe or not in the cloud, and who is alive.

    ``away_since_ms``: since when the cloud does not answer, 0 while it does.
    """

    known: bool = False
    peers: tuple[str, ...] = ()
    unsafe: int = 0
    cloud: bool = False
    cloud_behind: int = 0
    away_since_ms: int = 0


def key(log: LogId) -> str:
    """Return the name of a log in the message."""
    return f"{log[0]}/{log[1]}"


class SafetyBoard:
    """Keeps the newest report; ``update`` is called by the bus, the rest by the screens."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._condition = threading.Condition()
        self._report: Safety | None = None
        self._fruitless: Safety | None = None
        self._mute: dict[str, Newest] = {}

    def update(self, payload: bytes) -> None:
        """Take the bytes of a ``local/safety`` message; raises MessageRefused for others."""
        report = unpack_json(payload, Safety)
        with self._condition:
            self._report = report
            self._condition.notify_all()
        self._notify()

    @property
    def report(self) -> Safety | None:
        """Return the newest report, None before the first."""
        return self._report

    @property
    def away_since_ms(self) -> int:
        """Return since when the cloud does not answer, 0 while it does."""
        return self._report.away_since_ms if self._report else 0

    @property
    def time_known(self) -> bool:
        """Tell whether this terminal or a live peer knows what time it is, as far as was told."""
        return self._report is not None and self._report.time_known

    @property
    def speaks(self) -> int:
        """Return the newest language of events that all who were heard understand."""
        return self._report.speaks if self._report else FIRST_LANGUAGE

    @property
    def peers(self) -> tuple[str, ...]:
        """Return the other terminals that live."""
        return tuple(self._report.peers) if self._report else ()

    def level(self, log: LogId, seq: int) -> Level:
        """Return how safe one event is."""
        report = self._report
        if report is None:
            return Level.LOCAL
        if report.cloud.get(key(log), 0) >= seq:
            return Level.CLOUD
        return Level.SAFE if report.safe.get(key(log), 0) >= seq else Level.SOLO

    def wait(self, events: Iterable[Event], timeout_ms: int) -> Level:
        """Return the level of the newest event, waiting for SAFE while a peer could answer.

        After a wait in vain nobody waits again before the replica program has said something new.
        """
        heads = [((e.envelope.terminal, e.envelope.epoch), e.envelope.seq) for e in events]
        if not heads:
            return Level.LOCAL
        log, seq = max(heads, key=lambda head: head[1])
        with self._condition:
            if not self._condition.wait_for(lambda: self._settled(log, seq), timeout_ms / 1000):
                self._fruitless = self._report
        return self.level(log, seq)

    def _settled(self, log: LogId, seq: int) -> bool:
        report = self._report
        if report is None or not report.peers or report is self._fruitless:
            return True
        return self.level(log, seq) in {Level.SAFE, Level.CLOUD}

    def unanswered(self, event: Event, timeout_ms: int) -> tuple[str, ...]:
        """Return the live peers that may still hide what they wrote before an own event.

        The others have stored the event, and all that they wrote before is here. Who did not
        answer in time is not waited for again until they answer what was asked then.
        """
        asked = Newest(event.envelope.epoch, event.envelope.seq)
        with self._condition:
            self._condition.wait_for(lambda: not self._silent(asked), timeout_ms / 1000)
            silent = self._silent(asked)
            self._mute |= dict.fromkeys(silent, asked)
        return silent

    def _silent(self, asked: Newest) -> tuple[str, ...]:
        report = self._report
        if report is None:
            return ()
        heard = {peer: report.answered.get(peer, NOTHING) for peer in report.peers}
        self._mute = {p: at for p, at in self._mute.items() if _less(heard.get(p, NOTHING), at)}
        return tuple(p for p, at in heard.items() if _less(at, asked) and p not in self._mute)

    def standing(self, vector: Vector) -> Standing:
        """Return the strip's figures for everything held here."""
        report = self._report
        if report is None:
            return Standing()
        return Standing(
            known=True,
            peers=tuple(report.peers),
            unsafe=_beyond(vector, report.safe, report.cloud),
            cloud=bool(report.cloud),
            cloud_behind=_beyond(vector, report.cloud),
            away_since_ms=report.away_since_ms,
        )


def _less(one: Newest, other: Newest) -> bool:
    return (one.epoch, one.seq) < (other.epoch, other.seq)


def _beyond(vector: Vector, *marks: dict[str, int]) -> int:
    reached = {log: max(mark.get(key(log), 0) for mark in marks) for log in vector}
    return sum(max(0, head.seq - reached[log]) for log, head in vector.items())
