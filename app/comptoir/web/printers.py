"""How the printers are, as the devices program of this terminal says."""

import threading
from collections.abc import Callable

from comptoir.bus.wire import PrintersNow, unpack_json

SILENT_MS_MAX = 15_000


class PrinterBoard:
    """Keeps the newest report; ``update`` is called by the bus, the rest by the screens."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._lock = threading.Lock()
        self._report: PrintersNow | None = None

    def update(self, payload: bytes) -> None:
        """Take the bytes of a ``local/printers`` message; raises MessageRefused for others."""
        report = unpack_json(payload, PrintersNow)
        with self._lock:
            old, self._report = self._report, report
        if old is None or old.printers != report.printers:
            self._notify()

    def report(self, now_ms: int) -> PrintersNow | None:
        """Return the newest report, None when the program has been silent for too long."""
        with self._lock:
            report = self._report
        return report if report and abs(now_ms - report.at) <= SILENT_MS_MAX else None
