"""A bound on bytes per second, so that the till does not feel an update."""

import threading
import time
from collections.abc import Callable

IDLE_S_MAX = 1.0  # what was not used so long ago is not made up for


class Rate:
    """Lets bytes pass at a rate; who asks for more waits."""

    def __init__(
        self,
        bytes_s: int,
        seconds: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._bytes_s = bytes_s
        self._seconds = seconds
        self._pause = pause
        self._lock = threading.Lock()
        self._free_s = seconds()

    def lasts_s(self, count: int) -> int:
        """Return how many seconds so many bytes take, if all of them come."""
        return -(-count // self._bytes_s)

    def spend(self, count: int) -> None:
        """Return once so many bytes may pass."""
        with self._lock:
            now_s = self._seconds()
            self._free_s = max(self._free_s, now_s - IDLE_S_MAX) + count / self._bytes_s
            wait_s = self._free_s - now_s
        if wait_s > 0:
            self._pause(wait_s)
