"""What guests were told: each event acknowledged, how safe it was said to be, and money."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comptoir.domain.envelope import LogId

SAFE_LEVELS = frozenset({"safe", "cloud"})


def log_of(name: str) -> LogId:
    """Return the log that a report names ``t1/1``."""
    terminal, _, epoch = name.partition("/")
    return terminal, int(epoch)


@dataclass
class Ledger:
    """Filled by many guests at once.

    ``told`` are acknowledged events, ``safe`` is how far each log was said to be SAFE, ``asked``
    and ``paid`` are payments: asked for before, told to be taken after. ``safe_after`` is how many
    seconds it took until what was SOLO at first was said to be SAFE.
    """

    told: set[tuple[LogId, int]] = field(default_factory=set)
    safe: dict[LogId, int] = field(default_factory=dict)
    asked: dict[str, tuple[str, int]] = field(default_factory=dict)
    paid: dict[str, tuple[str, int]] = field(default_factory=dict)
    solo: int = 0
    refused: list[str] = field(default_factory=list)
    safe_after: list[float] = field(default_factory=list)
    _waiting: dict[LogId, list[tuple[int, float]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, events: Iterable[Mapping[str, int | str]], level: str) -> None:
        """Note an answer to a command: these events are on disk, and that safe."""
        with self._lock:
            for event in events:
                log = (str(event["terminal"]), int(event["epoch"]))
                seq = int(event["seq"])
                fresh = (log, seq) not in self.told
                self.told.add((log, seq))
                if level in SAFE_LEVELS:
                    self._is_safe(log, seq)
                elif fresh:
                    self.solo += 1
                    self._waiting.setdefault(log, []).append((seq, time.monotonic()))

    def heard(self, marks: Mapping[str, int]) -> None:
        """Note how far a till says that logs are SAFE."""
        with self._lock:
            for name, seq in marks.items():
                self._is_safe(log_of(name), seq)

    def _is_safe(self, log: LogId, seq: int) -> None:
        self.safe[log] = max(seq, self.safe.get(log, 0))
        waiting = self._waiting.pop(log, [])
        now_s = time.monotonic()
        self.safe_after += [now_s - since_s for at, since_s in waiting if at <= seq]
        if left := [one for one in waiting if one[0] > seq]:
            self._waiting[log] = left

    def waiting(self) -> int:
        """Return how many acknowledged events nobody said yet to be SAFE."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def asks(self, payment: str, check: str, amount: int) -> None:
        self.asked[payment] = (check, amount)

    def pays(self, payment: str, check: str, amount: int) -> None:
        self.paid[payment] = (check, amount)

    def refuses(self, why: str) -> None:
        self.refused.append(why)

    def safe_marks(self) -> dict[LogId, int]:
        with self._lock:
            return dict(self.safe)

    def safe_events(self) -> int:
        """Return how many acknowledged events were said to be SAFE, then or later."""
        with self._lock:
            return sum(seq <= self.safe.get(log, 0) for log, seq in self.told)
