"""News of the journal: whoever shows something waits here until it may have changed."""

import threading
from collections.abc import Callable


class Changes:
    """A counter that threads wait on; notified after own commits, foreign events, new safety."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0
        self._closed = False
        self._ending: list[Callable[[], None]] = []

    @property
    def count(self) -> int:
        """Return how often there was news so far."""
        return self._count

    @property
    def closed(self) -> bool:
        """Tell whether the till is stopping."""
        return self._closed

    def notify(self) -> None:
        """Wake everyone; returns at once."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def close(self) -> None:
        """Wake everyone for good: the till stops."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        for tell in self._ending:
            tell()

    def on_close(self, tell: Callable[[], None]) -> None:
        """Call this, too, when the till stops; it must not block."""
        self._ending.append(tell)

    def wait(self, seen: int, timeout_s: float) -> int:
        """Return the count once it differs from ``seen``, or after the timeout."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._count != seen, timeout_s)
            return self._count
