"""How the printers are, as the devices program of this terminal says."""

import threading
from collections.abc import Callable

from comptoir.bus.wire import PrintersNow, unpack_json

SILENT_MS_MAX = 15_000
BACK_MS = 60_000
READY = "ready"
UNASKED = {"", "unknown"}


class PrinterBoard:
    """Keeps the newest report; ``update`` is called by the bus, the rest by the screens."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._lock = threading.Lock()
        self._report: PrintersNow | None = None
        self._back: dict[str, int] = {}

    def update(self, payload: bytes) -> None:
        """Take the bytes of a ``local/printers`` message; raises MessageRefused for others."""
        report = unpack_json(payload, PrintersNow)
        with self._lock:
            old, self._report = self._report, report
            before = {one.printer: one.state for one in old.printers} if old else {}
            for one in report.printers:
                if one.state == READY and before.get(one.printer, "") not in {READY, *UNASKED}:
                    self._back[one.printer] = report.at
        if old is None or old.printers != report.printers:
            self._notify()

    def report(self, now_ms: int) -> PrintersNow | None:
        """Return the newest report, None when the program has been silent for too long."""
        with self._lock:
            report = self._report
        return report if report and abs(now_ms - report.at) <= SILENT_MS_MAX else None

    def back(self, printer: str, now_ms: int) -> bool:
        """Tell whether a printer works again since a short while."""
        with self._lock:
            return now_ms - self._back.get(printer, now_ms - BACK_MS) < BACK_MS
