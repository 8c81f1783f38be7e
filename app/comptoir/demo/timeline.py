"""What happened, in order, for the page: a bounded list of lines with their seconds."""

import threading
import time
from collections import deque
from dataclasses import dataclass

ENTRIES_MAX = 200
PLAIN, GOOD, BAD = "", "good", "bad"


@dataclass(slots=True)
class Entry:
    """One line; ``at`` in seconds since the demo began. The text may be completed later."""

    at: float
    text: str
    tone: str = PLAIN


class Timeline:
    """The demo's own clock and its story."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._entries: deque[Entry] = deque(maxlen=ENTRIES_MAX)
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return seconds since the demo began."""
        return time.monotonic() - self._began

    def tell(self, text: str, tone: str = PLAIN) -> Entry:
        """Add a line."""
        entry = Entry(self.now(), text, tone)
        with self._lock:
            self._entries.append(entry)
        return entry

    def entries(self) -> list[Entry]:
        """Return the lines, oldest first."""
        with self._lock:
            return list(self._entries)
