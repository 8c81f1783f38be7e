"""When the bridge's certificate is renewed: well before its end, again and again, never in haste.

It lives seven days. From the third day on the cloud is asked, so that it may be away for days.
"""

from dataclasses import dataclass
from typing import Protocol

from comptoir.bus import wire

DAY_MS = 86_400_000
LEFT_MS_MIN = 4 * DAY_MS
LEFT_MS_MAX = 8 * DAY_MS  # one of an older enrolment: good for years, whoever holds it
RETRY_S, RETRY_S_MAX = 60.0, 3600.0
UNSURE_S = 3 * 86_400.0
NEVER = float("-inf")


class Paper(Protocol):
    """The bridge's certificate."""

    def ends_ms(self) -> int:
        """Return when it ends, in milliseconds since 1970; 0 where the cloud wants none."""
        ...

    def names_client(self) -> bool:
        """Tell whether it says its bridge's client id."""
        ...

    def ask(self) -> wire.Renew:
        """Return the request for the next one."""
        ...

    def take(self, certificate: bytes) -> bool:
        """Put an answer in its place; tells whether it was one."""
        ...


@dataclass(slots=True)
class Renewal:
    """Decides, on monotonic seconds and the time of day; the caller sends and tells the answer."""

    paper: Paper
    ends_ms: int = 0
    _names_client: bool = True
    _asked_s: float = NEVER
    _pause_s: float = RETRY_S
    _taken_s: float = NEVER

    def __post_init__(self) -> None:
        self._look()

    def _look(self) -> None:
        self.ends_ms = self.paper.ends_ms()
        self._names_client = bool(self.ends_ms) and self.paper.names_client()

    def request(self, now_s: float, now_ms: int, *, time_known: bool) -> wire.Renew | None:
        """Return what to ask the cloud now; None while nothing is due.

        Unanswered, the next one waits twice as long, an hour at most.
        """
        if now_s < self._asked_s + self._pause_s or not self._due(now_s, now_ms, time_known):
            return None
        self._pause_s = RETRY_S if self._asked_s == NEVER else min(2 * self._pause_s, RETRY_S_MAX)
        self._asked_s = now_s
        return self.paper.ask()

    def _due(self, now_s: float, now_ms: int, time_known: bool) -> bool:
        if not self.ends_ms:
            return False
        if not time_known:  # the dates say nothing; the cloud knows the time
            return now_s - self._taken_s >= UNSURE_S
        return not self._names_client or not LEFT_MS_MIN < self.ends_ms - now_ms < LEFT_MS_MAX

    def answered(self, certificate: bytes, now_s: float) -> bool:
        """Take the cloud's answer; tells whether it was this terminal's."""
        if not self.paper.take(certificate):
            return False
        self._look()
        self._asked_s = self._taken_s = now_s
        self._pause_s = RETRY_S_MAX  # should the cloud's clock and this one's disagree
        return True
