"""Slows down guessing: after a few wrong PINs the next tries must wait, longer each time."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from comptoir.domain.errors import DomainError

FREE_FAILURES = 4
WAIT_FIRST_MS = 5_000
WAIT_MS_MAX = 5 * 60 * 1000
KEYS_MAX = 1024


class TriesExhausted(DomainError):
    """Too many wrong PINs; says how long to wait."""

    code = "too-many-tries"
    status = 429

    def __init__(self, wait_ms: int) -> None:
        self.wait_s = -(-wait_ms // 1000)
        super().__init__(f"Too many wrong PINs. Wait {self.wait_s} seconds, then try again.")


@dataclass(slots=True)
class _Record:
    failures: int = 0
    until_ms: int = 0


class Throttle:
    """Counts failures per key (a person, an address); bounded, the oldest key is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def check(self, *keys: str, now_ms: int) -> None:
        """Raise TriesExhausted when one of the keys still has to wait."""
        with self._lock:
            waits = [self._records[key].until_ms - now_ms for key in keys if key in self._records]
        if (wait_ms := max(waits, default=0)) > 0:
            raise TriesExhausted(wait_ms)

    def failed(self, *keys: str, now_ms: int) -> None:
        """Note a wrong PIN."""
        with self._lock:
            for key in keys:
                record = self._records.setdefault(key, _Record())
                self._records.move_to_end(key)
                record.failures += 1
                over = record.failures - FREE_FAILURES
                if over > 0:
                    wait_ms = min(WAIT_FIRST_MS << min(over - 1, 10), WAIT_MS_MAX)
                    record.until_ms = now_ms + wait_ms
            while len(self._records) > KEYS_MAX:
                self._records.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of keys whose PIN was right."""
        with self._lock:
            for key in keys:
                self._records.pop(key, None)
