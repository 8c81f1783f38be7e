"""How a terminal said it was when the cloud last heard it, and what of that is not right."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from comptoir.bus.wire import Health

DISK_PERCENT_MIN = 10
FINE = {"ready", "unknown"}


class Trouble(StrEnum):
    """What somebody should look at."""

    DISK = "disk"
    PRINTER = "printer"
    CLOCK = "clock"


class Told(Struct, frozen=True):
    """``at_ms`` is by the cloud's clock."""

    at_ms: int
    health: Health

    @property
    def troubles(self) -> frozenset[Trouble]:
        """Return what is not right."""
        return frozenset(_troubles(self.health))


def _troubles(health: Health) -> Iterator[Trouble]:
    if health.disk_free * 100 < health.disk_size * DISK_PERCENT_MIN:
        yield Trouble.DISK
    if any(one.state not in FINE for one in health.printers or []):
        yield Trouble.PRINTER
    if health.off_ms or not health.time_known:
        yield Trouble.CLOCK
