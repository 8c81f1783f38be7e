"""A terminal of a system test on a disk whose write cache forgets when the power goes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.power.served import Served
from tests.power.volatile import Flushes
from tests.system.box import Box


class PluggedBox(Box):
    """A terminal whose plug can be pulled. Each start draws the cut that ends it from a seed."""

    def __init__(
        self, image: Path, folder: Path, *, enrolment: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__("cm4", image, folder, enrolment=enrolment)
        self._served: Served | None = None
        self.seed = 0
        self.flushes = Flushes.KEPT
        self.recording: Path | None = None

    @property
    def disk(self) -> Path:
        """The disk as the power left it; while it runs, what was flushed."""
        return self.machine.disk

    def power_on(self, *, tryboot: bool = False) -> None:
        self._served = Served(self.disk, self.seed, self.flushes, self.recording)
        self._served.start()
        self.machine = replace(self.machine, served_at=self._served.address)
        super().power_on(tryboot=tryboot)

    def kill(self) -> None:
        """Pull the plug."""
        super().kill()
        served, self._served = self._served, None
        if served is not None:
            try:
                served.wait_cut()
            finally:
                served.stop()
