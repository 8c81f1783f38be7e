"""What this terminal does about an update, as its updates program says; what it did, for keeps."""

import threading
from collections.abc import Callable

from comptoir.bus.wire import UpdateReport, UpdatesNow, unpack_json
from comptoir.commands.desk import Command
from comptoir.commands.updates import BeginUpdate, EndUpdate, TellSystem

SILENT_MS_MAX = 180_000  # reading a whole bundle keeps the program busy


class UpdateBoard:
    """Keeps the newest report; ``update`` is called by the bus, the rest by the screens."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._lock = threading.Lock()
        self._report: UpdatesNow | None = None

    def update(self, payload: bytes) -> None:
        """Take the bytes of a ``local/updates`` message; raises MessageRefused for others."""
        report = unpack_json(payload, UpdatesNow)
        with self._lock:
            old, self._report = self._report, report
        if old is None or old.step != report.step:
            self._notify()

    def report(self, now_ms: int) -> UpdatesNow | None:
        """Return the newest report, None when the program has been silent for too long."""
        with self._lock:
            report = self._report
        return report if report and abs(now_ms - report.at) <= SILENT_MS_MAX else None


def command_of(report: UpdateReport) -> Command:
    """Return what the till is to write down; a repeated report does nothing twice."""
    if report.version:
        return TellSystem(report.command, report.version, report.compatible)
    if report.outcome:
        return EndUpdate(report.command, report.bundle, report.outcome, report.why)
    return BeginUpdate(report.command, report.bundle)
