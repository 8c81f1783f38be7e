"""Who uploads, and what: a window past the cloud's mark, sent once, and again only when it stalls.

Mosquitto's bridge queues in RAM and may lose all of it; only the mark, which the cloud sends after
its database committed, tells what arrived. So loss costs time, never events.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from comptoir.domain.envelope import Head, LogId, Vector

ANSWER_S_MAX = 12.0
ASK_S, ASK_IDLE_S, ASK_DOWN_S = 5.0, 10.0, 2.0
RESENDS_BEFORE_RESTART = 3
RESTART_S_MIN = 600.0
NEVER_HEARD_S = 45.0
NEVER = float("inf")


class Span(NamedTuple):
    """Events of a log to send: seq ``first`` to ``last``, both included."""

    log: LogId
    first: int
    last: int


@dataclass(slots=True)
class LogState:
    """One log on its way: what was sent since the connection began, and when it last moved."""

    mark: int = 0
    sent: int = 0
    moved_s: float = 0.0
    behind_s: float | None = None
    resent: int = 0


@dataclass(slots=True)
class Uplink:
    """Decides, on monotonic seconds; the caller sends, and tells what it heard."""

    window: int
    stall_s: float
    _logs: dict[LogId, LogState] = field(default_factory=dict)
    _heard_s: float | None = None
    _asked_s: float | None = None
    _restart_s: float | None = None
    _began_s: float | None = None

    def reachable(self, now_s: float) -> bool:
        """Tell whether the cloud has answered lately."""
        return self._heard_s is not None and now_s - self._heard_s < ANSWER_S_MAX

    def connection_lost(self) -> None:
        """Forget what was sent: the broker that held it in RAM is gone."""
        self._heard_s = self._asked_s = None
        for state in self._logs.values():
            state.sent = state.mark

    def marked(self, mark: Mapping[LogId, Head], now_s: float) -> None:
        """Take the cloud's mark; it may go back when the cloud was restored."""
        self._heard_s, self._began_s = now_s, NEVER
        for log in mark.keys() | self._logs.keys():
            state = self._logs.setdefault(log, LogState())
            seq = mark[log].seq if log in mark else 0
            if seq != state.mark:
                state.moved_s, state.behind_s, state.resent = now_s, None, 0
                state.sent = seq if seq < state.mark else max(seq, state.sent)
                state.mark = seq

    def should_ask(self, now_s: float, *, active: bool) -> bool:
        """Tell whether to ask for the mark now: often while nobody answers, else seldom."""
        quiet_s = ASK_DOWN_S
        if self.reachable(now_s):
            quiet_s = ASK_S if active else ASK_IDLE_S
        last_s = max(self._heard_s or 0.0, self._asked_s or 0.0)
        if self._asked_s is not None and now_s - last_s < quiet_s:
            return False
        self._asked_s = now_s
        if self._began_s is None:
            self._began_s = now_s
        return True

    def active(self, me: str, online_peers: Collection[str], own: Vector, now_s: float) -> bool:
        """Tell whether this terminal uploads: the lowest id online, or when the mark lags."""
        self._note_lag(own, now_s)
        if not self.reachable(now_s):
            return False
        lowest = all(me < peer for peer in online_peers)
        return lowest or any(
            state.behind_s is not None and now_s - state.behind_s >= self.stall_s
            for state in self._logs.values()
        )

    def _note_lag(self, own: Vector, now_s: float) -> None:
        for log, head in own.items():
            state = self._logs.setdefault(log, LogState())
            if head.seq <= state.mark:
                state.behind_s = None
            elif state.behind_s is None:
                state.behind_s = now_s

    def waiting(self, own: Vector) -> int:
        """Return how many events held here the cloud has not said to hold."""
        marks = {log: state.mark for log, state in self._logs.items()}
        return sum(max(0, head.seq - marks.get(log, 0)) for log, head in own.items())

    def due(self, own: Vector, now_s: float) -> list[Span]:
        """Return what to send now; call ``sent`` for each span that went out."""
        room = self.window - sum(max(0, s.sent - s.mark) for s in self._logs.values())
        spans = []
        for log, head in sorted(own.items()):
            state = self._logs.setdefault(log, LogState())
            if state.sent > state.mark and now_s - state.moved_s >= self.stall_s:
                room += state.sent - state.mark
                state.sent, state.moved_s = state.mark, now_s
                state.resent += 1
            last = min(head.seq, state.sent + room)
            if last > state.sent:
                spans.append(Span(log, state.sent + 1, last))
                room -= last - state.sent
        return spans

    def sent(self, log: LogId, last: int, now_s: float) -> None:
        """Note that events up to ``last`` went out."""
        state = self._logs[log]
        if state.sent == state.mark:
            state.moved_s = now_s
        state.sent = last

    def unheard(self, now_s: float) -> bool:
        """Tell, once, that the cloud was asked for long and never heard.

        A bridge of Mosquitto 2.0.21 that begins while the network comes up may hang for good;
        a cloud that was heard once is away, and the bridge tries again by itself.
        """
        if self._began_s is None or now_s - self._began_s < NEVER_HEARD_S:
            return False
        self._began_s = NEVER
        return True

    def stuck(self, now_s: float) -> bool:
        """Tell, seldom, that the cloud answers and yet nothing arrives: restart the bridge.

        A single log that the cloud refuses is no reason while others move.
        """
        late = [s for s in self._logs.values() if s.behind_s is not None]
        over = bool(late) and all(s.resent >= RESENDS_BEFORE_RESTART for s in late)
        if not over or (self._restart_s is not None and now_s - self._restart_s < RESTART_S_MIN):
            return False
        self._restart_s = now_s
        return True
