"""C4: the cloud was away; thousands of restaurants come back at once with what they sold meanwhile.

Each has a connection of its own, as a bridge has. One Mosquitto, PostgreSQL that syncs to its disk,
two workers, all on this computer.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from comptoir.bus import Address
from comptoir.replica.uplink import Uplink
from comptoir.settings import Settings
from tests.fakes.broker import Broker
from tests.fakes.fleet import Fleet
from tests.fakes.postgres import Postgres
from tests.fakes.workers import Workers
from tests.faults.cloud_kills import (
    LOOK_S,
    WORKERS,
    patience_s,
    program,
    registered,
    until,
    without,
    wrong_rows,
)
from tests.faults.controls import put

BEFORE, SOLD = 2, 20
PATIENCE_S, MIB_OF_KIB = 600.0, 1024
STALL_S = Settings().mark_stall_s
BROKER = "max_inflight_messages 2000\nmax_queued_messages 100000\n"


@contextmanager
def no_resend() -> Iterator[None]:
    """Let restaurants believe that what their link took has arrived."""
    with ExitStack() as stack:
        stack.enter_context(without("no-resend")())
        stack.enter_context(put(Uplink, "connection_lost", lambda _: None))
        stack.enter_context(put(sys.modules[__name__], "STALL_S", PATIENCE_S))
        yield


class Crowded:
    """A cloud on one host, and restaurants that each have a connection."""

    def __init__(self, folder: Path, houses: int, stack: ExitStack) -> None:
        server = stack.enter_context(Postgres(durable=True))
        self.dsn = server.database()
        staff = registered(self.dsn, houses)
        self.broker = Broker(folder / "broker", extra=BROKER)
        self.broker.start()
        stack.callback(self.broker.kill)
        self.workers = Workers(self.broker, self.dsn, folder, WORKERS, program=program())
        self.workers.start_all()
        stack.callback(self.workers.end)
        self.workers.wait_ready()
        at = Address("127.0.0.1", self.broker.local_port)
        self.fleet = Fleet(at, staff, BEFORE + SOLD, crowd=True, stall_s=STALL_S)
        self.fleet.made = BEFORE
        self.fleet.start()
        stack.callback(self.fleet.stop)

    def come_back(self, never_s: float) -> tuple[list[float], int]:
        """Let the cloud die, all sell, and all return; returns seconds until each is drained,
        in order, and the most KiB of memory that the broker had."""
        self.broker.kill()
        for number in range(1, WORKERS + 1):
            self.workers.kill(number)
        self.fleet.whole_s.clear()
        self.fleet.made += SOLD
        self.broker.start()
        self.workers.start_all()  # until they listen, what a broker takes is lost
        begin_s, most = time.monotonic(), 0
        while not self.fleet.done() and time.monotonic() - begin_s < never_s:
            most = max(most, self.broker.resident_kib())
            time.sleep(LOOK_S)
        return sorted(one - begin_s for one in self.fleet.whole_s.values()), most


def play(houses: int, counts: Counter[str]) -> list[str]:
    """Play it with so many restaurants; returns what was wrong."""
    never_s = patience_s(PATIENCE_S)
    with tempfile.TemporaryDirectory(prefix="comptoir-cloud-") as folder, ExitStack() as stack:
        cloud = Crowded(Path(folder), houses, stack)
        if not until(cloud.fleet.done, PATIENCE_S):
            return ["not all were taken in before anything happened"]
        took_s, kib = cloud.come_back(never_s)
        counts["restaurants"] += houses
        if took_s:
            worst_s = round(took_s[len(took_s) * 99 // 100])
            counts["seconds until drained (p99)"] = worst_s
        counts["MiB of the broker at most"] = kib // MIB_OF_KIB
        left = houses - len(took_s)
        faults = [f"{left} of {houses} were never drained"] if left else []
        return faults + wrong_rows(cloud.dsn, houses, BEFORE + SOLD, counts)
