"""How this terminal is, as it tells the cloud whenever it asks for its mark."""

import shutil
from importlib.metadata import version
from pathlib import Path

from comptoir.bus import wire
from comptoir.domain.events import SPEAKS

SILENT_S_MAX = 15.0
LETTERS_MAX = 64


class Condition:
    """Gathers what the other programs say and what the disk is; times are monotonic seconds."""

    def __init__(self, disk: Path | None) -> None:
        self._disk = disk
        self._version = version("comptoir")[:LETTERS_MAX]
        self._printers: list[wire.PrinterNow] = []
        self._printers_s = -SILENT_S_MAX

    def heard_printers(self, payload: bytes, now_s: float) -> None:
        """Take what the devices program says; raises MessageRefused."""
        self._printers = wire.unpack_json(payload, wire.PrintersNow).printers
        self._printers_s = now_s

    def health(self, now_s: float, *, waiting: int, off_ms: int, time_known: bool) -> wire.Health:
        """Return how all of it is now."""
        usage = shutil.disk_usage(self._disk) if self._disk else None
        told = now_s - self._printers_s < SILENT_S_MAX
        return wire.Health(
            self._version,
            SPEAKS,
            usage.free if usage else 0,
            usage.total if usage else 0,
            waiting,
            off_ms,
            time_known,
            [_said(one) for one in self._printers[: wire.PRINTERS_MAX]] if told else None,
        )


def _said(one: wire.PrinterNow) -> wire.PrinterHealth:
    return wire.PrinterHealth(one.printer, one.state[:LETTERS_MAX], one.paper_low, one.waiting)
