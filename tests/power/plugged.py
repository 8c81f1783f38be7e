"""A terminal of a system test on a disk whose write cache forgets when the power goes."""

from dataclasses import replace
from pathlib import Path

from tests.power.served import Served
from tests.power.told import Witness
from tests.power.volatile import Flushes
from tests.system.box import Box

TERMINAL = "t1"
ENROLMENT = {
    "restaurant": {"id": "r1", "name": "Chez Test", "currency": "EUR", "timezone": "Europe/Paris"},
    "terminal": {"id": TERMINAL, "letter": "A", "name": "Bar"},
}


class PluggedBox(Witness, Box):
    """A terminal alone, whose plug can be pulled: what survives is drawn from ``seed``.

    With ``cut_after`` the power goes by itself at that write of the disk after the next start.
    """

    def __init__(self, image: Path, folder: Path, *, keep_disk: bool = False) -> None:
        Box.__init__(self, "cm4", image, folder, enrolment=ENROLMENT, keep_disk=keep_disk)
        self._served: Served | None = None
        self.seed = 0
        self.cut_after = 0
        self.flushes = Flushes.KEPT

    @property
    def disk(self) -> Path:
        """The disk as the power left it; while it runs, what was flushed."""
        return self.machine.disk

    @property
    def has_power(self) -> bool:
        """Tell whether it still runs."""
        return self._served is not None and not self._served.is_cut

    def power_on(self, *, tryboot: bool = False) -> None:
        self._served = Served(
            self.disk, self.seed, self.flushes, self.recording, cut_after=self.cut_after
        )
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
